//! What directives put into a page, a file each.

pub mod bench;
pub mod broken;
pub mod budget;
pub mod chapters;
pub mod contract;
pub mod diff;
pub mod directives;
pub mod exercises;
pub mod figure;
pub mod file;
pub mod hunk;
pub mod item;
pub mod lens;
pub mod mechanical;
pub mod rest;
pub mod serial;
pub mod suites;
pub mod table;
pub mod terms;
pub mod tree;

use crate::Result;
use crate::book::Book;
use crate::html::lens::lens as lens_of;

/// What `show` makes of the file that `name` stands for: as it is, or in a lens with a pane for
/// each machine.
pub fn for_each_file(
    book: &Book,
    name: &str,
    show: impl Fn(&str) -> Result<String>,
) -> Result<String> {
    let named = book.named(name);
    if let [one] = named.as_slice()
        && one.arch.is_none()
    {
        return show(&one.file);
    }
    let mut panes = Vec::new();
    for one in &named {
        panes.push((one.arch.as_deref().unwrap_or_default(), show(&one.file)?));
    }
    Ok(lens_of(&panes))
}

/// What `show` makes of each of `machines`: in a lens, unless there is one only.
pub fn for_each_machine(
    machines: &[&str],
    show: impl Fn(&str) -> Result<String>,
) -> Result<String> {
    if let [only] = machines {
        return show(only);
    }
    let panes: Vec<(&str, String)> =
        machines.iter().map(|arch| Ok((*arch, show(arch)?))).collect::<Result<_>>()?;
    Ok(lens_of(&panes))
}

/// A file's path from the root of the repository.
pub fn path(book: &Book, chapter: usize, file: &str) -> String {
    format!("chapters/{}/{file}", book.chapters[chapter].folder)
}

#[cfg(test)]
mod tests {
    use crate::book::tests::book;
    use crate::page::Page;
    use crate::site::shelf::Shelf;

    /// A page with `text`, expanded; the error has all its faults.
    pub fn expanded(text: &str) -> std::result::Result<String, String> {
        let (book, shelf) = (book(), Shelf::default());
        let page = Page::read(&book, "04-heap.md", text);
        let page = page.and_then(|page| page.expand(&book, &shelf));
        page.map(|page| shelf.filled(&page)).map_err(|faults| faults.join("\n"))
    }
}
