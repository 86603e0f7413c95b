//! `{{#lens}}`, `{{#when ARCH}}`, `{{#endlens}}`: Markdown for one machine each.
//!
//! ```text
//! {{#lens}}
//! {{#when aarch64}}
//! …
//! {{#when x86_64}}
//! …
//! {{#endlens}}
//! ```
//!
//! Each is turned into the tags that stand there, and what lies between is left to Markdown. So a
//! page must have all machines, once each, and [`faults`] sees to it.

use crate::Result;
use crate::book::Book;
use crate::directive::{Directive, Fault};
use crate::html::lens::{lens_end, lens_start, pane_end, pane_start};
use crate::page::Page;

/// Begins a lens.
pub fn start(_arguments: &[String], _book: &Book, _page: &Page) -> Result<String> {
    Ok(lens_start())
}

/// Begins what holds for one machine, and ends what held for the one before.
pub fn when(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let arch = known(&arguments[0], book)?;
    let is_first = book.machines().next() == Some(arch);
    let before = if is_first { String::new() } else { format!("{}\n\n", pane_end()) };
    Ok(before + &pane_start(arch))
}

/// Ends a lens.
pub fn end(_arguments: &[String], _book: &Book, _page: &Page) -> Result<String> {
    Ok(format!("{}\n\n{}", pane_end(), lens_end()))
}

fn known<'a>(arch: &str, book: &'a Book) -> Result<&'a str> {
    book.machines().find(|known| *known == arch).ok_or_else(|| {
        let all: Vec<&str> = book.machines().collect();
        format!("there is no machine {arch}; there are {}", all.join(", "))
    })
}

/// What is wrong with the order of a page's lenses.
pub fn faults(directives: &[&Directive], book: &Book) -> Vec<Fault> {
    let machines: Vec<&str> = book.machines().collect();
    let complete: Vec<String> = std::iter::once("lens".to_string())
        .chain(machines.iter().map(|arch| format!("when {arch}")))
        .chain(["endlens".into()])
        .collect();
    let words = |directive: &Directive| {
        [std::slice::from_ref(&directive.name), &directive.arguments].concat().join(" ")
    };
    let mut at = 0;
    let mut faults = Vec::new();
    let parts = directives.iter().filter(|one| ["lens", "when", "endlens"].contains(&&*one.name));
    let mut line = 1;
    for part in parts {
        line = part.line;
        let (found, expected) = (words(part), &complete[at]);
        if found == *expected {
            at = (at + 1) % complete.len();
            continue;
        }
        let message = format!("{{{{#{found}}}}} stands where {{{{#{expected}}}}} is expected");
        faults.push(Fault { line, message });
        return faults;
    }
    if at != 0 {
        let message = format!("a lens ends without {{{{#{}}}}}", complete[at]);
        faults.push(Fault { line, message });
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::tests::book;
    use crate::directive::scan;

    fn messages(page: &str) -> Vec<String> {
        let found = scan(page).expect("each is right by itself");
        let found: Vec<&Directive> = found.iter().collect();
        faults(&found, &book()).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn a_lens_has_all_machines_in_order() {
        let lens = "{{#lens}}\n{{#when aarch64}}\na\n{{#when x86_64}}\nb\n{{#endlens}}\n";
        assert_eq!(messages(&lens.repeat(2)), Vec::<String>::new());
    }

    #[test]
    fn a_missing_machine_is_a_fault() {
        let found = messages("{{#lens}}\n{{#when aarch64}}\n{{#endlens}}\n");
        assert!(found[0].contains("{{#when x86_64}} is expected"), "{found:?}");
    }

    #[test]
    fn an_open_lens_is_a_fault() {
        let found = messages("{{#lens}}\n{{#when aarch64}}\na\n");
        assert!(found[0].contains("without {{#when x86_64}}"), "{found:?}");
        assert!(messages("{{#endlens}}\n")[0].contains("{{#lens}} is expected"));
    }
}
