//! What a page loads by itself comes from the book.
//!
//! A script, picture or font from another host tells that host who reads what, fails without a
//! network, and is not there in ten years.

use std::collections::BTreeSet;

use scraper::ElementRef;

use super::links::{Target, follow, target};
use super::site::{Page, Site, shown};

/// Elements that load something, each with the attribute that says what.
const LOADERS: &[(&str, &str)] = &[
    ("script[src]", "src"),
    ("img[src]", "src"),
    ("iframe[src]", "src"),
    ("embed[src]", "src"),
    ("source[src]", "src"),
    ("video[src]", "src"),
    ("audio[src]", "src"),
    ("track[src]", "src"),
    ("video[poster]", "poster"),
    ("object[data]", "data"),
    ("image[href]", "href"),
    ("use[href]", "href"),
    ("link[rel~=stylesheet]", "href"),
    ("link[rel~=icon]", "href"),
    ("link[rel~=preload]", "href"),
    ("link[rel~=prefetch]", "href"),
    ("link[rel~=preconnect]", "href"),
    ("link[rel~=dns-prefetch]", "href"),
    ("link[rel~=manifest]", "href"),
];

/// Finds what a page loads that is elsewhere or not there.
pub fn come_from_here(site: &Site, page: &Page) -> Vec<String> {
    let loaded = LOADERS.iter().flat_map(|(selector, attribute)| {
        let elements = page.all(selector).into_iter();
        elements.map(|element| (element, element.attr(attribute).unwrap_or_default()))
    });
    let alternatives = page.all("[srcset]").into_iter().flat_map(|element| {
        let list = element.attr("srcset").unwrap_or_default().split(',');
        list.map(move |one| (element, one.split_whitespace().next().unwrap_or_default()))
    });
    let styled = page.all("*").into_iter().flat_map(styles);
    let all = loaded.chain(alternatives).chain(styled);
    let judge = |(element, address)| {
        let why = load(site, page, address).err()?;
        Some(format!("{}: {why}", shown(element)))
    };
    all.filter_map(judge).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The addresses in the styles of `element`, be they in `style`, `fill` or another attribute.
fn styles(element: ElementRef<'_>) -> impl Iterator<Item = (ElementRef<'_>, &str)> {
    let is_sheet = element.value().name() == "style";
    let sheet = element.text().filter(move |_| is_sheet);
    let texts = element.value().attrs().map(|(_, value)| value).chain(sheet);
    texts.flat_map(addresses).map(move |address| (element, address))
}

/// Finds what the style sheets load that is elsewhere or not there.
pub fn style_sheets_come_from_here(site: &Site) -> Vec<String> {
    let sheets = site.texts.iter().filter(|(name, _)| name.ends_with(".css"));
    sheets
        .flat_map(|(name, text)| {
            // Addresses in a style sheet count from its own folder.
            let place = Page::new(name, "");
            let wrong = |address| load(site, &place, address).err();
            let told = |why| format!("{name}: {why}");
            addresses(text).filter_map(wrong).map(told).collect::<Vec<_>>()
        })
        .collect()
}

/// Checks that `address`, which is loaded from `page`, is in the book.
fn load(site: &Site, page: &Page, address: &str) -> Result<(), String> {
    match target(page, address) {
        Target::Elsewhere { scheme } if scheme == "data" => Ok(()),
        Target::Elsewhere { .. } => Err(format!("loads {address} from another host")),
        target => follow(site, page, &target).map_err(|why| format!("loads {address}: {why}")),
    }
}

/// What stands in `url(…)` and after `@import` in a text of CSS.
fn addresses(css: &str) -> impl Iterator<Item = &str> {
    let quotes = [' ', '"', '\''];
    let of_functions = css.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    let imports = css.split("@import").skip(1).filter_map(|rest| rest.split(';').next());
    let imports = imports.filter(|rest| !rest.contains("url("));
    of_functions.chain(imports).map(move |address| address.trim_matches(quotes))
}
