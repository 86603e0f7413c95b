//! Expands the directives of all pages, and adds a page with each chapter's whole diff.

use std::cell::RefCell;
use std::rc::Rc;

use mdbook_preprocessor::book::{Book as Pages, BookItem, Chapter as Leaf};
use mdbook_preprocessor::errors::Error;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use super::shelf::Shelf;
use super::whole_diff;
use crate::Result;
use crate::book::Book;
use crate::gate;
use crate::page::Page;

/// Our part in what mdBook does.
pub struct Expansion {
    book: Rc<Book>,
    unexplained: Rc<RefCell<Vec<String>>>,
    shelf: Rc<Shelf>,
}

impl Expansion {
    /// For the chapters of `book`.
    pub fn new(book: Rc<Book>) -> Self {
        Self { book, unexplained: Rc::default(), shelf: Rc::default() }
    }

    /// The code of the pages, once they are expanded.
    pub fn shelf(&self) -> Rc<Shelf> {
        Rc::clone(&self.shelf)
    }

    /// What the pages do not explain, once they are expanded.
    pub fn unexplained(&self) -> Rc<RefCell<Vec<String>>> {
        Rc::clone(&self.unexplained)
    }

    /// Expands `pages`; the error has a line for everything that is wrong with them.
    pub fn expand(&self, pages: &mut Pages) -> Result<()> {
        self.unexplained.take();
        let mut faults = Vec::new();
        let mut seen = vec![false; self.book.chapters.len()];
        pages.for_each_chapter_mut(|leaf| {
            let Some(path) = leaf.source_path.as_ref().map(|path| path.display().to_string())
            else {
                return;
            };
            let chapter = self.chapter_of(&path);
            match self.page(&path, &leaf.content, chapter) {
                Ok(text) => leaf.content = text,
                Err(more) => faults.extend(more),
            }
            if let Some(chapter) = chapter {
                seen[chapter] = true;
                match whole_diff::page(&self.book, chapter, &self.shelf) {
                    Ok(text) => leaf.sub_items.push(self.whole_diff(chapter, leaf, text)),
                    Err(message) => faults.push(message),
                }
            }
        });
        let missing = self.book.chapters.iter().zip(seen).filter(|(_, is_seen)| !is_seen);
        faults.extend(missing.map(|(chapter, _)| {
            format!("book/src/SUMMARY.md: chapter {0} has no page; {0}.md is its", chapter.folder)
        }));
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    /// The chapter whose page is at `path`.
    fn chapter_of(&self, path: &str) -> Option<usize> {
        let name = path.strip_suffix(".md")?;
        self.book.chapters.iter().position(|chapter| chapter.folder == name)
    }

    /// The page with its directives expanded; what that of a chapter leaves out is kept.
    fn page(
        &self,
        path: &str,
        text: &str,
        chapter: Option<usize>,
    ) -> std::result::Result<String, Vec<String>> {
        let page = Page::read(&self.book, path, text)?;
        if let Some(chapter) = chapter {
            let left_out = gate::unexplained(&self.book, chapter, &page.explained);
            self.unexplained.borrow_mut().extend(left_out);
        }
        page.expand(&self.book, &self.shelf)
    }

    fn whole_diff(&self, chapter: usize, page: &Leaf, text: String) -> BookItem {
        let path = whole_diff::path(&self.book.chapters[chapter]);
        let parents = [page.parent_names.clone(), vec![page.name.clone()]].concat();
        let mut leaf = Leaf::new(&whole_diff::title(chapter), text, path, parents);
        leaf.number = page.number.clone().map(|mut number| {
            number.push(1);
            number
        });
        BookItem::Chapter(leaf)
    }
}

impl Preprocessor for Expansion {
    fn name(&self) -> &str {
        "strata"
    }

    fn run(
        &self,
        _context: &PreprocessorContext,
        mut pages: Pages,
    ) -> std::result::Result<Pages, Error> {
        self.expand(&mut pages).map_err(Error::msg)?;
        Ok(pages)
    }
}
