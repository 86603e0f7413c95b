//! Listings, while mdBook works.
//!
//! mdBook reads all HTML of a page, makes it anew, and puts every word of it into the index of the
//! search. For code this is slow and of no use: the index became three times as large as that of
//! the prose, and every search found listings. So code is set aside; the page has a mark in its
//! place, and when mdBook is done, the code is put where the mark is.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use crate::Result;

/// How a mark begins and ends; its number is between.
const START: &str = "<div data-shelf=\"";
const END: &str = "\"></div>";

/// The page that is all pages, for a printer.
const PRINTED: &str = "print.html";

/// What stands there instead of what is too long for paper.
const UNPRINTED: &str = "<p>Not on paper: this is in the book on the screen.</p>";

/// HTML that is set aside.
#[derive(Debug, Default)]
pub struct Shelf(RefCell<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    html: String,
    is_printed: bool,
}

impl Shelf {
    /// Sets `html` aside; returns the mark to be put in its place.
    pub fn put(&self, html: String) -> String {
        self.keep(Kept { html, is_printed: true })
    }

    /// The same, for what is too long for paper.
    pub fn put_unprinted(&self, html: String) -> String {
        self.keep(Kept { html, is_printed: false })
    }

    fn keep(&self, kept: Kept) -> String {
        let mut all = self.0.borrow_mut();
        all.push(kept);
        format!("{START}{}{END}", all.len() - 1)
    }

    /// Replaces the marks in all pages below `folder`.
    pub fn fill(&self, folder: &Path) -> Result<()> {
        let cannot = |error| format!("cannot put listings into {}: {error}", folder.display());
        for entry in fs::read_dir(folder).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            if path.is_dir() {
                self.fill(&path)?;
            } else if path.extension().is_some_and(|extension| extension == "html") {
                let page = fs::read_to_string(&path).map_err(cannot)?;
                let is_printed = path.ends_with(PRINTED);
                fs::write(&path, self.filled_for(&page, is_printed)).map_err(cannot)?;
            }
        }
        Ok(())
    }

    /// `page` with what the marks in it stand for.
    #[cfg(test)]
    pub fn filled(&self, page: &str) -> String {
        self.filled_for(page, false)
    }

    fn filled_for(&self, page: &str, is_printed: bool) -> String {
        let all = self.0.borrow();
        let mut filled = String::with_capacity(page.len());
        let mut parts = page.split(START);
        filled.extend(parts.next());
        for part in parts {
            let known = part
                .split_once(END)
                .and_then(|(number, rest)| Some((all.get(number.parse::<usize>().ok()?)?, rest)));
            match known {
                Some((kept, rest)) if is_printed && !kept.is_printed => {
                    filled.extend([UNPRINTED, &anchors(&kept.html), rest]);
                }
                Some((kept, rest)) => filled.extend([kept.html.as_str(), rest]),
                None => filled.extend([START, part]),
            }
        }
        filled
    }
}

/// The anchors of `html`, with nothing at them, for links that lead there.
fn anchors(html: &str) -> String {
    let ids = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    ids.map(|id| format!("<span id=\"{id}\"></span>")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_returns_to_where_it_was() {
        let shelf = Shelf::default();
        let marks = [shelf.put("<pre>one</pre>".into()), shelf.put("<pre>two</pre>".into())];
        let page = format!("<p>a</p>{}<p>b</p>{}", marks[1], marks[0]);
        assert_eq!(shelf.filled(&page), "<p>a</p><pre>two</pre><p>b</p><pre>one</pre>");
    }

    #[test]
    fn what_is_too_long_for_paper_is_left_out_there() {
        let shelf = Shelf::default();
        let html = "<pre id=\"a\"/>";
        let page = shelf.put_unprinted(html.into());
        assert_eq!(shelf.filled_for(&page, false), html);
        let printed = format!("{UNPRINTED}<span id=\"a\"></span>");
        assert_eq!(shelf.filled_for(&page, true), printed);
    }

    #[test]
    fn what_is_no_mark_stays() {
        let page = format!("<p>{START}7{END}</p>");
        assert_eq!(Shelf::default().filled(&page), page);
    }

    #[test]
    fn all_pages_of_a_folder_are_filled() {
        let folder = tempfile::tempdir().expect("there is room");
        let shelf = Shelf::default();
        let below = folder.path().join("below");
        fs::create_dir(&below).expect("there is room");
        fs::write(below.join("a.html"), shelf.put("<pre/>".into())).expect("there is room");
        assert_eq!(shelf.fill(folder.path()), Ok(()));
        assert_eq!(fs::read_to_string(below.join("a.html")).expect("it is there"), "<pre/>");
    }
}
