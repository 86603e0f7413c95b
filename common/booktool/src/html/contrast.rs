//! Whether the colours of code can be read, on every tint and in every theme.
//!
//! The style sheet gives each colour as a pair, for light and dark pages. Contrast is computed as
//! in the Web Content Accessibility Guidelines 2.2 ("contrast ratio", "relative luminance"); text
//! needs 4.5 to 1 (success criterion 1.4.3).

use std::collections::BTreeMap;

use super::highlight::lines;

const COLOURS: &str = include_str!("../../../../book/theme/colours.css");

/// The least contrast that text may have.
const LEAST: f64 = 4.5;

/// The backgrounds of mdBook's themes, from its `variables.css`: light ones, then dark ones.
const PAGES: [&[(&str, &str)]; 2] = [
    &[("light", "#ffffff"), ("rust", "#e1e1db")],
    &[("coal", "#131516"), ("navy", "#161923"), ("ayu", "#0f141a")],
];

/// A colour with its red, green and blue.
type Colour = [f64; 3];

/// The colours that the style sheet names, each for light and for dark pages.
fn pairs() -> BTreeMap<&'static str, [Colour; 2]> {
    let pair = |line: &'static str| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
        let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
        Some((name, [colour(light), colour(dark)]))
    };
    COLOURS.lines().filter_map(pair).collect()
}

fn colour(text: &str) -> Colour {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
    let digits = digits.unwrap_or_else(|| panic!("{text} is not a colour of six digits"));
    [0, 2, 4].map(|at| {
        let part = u8::from_str_radix(&digits[at..at + 2], 16).expect("digits are hexadecimal");
        f64::from(part) / 255.0
    })
}

fn luminance(colour: Colour) -> f64 {
    let linear = colour.map(|part| match part {
        part if part <= 0.04045 => part / 12.92,
        part => ((part + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Fails unless `text` can be read on the background.
fn assert_readable(text: &str, on: &str, colours: [Colour; 2]) {
    let found = contrast(colours[0], colours[1]);
    assert!(found >= LEAST, "--{text} on {on}: {found:.2} to 1, {LEAST} is the least");
}

#[test]
fn code_can_be_read_on_every_tint() {
    let pairs = pairs();
    let texts: Vec<_> =
        pairs.iter().filter(|(name, _)| name.starts_with("code-") && **name != "code-bg").collect();
    assert!(texts.len() >= 8, "the style sheet names the colours of code: {texts:?}");
    for on in ["code-bg", "deleted", "deleted-word", "inserted", "inserted-word"] {
        for (text, colours) in &texts {
            assert_readable(text, on, [colours[0], pairs[on][0]]);
            assert_readable(text, on, [colours[1], pairs[on][1]]);
        }
    }
}

#[test]
fn words_can_be_read_on_every_page() {
    let pairs = pairs();
    for text in ["links", "muted", "deleted-text", "inserted-text"] {
        for (kind, pages) in PAGES.iter().enumerate() {
            for (page, background) in *pages {
                assert_readable(text, page, [pairs[text][kind], colour(background)]);
            }
        }
    }
}

#[test]
fn words_can_be_read_on_the_tints_that_they_stand_on() {
    let pairs = pairs();
    for (text, on) in
        [("links", "code-bg"), ("deleted-text", "deleted"), ("inserted-text", "inserted")]
    {
        for kind in [0, 1] {
            assert_readable(text, on, [pairs[text][kind], pairs[on][kind]]);
        }
    }
}

#[test]
fn changed_words_stand_out_from_their_lines() {
    let pairs = pairs();
    for name in ["deleted", "inserted"] {
        for kind in [0, 1] {
            let word = pairs[&*format!("{name}-word")][kind];
            assert!(contrast(word, pairs[name][kind]) > 1.1, "--{name}-word");
        }
    }
}

#[test]
fn every_class_of_code_has_a_colour() {
    let sources = [
        ("a.rs", "// a\n#[x]\nfn f<'a>(self) -> T { g!(\"\\n\", 1u8) }"),
        ("a.toml", "[a]\nb = \"x\" # y\nc = 1\nd = true"),
        ("a.s", "1: b.ne 1b // x\n.long 1, {A}\nmov x1, \"a\""),
        ("a.sh", "if $A; then"),
    ];
    for (name, text) in sources {
        for span in lines(name, text).iter().flat_map(|line| &line.spans) {
            let is_named = COLOURS.contains(&format!(".{} ", span.class))
                || COLOURS.contains(&format!(".{},", span.class));
            assert!(is_named, "{} of {name} has no colour", span.class);
        }
    }
}

#[test]
fn contrast_is_what_the_guidelines_say() {
    let (black, white) = (colour("#000000"), colour("#ffffff"));
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
    assert!((contrast(white, colour("#767676")) - 4.54).abs() < 0.01);
    assert!((contrast(white, white) - 1.0).abs() < 1e-9);
}
