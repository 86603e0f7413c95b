//! The colours of Rust and TOML, by their tree-sitter grammars.
//!
//! A grammar names what it finds (`function.macro`); a table per language gives those names the
//! classes of highlight.js. Names that are left out stay plain on purpose: a page where every word
//! has a colour says nothing.

use std::fmt::Debug;
use std::ops::Range;
use std::sync::LazyLock;

use tree_sitter_highlight::{HighlightConfiguration, HighlightEvent, Highlighter};

use super::highlight::Span;

/// A grammar's names and the classes that they get. Longer names win.
type Classes = &'static [(&'static str, &'static str)];

const RUST_CLASSES: Classes = &[
    ("attribute", "hljs-meta"),
    ("comment", "hljs-comment"),
    ("constant.builtin", "hljs-number"),
    ("constructor", "hljs-type"),
    ("escape", "hljs-symbol"),
    ("function", "hljs-title"),
    ("function.macro", "hljs-built_in"),
    ("keyword", "hljs-keyword"),
    ("label", "hljs-symbol"),
    ("string", "hljs-string"),
    ("type", "hljs-type"),
    ("variable.builtin", "hljs-keyword"),
];

const TOML_CLASSES: Classes = &[
    ("boolean", "hljs-literal"),
    ("comment", "hljs-comment"),
    ("number", "hljs-number"),
    ("property", "hljs-attr"),
    ("string", "hljs-string"),
    ("type", "hljs-section"),
];

/// What has a colour in TOML. The query that comes with the grammar calls all of `key = value` a
/// property, spaces included.
const TOML_QUERY: &str = "
(pair . (_) @property)
(table . \"[\" . (_) @type)
(table_array_element . \"[[\" . (_) @type)
(string) @string
(boolean) @boolean
[(integer) (float)] @number
(comment) @comment
";

static RUST: LazyLock<HighlightConfiguration> = LazyLock::new(|| {
    let highlights = tree_sitter_rust::HIGHLIGHTS_QUERY;
    let inside_macros = tree_sitter_rust::INJECTIONS_QUERY;
    let language = tree_sitter_rust::LANGUAGE.into();
    named(
        HighlightConfiguration::new(language, "rust", highlights, inside_macros, ""),
        RUST_CLASSES,
    )
});

static TOML: LazyLock<HighlightConfiguration> = LazyLock::new(|| {
    let language = tree_sitter_toml_ng::LANGUAGE.into();
    named(HighlightConfiguration::new(language, "toml", TOML_QUERY, "", ""), TOML_CLASSES)
});

/// A language that a grammar knows.
#[derive(Clone, Copy)]
pub enum Grammar {
    Rust,
    Toml,
}

impl Grammar {
    /// What the highlighter wants to know, and the classes.
    fn parts(self) -> (&'static HighlightConfiguration, Classes) {
        match self {
            Self::Rust => (&RUST, RUST_CLASSES),
            Self::Toml => (&TOML, TOML_CLASSES),
        }
    }
}

/// A grammar with its queries, told which names we have classes for.
fn named(
    configuration: Result<HighlightConfiguration, impl Debug>,
    classes: Classes,
) -> HighlightConfiguration {
    let mut configuration = configuration.expect("a grammar comes with queries that fit it");
    let names: Vec<&str> = classes.iter().map(|(name, _)| *name).collect();
    configuration.configure(&names);
    configuration
}

/// The coloured parts of a text. What stands inside a macro is read as Rust again.
pub fn spans(grammar: Grammar, text: &str) -> Vec<Span> {
    let (configuration, classes) = grammar.parts();
    let inside = |language: &str| (language == "rust").then_some(&*RUST);
    let mut highlighter = Highlighter::new();
    let events = highlighter.highlight(configuration, text.as_bytes(), None, None, inside);
    let mut open = Vec::new();
    let mut spans = Vec::new();
    for event in events.into_iter().flatten().flatten() {
        match event {
            HighlightEvent::HighlightStart(name) => open.push(classes[name.0].1),
            HighlightEvent::HighlightEnd => drop(open.pop()),
            HighlightEvent::Source { start, end } => add(&mut spans, start..end, open.last()),
        }
    }
    spans
}

/// Adds a part; one that continues the part before becomes one with it.
fn add(spans: &mut Vec<Span>, range: Range<usize>, class: Option<&&'static str>) {
    let Some(class) = class else { return };
    match spans.last_mut() {
        Some(last) if last.range.end == range.start && last.class == *class => {
            last.range.end = range.end;
        }
        _ => spans.push(Span { range, class }),
    }
}
