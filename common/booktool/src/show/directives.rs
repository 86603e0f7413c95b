//! `{{#directives}}`: the directives themselves, for who writes pages.

use html_escape::encode_text;

use crate::Result;
use crate::book::Book;
use crate::catalogue::ENTRIES;
use crate::page::Page;

/// A table of all there are.
pub fn expand(_arguments: &[String], _book: &Book, _page: &Page) -> Result<String> {
    let row = |usage: &str, about: &str| {
        format!("<tr><td><code>{}</code></td><td>{}</td></tr>", encode_text(usage), about)
    };
    let rows: Vec<String> = ENTRIES.iter().map(|entry| row(entry.usage, entry.about)).collect();
    Ok(format!(
        "<div class=\"table-wrapper\">\n<table>\n<thead><tr><th>written</th><th>shows</th></tr>\
         </thead>\n<tbody>\n{}\n</tbody>\n</table>\n</div>",
        rows.join("\n")
    ))
}
