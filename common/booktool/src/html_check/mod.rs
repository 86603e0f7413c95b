//! What must hold of the built book, looked for in its HTML.
//!
//! mdBook ends with success when a link leads nowhere, when a page is empty or when two headings
//! have one id; a reader finds out. So the pages are read again after each build, as a browser
//! would read them, by a parser that knows nothing of how they were made: what is wrong in the
//! text, in a directive of ours, in the theme or in mdBook is wrong here alike.
//!
//! A finding names the page, the element and what is wrong with it. All are told at once.

mod content;
mod links;
mod resources;
mod site;
mod weight;

use std::collections::HashSet;
use std::path::Path;

use pulldown_cmark::{Options, Parser};
use site::{Page, Site};

/// Looks for what is wrong with a page of a site.
type Rule = fn(&Site, &Page) -> Vec<String>;

/// All that is asked of a page.
const RULES: &[Rule] = &[
    links::lead_somewhere,
    resources::come_from_here,
    content::ids_are_unique,
    content::has_a_title,
    content::says_something,
    content::headings_descend,
    content::directives_are_expanded,
    content::pictures_have_words,
    content::tables_have_headers,
    weight::scripts_are_small,
];

/// What can be asked of a page before it is one of a site.
const RULES_OF_SOURCES: &[Rule] = &[
    content::ids_are_unique,
    content::directives_are_expanded,
    content::pictures_have_words,
    content::tables_have_headers,
];

/// The page that mdBook makes of all others, for print.
const WHOLE_BOOK: &str = "print.html";

/// Checks the book in `folder`; the error is a list of findings.
pub fn check(folder: &Path) -> Result<(), Vec<String>> {
    let site = Site::read(folder).map_err(|why| vec![why])?;
    let mut findings = on_pages(&site);
    findings.extend(resources::style_sheets_come_from_here(&site));
    findings.extend(weight::search_index_is_small(&site));
    findings.extend(weight::search_index_keeps_out(&site));
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// What is wrong with the page that is made of the Markdown in `text`, as far as its text tells:
/// building the book takes a minute, and this does not.
pub fn of_source(name: &str, text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    let mut html = String::from("<main>");
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(text, options));
    let (site, page) = (Site::default(), Page::new(name, &html));
    let findings = RULES_OF_SOURCES.iter().flat_map(|rule| rule(&site, &page));
    findings.map(|finding| format!("{name}: {finding}")).collect()
}

/// What is wrong with the pages. The page of the whole book repeats the others, so what is wrong
/// with it is told only where they have it not.
fn on_pages(site: &Site) -> Vec<String> {
    let (whole, pages): (Vec<&Page>, _) =
        site.pages.iter().partition(|page| page.name == WHOLE_BOOK);
    let mut seen = HashSet::new();
    let mut findings = Vec::new();
    for page in pages {
        for finding in RULES.iter().flat_map(|rule| rule(site, page)) {
            findings.push(format!("{}: {finding}", page.name));
            seen.insert(finding);
        }
    }
    for page in whole {
        let found = RULES.iter().flat_map(|rule| rule(site, page));
        let new = found.filter(|finding| !seen.contains(finding));
        findings.extend(new.map(|finding| format!("{}: {finding}", page.name)));
    }
    findings
}

#[cfg(test)]
mod tests;
