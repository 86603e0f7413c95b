//! The lens: what differs between the machines, one at a time.
//!
//! The HTML holds every machine's part under its name, one below the other. That is what paper, a
//! screen reader without scripts and a search engine get; a script makes tabs of it.

use super::attribute;

/// A lens around parts that are HTML, each for the machine that is named; on one line.
pub fn lens(panes: &[(&str, String)]) -> String {
    let panes = panes.iter().map(|(arch, html)| pane_start(arch) + html + pane_end());
    lens_start() + &panes.collect::<String>() + lens_end()
}

/// What begins a lens around Markdown. A blank line must follow it, and each of the others.
pub fn lens_start() -> String {
    r#"<div class="lens">"#.to_string()
}

/// What begins one machine's part.
pub fn pane_start(arch: &str) -> String {
    let name = attribute(display_name(arch));
    format!(
        r#"<div class="pane" data-arch="{}" data-name="{name}"><div class="machine">{name}</div>"#,
        attribute(arch)
    )
}

/// What ends one machine's part.
pub fn pane_end() -> &'static str {
    "</div>"
}

/// What ends a lens.
pub fn lens_end() -> &'static str {
    "</div>"
}

/// What the reader calls a machine.
pub fn display_name(arch: &str) -> &str {
    match arch {
        "aarch64" => "ARM64",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{display_name, lens};

    #[test]
    fn a_lens_holds_every_part_under_its_name() {
        let html = lens(&[("aarch64", "<p>a</p>".into()), ("x86_64", "<p>b</p>".into())]);
        let page = scraper::Html::parse_fragment(&html);
        let parts = scraper::Selector::parse(".lens > .pane").expect("a selector");
        let shown: Vec<String> = page.select(&parts).map(|part| part.text().collect()).collect();
        assert_eq!(shown, ["ARM64a", "x86_64b"]);
        let machines: Vec<_> =
            page.select(&parts).filter_map(|part| part.attr("data-arch")).collect();
        assert_eq!(machines, ["aarch64", "x86_64"]);
        assert!(!html.contains('\n'));
    }

    #[test]
    fn machines_have_the_names_that_readers_know() {
        assert_eq!((display_name("aarch64"), display_name("x86_64")), ("ARM64", "x86_64"));
    }
}
