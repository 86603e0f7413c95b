//! What macros define, as far as a reader would look for it by name.
//!
//! `test!` holds functions, which are parsed. Of the others it is enough to know that a definition
//! is `struct NAME … { … }`, as in `bitflags!`, or `NAME { … }` or `NAME [ … ]`, as in
//! `register_structs!` and `register_bitfields!`.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ItemMacro;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;

use super::rust::Reader;
use super::tree::Node;

/// The node of a macro, or of its use.
pub fn node(reader: &Reader, item: &ItemMacro, within: &str) -> Node {
    if let Some(ident) = &item.ident {
        let names = ["!", ""].map(|end| format!("{within}{ident}{end}")).into();
        return reader.leaf("macro_rules", item.span(), &item.attrs, names);
    }
    let path = &item.mac.path;
    let name = path.segments.last().map_or(String::new(), |last| last.ident.to_string());
    let names = vec![format!("{within}{name}!")];
    let mut leaf = reader.leaf("", item.span(), &item.attrs, names);
    let tokens = item.mac.tokens.clone();
    let children = if name == "test" {
        syn::parse2::<Items>(tokens).map_or(Vec::new(), |items| reader.items(&items.0, within))
    } else {
        definitions(reader, tokens, within)
    };
    if let ([only], false) = (&children[..], name == "test") {
        // What one macro holds alone is shown with the macro around it.
        leaf.names.splice(0..0, only.names.clone());
        leaf.kind = only.kind;
        leaf.summary.clone_from(&only.summary);
        return leaf;
    }
    let open = item.mac.delimiter.span().open();
    reader.branch(leaf, &item.attrs, open, children)
}

/// Items one after the other.
struct Items(Vec<syn::Item>);

impl Parse for Items {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(input.parse()?);
        }
        Ok(Self(items))
    }
}

/// The definitions in `tokens`.
fn definitions(reader: &Reader, tokens: TokenStream, within: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut start: Option<Span> = None;
    let mut words: Vec<String> = Vec::new();
    let mut is_attribute = false;
    for token in tokens {
        let begins = *start.get_or_insert(token.span());
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => is_attribute = true,
            TokenTree::Group(_) if is_attribute => is_attribute = false,
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Group(group) if is_body(group.delimiter()) => {
                if let Some((kind, name)) = defined(&words) {
                    let span = begins.join(group.span()).unwrap_or(begins);
                    nodes.push(reader.leaf(kind, span, &[], vec![format!("{within}{name}")]));
                }
                (start, words) = (None, Vec::new());
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                (start, words) = (None, Vec::new())
            }
            _ => {}
        }
    }
    nodes
}

fn is_body(delimiter: Delimiter) -> bool {
    matches!(delimiter, Delimiter::Brace | Delimiter::Bracket)
}

/// The kind and the name of what is defined by these words and a body.
fn defined(words: &[String]) -> Option<(&'static str, &str)> {
    for kind in ["struct", "enum", "union"] {
        if let Some(at) = words.iter().position(|word| word == kind) {
            return Some((kind, words.get(at + 1)?));
        }
    }
    match words {
        [name] => Some(("", name)),
        _ => None,
    }
}
