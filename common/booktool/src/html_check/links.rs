//! Links lead somewhere.
//!
//! A link within the book names a file that is there, and its `#part` an id on that page. A link to
//! another host is not followed: that would say something about the network. Absolute links are
//! wrong even where they lead somewhere, since the published book is not at the root of its host.

use percent_encoding::percent_decode_str;

use super::site::{Page, Site, shown};

/// What an address points to.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// Something on another host, or not on a host at all.
    Elsewhere { scheme: String },
    /// A file of the book, and a part of it.
    Here { file: String, part: String },
    /// Something that cannot be; why.
    Nowhere(&'static str),
}

/// Where a reader may be sent.
const SCHEMES: &[&str] = &["http", "https", "mailto"];

/// Elements whose addresses a reader follows.
const LINKS: &str = "a[href], area[href], link[rel=next][href], link[rel=prev][href]";

/// Finds links that lead nowhere.
pub fn lead_somewhere(site: &Site, page: &Page) -> Vec<String> {
    let judge = |element| {
        let address = scraper::ElementRef::attr(&element, "href")?;
        let why = match target(page, address) {
            Target::Elsewhere { scheme } if SCHEMES.contains(&scheme.as_str()) => return None,
            Target::Elsewhere { scheme } => format!("`{scheme}:` is not where a reader may go"),
            target => follow(site, page, &target).err()?,
        };
        Some(format!("{}: {why}", shown(element)))
    };
    page.all(LINKS).into_iter().filter_map(judge).collect()
}

/// Checks that `target` is in the book, as seen from `page`.
pub fn follow(site: &Site, page: &Page, target: &Target) -> Result<(), String> {
    let (file, part) = match target {
        Target::Elsewhere { .. } => return Ok(()),
        Target::Nowhere(why) => return Err((*why).into()),
        Target::Here { file, part } => (file, part),
    };
    if !site.files.contains_key(file) {
        return Err(format!("leads nowhere: there is no {file}"));
    }
    let there = if *file == page.name { Some(page) } else { site.page(file) };
    let has_part = |page: &Page| ["", "top"].contains(&part.as_str()) || page.ids.contains(part);
    match there {
        Some(there) if !has_part(there) => Err(format!("{file} has no part with the id {part:?}")),
        _ => Ok(()),
    }
}

/// What `address` points to on `page`.
pub fn target(page: &Page, address: &str) -> Target {
    if address.is_empty() {
        return Target::Nowhere("the address is empty");
    }
    let scheme = address.split(['/', '?', '#']).next().and_then(|start| start.split_once(':'));
    if let Some((scheme, _)) = scheme {
        return Target::Elsewhere { scheme: scheme.to_lowercase() };
    }
    if address.starts_with("//") {
        return Target::Elsewhere { scheme: "https".into() };
    }
    let (path, part) = address.split_once('#').unwrap_or((address, ""));
    let path = path.split('?').next().unwrap_or_default();
    match file(page, path) {
        Ok(file) => Target::Here { file, part: decoded(part) },
        Err(why) => Target::Nowhere(why),
    }
}

/// The file that `path` names on `page`.
fn file(page: &Page, path: &str) -> Result<String, &'static str> {
    if path.is_empty() {
        return Ok(page.name.clone());
    }
    let from_root = page.base.as_ref().and_then(|base| path.strip_prefix(base.as_str()));
    let path = match from_root {
        Some(rest) => rest.to_string(),
        None if path.starts_with('/') => return Err("absolute, and the book may be in a folder"),
        None => format!("{}{path}", page.folder),
    };
    let mut folders: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            ".." if folders.pop().is_none() => return Err("leads out of the book"),
            "" | "." | ".." => {}
            step => folders.push(step),
        }
    }
    let is_folder = path.is_empty() || path.ends_with('/') || path.ends_with("..");
    folders.extend(is_folder.then_some("index.html"));
    Ok(decoded(&folders.join("/")))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
