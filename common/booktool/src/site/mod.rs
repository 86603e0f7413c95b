//! The book as a site: mdBook makes pages of what our directives have been expanded to.
//!
//! mdBook is used as a library, so that building the book needs nothing that Cargo does not bring.
//! What it only warns of, a link to nowhere or a tag that is never closed, is an error here.

mod preprocessor;
pub mod serve;
pub mod shelf;
mod warnings;
mod whole_diff;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

use crate::Result;
use crate::book::Book;
use crate::html_check;
use preprocessor::Expansion;

/// Where the book is, from the root of the repository.
const FOLDER: &str = "book";

/// The book's settings, from the root of the repository.
const SETTINGS: &str = "book/book.toml";

/// Builds the book of the repository at `root` and looks at it; returns where it is.
///
/// What a page leaves out is told at the end, when there is a book already: who writes a page wants
/// to see it long before it is complete.
pub fn build(root: &Path) -> Result<PathBuf> {
    let book = Rc::new(Book::read(root)?);
    let expansion = Expansion::new(book);
    let (unexplained, shelf) = (expansion.unexplained(), expansion.shelf());
    let (built, mut faults) = warnings::of(|| -> Result<PathBuf> {
        let mut site = load(root)?;
        site.with_preprocessor(expansion);
        site.build().map_err(|error| chain(&error))?;
        Ok(site.build_dir_for("html"))
    });
    let built = built?;
    shelf.fill(&built)?;
    faults.extend(unexplained.take());
    faults.extend(html_check::check(&built).err().unwrap_or_default());
    if faults.is_empty() { Ok(built) } else { Err(faults.join("\n")) }
}

/// What is wrong with the pages, without making a site of them: directives, the gate, and what
/// their text alone tells of their HTML.
pub fn check(root: &Path) -> Result<()> {
    let expansion = Expansion::new(Rc::new(Book::read(root)?));
    let unexplained = expansion.unexplained();
    let mut book = load(root)?.book;
    let (checked, _) = warnings::of(|| expansion.expand(&mut book));
    checked?;
    let mut faults = unexplained.take();
    for chapter in book.chapters() {
        faults.extend(html_check::of_source(&chapter.name, &chapter.content));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// The pages and settings, as mdBook reads them.
fn load(root: &Path) -> Result<MDBook> {
    let settings = Config::from_disk(root.join(SETTINGS)).map_err(|error| chain(&error))?;
    MDBook::load_with_config(root.join(FOLDER), settings).map_err(|error| chain(&error))
}

/// An error with all its causes, in one line.
fn chain(error: &mdbook_driver::errors::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
