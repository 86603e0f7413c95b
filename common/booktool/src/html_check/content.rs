//! What a page shows can be read: by everybody, and all of it.

use std::collections::HashSet;

use scraper::ElementRef;

use super::site::{Page, Site, parsed, shown, words};

/// Finds ids that several elements have: a link to them leads to the first.
pub fn ids_are_unique(_: &Site, page: &Page) -> Vec<String> {
    let mut seen = HashSet::new();
    let with_id = page.all("[id]").into_iter();
    let repeated = with_id.filter(|element| !seen.insert(element.attr("id").unwrap_or_default()));
    repeated.map(|element| format!("{}: another element has this id", shown(element))).collect()
}

/// Finds pages without a title: what stands in a browser's tab, and in a list of bookmarks.
pub fn has_a_title(_: &Site, page: &Page) -> Vec<String> {
    let has_title = page.all("head > title").into_iter().any(|title| !words(title).is_empty());
    if has_title || page.main().is_none() { vec![] } else { vec!["<title>: is empty".into()] }
}

/// Finds pages on which there is nothing below the headings.
pub fn says_something(_: &Site, page: &Page) -> Vec<String> {
    let Some(main) = page.main() else { return is_no_page(page) };
    let titles: usize = headings(main).into_iter().map(|it| words(it).len()).sum();
    let says = words(main).split_whitespace().collect::<String>().len() > titles;
    let shows = main.select(&parsed("img, svg")).next().is_some();
    if says || shows { vec![] } else { vec!["<main>: there is nothing on this page".into()] }
}

/// Finds files that should be pages: only the list of contents and redirections are none.
fn is_no_page(page: &Page) -> Vec<String> {
    let leads_on = !page.all("meta[http-equiv=refresh]").is_empty();
    if leads_on || page.name == "toc.html" { vec![] } else { vec!["<main>: is missing".into()] }
}

/// Finds headings that are more than one level below the last, and those without words: a screen
/// reader walks from one to the next.
pub fn headings_descend(_: &Site, page: &Page) -> Vec<String> {
    let Some(main) = page.main() else { return vec![] };
    let mut findings = Vec::new();
    let mut last = 0;
    for heading in headings(main) {
        let level = heading.value().name()[1..].parse().unwrap_or(1);
        if level > last + 1 {
            let above = if last == 0 { "nothing".into() } else { format!("<h{last}>") };
            findings.push(format!("{}: comes right after {above}", shown(heading)));
        }
        if words(heading).is_empty() {
            findings.push(format!("{}: has no words", shown(heading)));
        }
        last = level;
    }
    findings
}

fn headings(main: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    main.select(&parsed("h1, h2, h3, h4, h5, h6")).collect()
}

/// Finds directives that nothing has expanded. In code they are shown on purpose.
pub fn directives_are_expanded(_: &Site, page: &Page) -> Vec<String> {
    let Some(main) = page.main() else { return vec![] };
    let texts = main.descendants().filter_map(|node| Some((node, node.value().as_text()?)));
    let left = texts.filter(|(node, text)| {
        let mut around = node.ancestors().filter_map(ElementRef::wrap);
        text.contains("{{#") && !around.any(|element| element.value().name() == "code")
    });
    left.map(|(_, text)| format!("a directive is left: {}", text.trim())).collect()
}

/// Finds pictures without words for those who do not see them.
pub fn pictures_have_words(_: &Site, page: &Page) -> Vec<String> {
    let has_alternative =
        |image: &ElementRef| image.attr("alt").is_some_and(|alt| !alt.trim().is_empty());
    let images = page.all("main img").into_iter().filter(|image| !has_alternative(image));
    let images = images.map(|image| format!("{}: has no alternative text", shown(image)));
    let has_title = |svg: &ElementRef| {
        svg.attr("aria-label").is_some_and(|label| !label.trim().is_empty())
            || svg.select(&parsed("title")).any(|title| !words(title).is_empty())
    };
    let drawings = page.all("main svg[role=img]").into_iter().filter(|svg| !has_title(svg));
    let drawings = drawings.map(|svg| format!("{}: has no title", shown(svg)));
    images.chain(drawings).collect()
}

/// Finds tables of which nothing says what their columns or rows are.
pub fn tables_have_headers(_: &Site, page: &Page) -> Vec<String> {
    let is_for_looks =
        |table: &ElementRef| matches!(table.attr("role"), Some("presentation" | "none"));
    let has_headers = |table: &ElementRef| table.select(&parsed("th")).next().is_some();
    let tables = page.all("main table").into_iter();
    let bare = tables.filter(|table| !is_for_looks(table) && !has_headers(table));
    let bare = bare.map(|table| format!("{}: has no header cells", shown(table)));
    bare.chain(empty_headers(page)).collect()
}

/// A header cell without words; it is told by those beside it.
fn empty_headers(page: &Page) -> impl Iterator<Item = String> {
    let headers = page.all("main th").into_iter().filter(|cell| words(*cell).is_empty());
    headers.map(|cell| {
        let row = cell.parent().and_then(ElementRef::wrap).map_or(String::new(), words);
        format!("<th>: has no words, in the table with {row:?}")
    })
}
