//! Rust, as the compiler's grammar has it.
//!
//! The parser keeps the lines of everything but comments that are no documentation. Those stand
//! directly above what they are about, so they are found by looking there.

use std::ops::Range;

use proc_macro2::{LineColumn, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{
    Attribute, Block, Expr, ForeignItem, ImplItem, Item, ItemConst, ItemImpl, ItemMod, Meta, Stmt,
    TraitItem, Type,
};

use super::macros;
use super::tree::Node;
use crate::Result;

/// The items of `text`.
pub fn nodes(text: &str) -> Result<Vec<Node>> {
    let file = syn::parse_file(text).map_err(|error| {
        let at = error.span().start();
        format!("is not Rust: line {}: {error}", at.line)
    })?;
    let lines = text.lines().collect();
    let reader = Reader { lines };
    let header = reader.header(&file.attrs);
    Ok(header.into_iter().chain(reader.items(&file.items, "")).collect())
}

/// The lines that items are cut from.
pub struct Reader<'a> {
    lines: Vec<&'a str>,
}

impl Reader<'_> {
    /// The documentation of the whole file, with the attributes that hold for all of it.
    fn header(&self, attributes: &[Attribute]) -> Option<Node> {
        let end = attributes.last()?.span().end().line;
        let names = vec!["header".to_string()];
        let summary = summary(attributes);
        Some(Node { names, lines: 1..end + 1, summary, ..Node::default() })
    }

    /// The nodes of `items`; `within` is what stands before their names, such as `tests::`.
    pub fn items(&self, items: &[Item], within: &str) -> Vec<Node> {
        items.iter().map(|item| self.item(item, within)).collect()
    }

    fn item(&self, item: &Item, within: &str) -> Node {
        let named = |kind, attributes: &[Attribute], name: &dyn ToString| {
            self.leaf(kind, item.span(), attributes, vec![format!("{within}{}", name.to_string())])
        };
        match item {
            Item::Const(it) if it.ident == "_" => self.unnamed(it, within),
            Item::Const(it) => named("const", &it.attrs, &it.ident),
            Item::Enum(it) => named("enum", &it.attrs, &it.ident),
            Item::ExternCrate(it) => named("extern crate", &it.attrs, &it.ident),
            Item::Fn(it) => named("fn", &it.attrs, &it.sig.ident),
            Item::ForeignMod(it) => self.foreign(it, within),
            Item::Impl(it) => self.implementation(it, within),
            Item::Macro(it) => macros::node(self, it, within),
            Item::Mod(it) => self.module(it, within),
            Item::Static(it) => named("static", &it.attrs, &it.ident),
            Item::Struct(it) => named("struct", &it.attrs, &it.ident),
            Item::Trait(it) => self.interface(it, within),
            Item::TraitAlias(it) => named("trait", &it.attrs, &it.ident),
            Item::Type(it) => named("type", &it.attrs, &it.ident),
            Item::Union(it) => named("union", &it.attrs, &it.ident),
            Item::Use(it) => self.leaf("use", it.span(), &it.attrs, Vec::new()),
            other => self.leaf("", other.span(), &[], Vec::new()),
        }
    }

    /// A node without others within. `span` has the item from its first attribute on.
    pub fn leaf(
        &self,
        kind: &'static str,
        span: Span,
        attributes: &[Attribute],
        names: Vec<String>,
    ) -> Node {
        let lines = self.lines_of(span);
        let summary = summary(attributes);
        Node { kind, names, lines, summary, ..Node::default() }
    }

    /// A node with others within, in the braces that `open` begins.
    pub fn branch(
        &self,
        leaf: Node,
        attributes: &[Attribute],
        open: Span,
        children: Vec<Node>,
    ) -> Node {
        let documented = attributes.iter().filter(|it| it.path().is_ident("doc"));
        let documented = documented.map(|it| it.span().end().line + 1).max();
        let opens = documented.unwrap_or(leaf.lines.start)..open.start().line + 1;
        let closes = leaf.lines.end - 1..leaf.lines.end;
        Node { frame: vec![opens, closes], children, ..leaf }
    }

    /// The lines of `span`, with the comment directly above.
    fn lines_of(&self, span: Span) -> Range<usize> {
        let mut start = span.start().line;
        while start > 1 && is_comment(self.lines[start - 2]) {
            start -= 1;
        }
        start..span.end().line + 1
    }

    fn module(&self, item: &ItemMod, within: &str) -> Node {
        let name = format!("{within}{}", item.ident);
        let leaf = self.leaf("mod", item.span(), &item.attrs, vec![name.clone()]);
        match &item.content {
            None => leaf,
            Some((brace, items)) => {
                let children = self.items(items, &format!("{name}::"));
                self.branch(leaf, &item.attrs, brace.span.open(), children)
            }
        }
    }

    fn foreign(&self, item: &syn::ItemForeignMod, within: &str) -> Node {
        let children = item.items.iter().map(|inner| {
            let (kind, attributes, name) = match inner {
                ForeignItem::Fn(it) => ("fn", &it.attrs, it.sig.ident.to_string()),
                ForeignItem::Static(it) => ("static", &it.attrs, it.ident.to_string()),
                ForeignItem::Type(it) => ("type", &it.attrs, it.ident.to_string()),
                other => return self.leaf("", other.span(), &[], Vec::new()),
            };
            self.leaf(kind, inner.span(), attributes, vec![format!("{within}{name}")])
        });
        let children = children.collect();
        // A directive has no way to quote a quotation mark.
        let names = ["extern \"C\"", "extern"].map(|name| format!("{within}{name}")).into();
        let leaf = self.leaf("extern", item.span(), &item.attrs, names);
        self.branch(leaf, &item.attrs, item.brace_token.span.open(), children)
    }

    fn interface(&self, item: &syn::ItemTrait, within: &str) -> Node {
        let name = format!("{within}{}", item.ident);
        let children = item.items.iter().map(|inner| {
            let (kind, attributes, ident) = match inner {
                TraitItem::Const(it) => ("const", &it.attrs, &it.ident),
                TraitItem::Fn(it) => ("fn", &it.attrs, &it.sig.ident),
                TraitItem::Type(it) => ("type", &it.attrs, &it.ident),
                other => return self.leaf("", other.span(), &[], Vec::new()),
            };
            self.leaf(kind, inner.span(), attributes, vec![format!("{name}::{ident}")])
        });
        let children = children.collect();
        let leaf = self.leaf("trait", item.span(), &item.attrs, vec![name.clone()]);
        self.branch(leaf, &item.attrs, item.brace_token.span.open(), children)
    }

    /// An `impl`: found by its short name, `impl Pool for Bump`, and by all that it says up to its
    /// brace; what is in it by `Bump::free` and, if it is a trait's, `<Bump as Pool>::free`.
    fn implementation(&self, item: &ItemImpl, within: &str) -> Node {
        let own = type_name(&item.self_ty);
        let of = item
            .trait_
            .as_ref()
            .and_then(|(path, _)| Some(path.segments.last()?.ident.to_string()));
        let short = of.as_ref().map_or(format!("impl {own}"), |of| format!("impl {of} for {own}"));
        let full = between(
            &self.lines,
            item.impl_token.span.start(),
            item.brace_token.span.open().start(),
        );
        let prefixes: Vec<String> = [Some(own.clone()), of.map(|of| format!("<{own} as {of}>"))]
            .into_iter()
            .flatten()
            .map(|prefix| format!("{within}{prefix}::"))
            .collect();
        let children = item.items.iter().map(|inner| {
            let (kind, attributes, ident) = match inner {
                ImplItem::Const(it) => ("const", &it.attrs, &it.ident),
                ImplItem::Fn(it) => ("fn", &it.attrs, &it.sig.ident),
                ImplItem::Type(it) => ("type", &it.attrs, &it.ident),
                other => return self.leaf("", other.span(), &[], Vec::new()),
            };
            let names = prefixes.iter().map(|prefix| format!("{prefix}{ident}")).collect();
            self.leaf(kind, inner.span(), attributes, names)
        });
        let children = children.collect();
        let mut names: Vec<String> = [short, full].map(|name| format!("{within}{name}")).into();
        names.dedup();
        let leaf = self.leaf("impl", item.span(), &item.attrs, names);
        self.branch(leaf, &item.attrs, item.brace_token.span.open(), children)
    }

    /// `const _`: found by every name that it mentions, `const _ flush_page`.
    fn unnamed(&self, item: &ItemConst, within: &str) -> Node {
        let mut words = Vec::new();
        collect_words(quote_of(&item.expr), &mut words);
        words.sort();
        words.dedup();
        let own = format!("{within}const _");
        let longer = words.iter().map(|word| format!("{own} {word}"));
        let names = std::iter::once(own.clone()).chain(longer).collect();
        let mut leaf = self.leaf("const", item.span(), &item.attrs, names);
        if leaf.summary.is_empty() {
            leaf.summary = comment(self.lines[leaf.lines.start - 1]);
        }
        match &*item.expr {
            Expr::Block(block) => {
                let children = self.statements(&block.block, within);
                let open = block.block.brace_token.span.open();
                self.branch(leaf, &item.attrs, open, children)
            }
            _ => leaf,
        }
    }

    /// The items among the statements of `block`.
    fn statements(&self, block: &Block, within: &str) -> Vec<Node> {
        let items = block.stmts.iter().filter_map(|statement| match statement {
            Stmt::Item(item) => Some(self.item(item, within)),
            _ => None,
        });
        items.collect()
    }
}

