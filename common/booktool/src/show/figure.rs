//! `{{#figure}}`: a picture made of a recorded run.

use super::for_each_machine;
use crate::Result;
use crate::book::Book;
use crate::html::scroll_box;
use crate::page::Page;
use crate::recordings;
use pictures::map::{self, Space};
use pictures::timeline;

/// What there is to draw: its name, what it shows, and how it is called.
const KINDS: &[(&str, Shows, &str)] = &[
    ("memory-map", Shows::Map(Space::Physical), "Physical memory"),
    ("address-space", Shows::Map(Space::Virtual), "The kernel's address space"),
    ("timeline", Shows::Timeline, "Who ran when"),
];

/// What a figure shows of a run.
enum Shows {
    /// A map that its console has.
    Map(Space),
    /// Who ran when, which it prints if it is asked to.
    Timeline,
}

/// The picture on each machine, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let (name, chapter) = (&arguments[0], book.chapter(&arguments[1])?);
    let (_, shows, title) = KINDS.iter().find(|(kind, ..)| kind == name).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|(kind, ..)| *kind).collect();
        format!("there is no figure {name}; there are {}", names.join(", "))
    })?;
    let folder = &book.chapters[chapter].folder;
    let machines: Vec<&str> = book.machines().collect();
    for_each_machine(&machines, |arch| {
        let run = format!("{folder} on {arch}");
        let svg = match shows {
            Shows::Map(space) => {
                map::figure(&run, &recordings::console(&book.root, chapter, arch)?, *space)?
            }
            Shows::Timeline if !book.config.has_timeline(chapter) => {
                return Err(format!("{folder} prints no timeline"));
            }
            Shows::Timeline => {
                timeline::figure(&run, &recordings::timeline(&book.root, chapter, arch)?)?
            }
        };
        Ok(framed(name, &format!("{title}: {run}"), &svg))
    })
}

/// A picture that scrolls sideways where there is no room for it.
pub fn framed(class: &str, title: &str, svg: &str) -> String {
    let scrolling = scroll_box(title, svg);
    format!(r#"<figure class="picture figure-{class}">{scrolling}</figure>"#)
}

#[cfg(test)]
mod tests {
    use super::super::tests::expanded;

    #[test]
    fn both_machines_are_drawn() {
        for (page, words) in [
            ("{{#figure memory-map 02}}\n", "frame bitmap"),
            ("{{#figure address-space 03}}\n", "direct map of physical memory"),
        ] {
            let html = expanded(page).expect("the chapter prints it");
            assert_eq!(html.matches("<svg").count(), 2);
            assert!(html.contains(words) && html.contains("role=\"img\""), "{html}");
            assert_eq!(html.trim().lines().count(), 1, "a blank line would end the HTML");
        }
    }

    #[test]
    fn a_map_of_memory_is_one_even_when_there_is_an_address_space() {
        let html = expanded("{{#figure memory-map 03}}\n").expect("the chapter prints it");
        assert!(html.contains("boot tables") && !html.contains("r-x--"), "{html}");
    }

    #[test]
    fn what_cannot_be_drawn_is_told() {
        for (page, why) in [
            ("{{#figure tree 03}}\n", "memory-map, address-space, timeline"),
            ("{{#figure timeline 01}}\n", "01-boot prints no timeline"),
            ("{{#figure memory-map 01}}\n", "prints no map"),
            ("{{#figure address-space 02}}\n", "prints no map"),
        ] {
            let message = expanded(page).expect_err(why);
            assert!(message.contains(why), "{message}");
        }
    }
}
