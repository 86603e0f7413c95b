//! A built book: its files, and its pages as a browser sees them.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use scraper::{ElementRef, Html, Selector};

/// A built book.
#[derive(Default)]
pub struct Site {
    /// The size in bytes of each file; names are from the book's folder, with `/`.
    pub files: BTreeMap<String, u64>,
    /// The HTML files.
    pub pages: Vec<Page>,
    /// The texts of the scripts and style sheets, by name.
    pub texts: BTreeMap<String, String>,
}

/// A page of it.
pub struct Page {
    /// Its file's name.
    pub name: String,
    /// What the browser makes of it.
    pub html: Html,
    /// The ids on it.
    pub ids: HashSet<String>,
    /// The folder from which its relative links count, with a `/` at the end unless it is the root.
    pub folder: String,
    /// What stands for the book's folder in its absolute links, if it has any.
    pub base: Option<String>,
}

impl Site {
    /// Reads the book in `folder`.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut site = Self::default();
        site.add(folder, "").map_err(|why| format!("cannot read {}: {why}", folder.display()))?;
        if site.pages.is_empty() {
            return Err(format!("{}: there is no page", folder.display()));
        }
        Ok(site)
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let about = entry.metadata()?;
            if about.is_dir() {
                self.add(&entry.path(), &format!("{name}/"))?;
                continue;
            }
            if name.ends_with(".html") {
                self.pages.push(Page::new(&name, &fs::read_to_string(entry.path())?));
            } else if name.ends_with(".js") || name.ends_with(".css") {
                self.texts.insert(name.clone(), fs::read_to_string(entry.path())?);
            }
            self.files.insert(name, about.len());
        }
        self.pages.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(())
    }

    /// The page with this file name.
    pub fn page(&self, name: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.name == name)
    }
}

impl Page {
    /// The page in the file `name` with this `text`.
    pub fn new(name: &str, text: &str) -> Self {
        let html = Html::parse_document(text);
        let ids = attributes(&html, "[id]", "id").chain(attributes(&html, "a[name]", "name"));
        let ids = ids.map(String::from).collect();
        let base = attributes(&html, "base[href]", "href").next().map(String::from);
        let own = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let folder = if base.is_some() { String::new() } else { own };
        Self { name: name.into(), html, ids, folder, base }
    }

    /// The elements that `selector` describes.
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&parsed(selector)).collect()
    }

    /// The element with what the book's authors have written. The list of contents for browsers
    /// without JavaScript and a page that only leads to another have none.
    pub fn main(&self) -> Option<ElementRef<'_>> {
        self.html.select(&parsed("main")).next()
    }
}

fn attributes<'a>(html: &'a Html, selector: &str, name: &str) -> impl Iterator<Item = &'a str> {
    let elements: Vec<_> = html.select(&parsed(selector)).collect();
    elements.into_iter().filter_map(move |element| element.value().attr(name))
}

/// The selector that `text` describes.
pub fn parsed(text: &str) -> Selector {
    Selector::parse(text).expect("the selectors of this module are right")
}

/// The start of `element` as it is told to a person: its name and what tells it from others.
pub fn shown(element: ElementRef) -> String {
    let told = ["id", "class", "href", "src", "data"];
    let attribute =
        |name: &&str| element.value().attr(name).map(|value| format!(" {name}={value:?}"));
    let attributes: String = told.iter().filter_map(attribute).collect();
    format!("<{}{attributes}>", element.value().name())
}

/// The text in `element`, with single blanks.
pub fn words(element: ElementRef) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