/// The first line of the documentation in `attributes`.
fn summary(attributes: &[Attribute]) -> String {
    let text = attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(it) if it.path.is_ident("doc") => match &it.value {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    text.unwrap_or_default().trim().to_string()
}

/// The name of a type without what it is generic over.
fn type_name(of: &Type) -> String {
    match of {
        Type::Path(path) => {
            path.path.segments.last().map_or(String::new(), |last| last.ident.to_string())
        }
        Type::Reference(reference) => type_name(&reference.elem),
        other => quote_of(other).to_string(),
    }
}

fn quote_of(tokens: &impl quote::ToTokens) -> TokenStream {
    tokens.to_token_stream()
}

fn collect_words(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Group(group) => collect_words(group.stream(), words),
            _ => {}
        }
    }
}

/// Whether `line` is a comment and no documentation of what is around it.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") && !line.starts_with("//!")
}

/// What a comment of one line says.
fn comment(line: &str) -> String {
    line.trim_start().strip_prefix("//").unwrap_or_default().trim().to_string()
}

/// What stands in `text` at `span`, on one line.
pub fn source(text: &str, span: Span) -> String {
    between(&text.lines().collect::<Vec<_>>(), span.start(), span.end())
}

/// What stands from `start` to before `end`, on one line.
fn between(lines: &[&str], start: LineColumn, end: LineColumn) -> String {
    let lines = (start.line..=end.line).map(|line| {
        let text = lines[line - 1];
        let from = if line == start.line { start.column } else { 0 };
        let to = if line == end.line { end.column } else { text.chars().count() };
        text.chars().take(to).skip(from).collect::<String>()
    });
    lines.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
