//! What a page makes a reader's browser load is little.
//!
//! What mdBook brings along is its own affair and known. Ours is counted: one library for drawings
//! would weigh more than the whole book.

use scraper::ElementRef;

use super::links::{Target, target};
use super::site::{Page, Site};

/// The most bytes of script that a page may have beside mdBook's.
const MOST_SCRIPT: u64 = 100_000;
/// The most bytes of search index that a word of prose may cost. (Prose alone comes to about 22,
/// with the listings that belong to it to about 30.)
const INDEX_PER_WORD: usize = 40;
/// What an index may have in any case.
const LEAST_INDEX: usize = 10_000;

/// The folder of the pages that search does not know.
const UNSEARCHED: &str = "diffs/";

/// How the names of mdBook's own scripts start.
const OF_MDBOOK: &[&str] = &[
    "book-",
    "clipboard-",
    "elasticlunr-",
    "highlight-",
    "mark-",
    "searcher-",
    "searchindex-",
    "toc-",
];

/// Finds pages with too much script of ours, in files or in the page itself.
pub fn scripts_are_small(site: &Site, page: &Page) -> Vec<String> {
    let size = |script: ElementRef| match script.attr("src") {
        None => script.text().map(str::len).sum::<usize>() as u64,
        Some(address) => match target(page, address) {
            Target::Here { file, .. } if !is_of_mdbook(&file) => {
                site.files.get(&file).copied().unwrap_or(0)
            }
            _ => 0,
        },
    };
    let bytes: u64 = page.all("script").into_iter().map(size).sum();
    if bytes <= MOST_SCRIPT {
        return vec![];
    }
    vec![format!("<script>: {bytes} bytes of script of ours; {MOST_SCRIPT} is the most")]
}

fn is_of_mdbook(file: &str) -> bool {
    OF_MDBOOK.iter().any(|start| file.starts_with(start))
}

/// Finds a search index that takes long to load: one with much more in it than prose.
///
/// It is measured against the prose of the pages that it leads to, and not against a number that
/// the book would outgrow.
pub fn search_index_is_small(site: &Site) -> Vec<String> {
    let judge = |(name, text): (&String, &String)| {
        let searched = site.pages.iter().filter(|page| has_page(text, page));
        let most = LEAST_INDEX + INDEX_PER_WORD * searched.map(words_of_prose).sum::<usize>();
        let bytes = text.len();
        (bytes > most)
            .then(|| format!("{name}: {bytes} bytes; {most} are the most for so much prose"))
    };
    search_indices(site).filter_map(judge).collect()
}

/// Finds pages of whole diffs in the search index, where they would be found for every word.
pub fn search_index_keeps_out(site: &Site) -> Vec<String> {
    let kept_out = site.pages.iter().filter(|page| page.name.starts_with(UNSEARCHED));
    let kept_out: Vec<&Page> = kept_out.collect();
    let found = search_indices(site).flat_map(|(name, text)| {
        let pages = kept_out.iter().filter(|page| has_page(text, page));
        pages.map(move |page| format!("{name}: has {}, which is to be kept out", page.name))
    });
    found.collect()
}

fn search_indices(site: &Site) -> impl Iterator<Item = (&String, &String)> {
    site.texts.iter().filter(|(name, _)| name.starts_with("searchindex"))
}

/// Whether the search index `text` leads to `page`.
fn has_page(text: &str, page: &Page) -> bool {
    ['#', '"'].iter().any(|end| text.contains(&format!("\"{}{end}", page.name)))
}

/// How many words stand on `page` outside of listings, tables and drawings.
fn words_of_prose(page: &Page) -> usize {
    let is_other = |name: &str| ["pre", "table", "svg", "script", "style"].contains(&name);
    let texts = page.main().into_iter().flat_map(|main| main.descendants());
    let texts = texts.filter_map(|node| Some((node, node.value().as_text()?)));
    let prose = texts.filter(|(node, _)| {
        let mut around = node.ancestors().filter_map(ElementRef::wrap);
        !around.any(|element| is_other(element.value().name()))
    });
    prose.map(|(_, text)| text.split_whitespace().count()).sum()
}
