//! `{{#contract}}`: what a chapter adds to the contract with the machine.
//!
//! `arch/mod.rs` lists what each machine must export, in one block for each chapter, and the
//! compiler holds the machines to it. The table has the same names and types, and what the machines
//! themselves say each one is: the first words of their documentation. Where the two say the same,
//! it is said once.

use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, Item, Local, Pat, PathArguments, Stmt, TypeParamBound};

use super::table::{Cell, Table, code, inline};
use crate::Result;
use crate::book::Book;
use crate::html::lens::display_name;
use crate::html::text;
use crate::item::{self, source};
use crate::page::Page;

/// The file with the contract.
const FILE: &str = "src/arch/mod.rs";

/// The table, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    let mut clauses = clauses(book.file(chapter, FILE)?)?;
    if let Some(before) = chapter.checked_sub(1) {
        let older = self::clauses(book.file(before, FILE)?)?;
        clauses.retain(|clause| !older.contains(clause));
    }
    if clauses.is_empty() {
        return Err(format!("chapter {} adds nothing to the contract", arguments[0]));
    }
    let machines: Vec<(&str, Vec<(&str, &str)>)> =
        book.machines().map(|arch| (arch, files(book, chapter, arch))).collect();
    table(&arguments[0], &clauses, &machines)
}

/// The Rust files of a machine.
fn files<'a>(book: &'a Book, chapter: usize, arch: &str) -> Vec<(&'a str, &'a str)> {
    let folder = format!("src/arch/{arch}/");
    let all = book.chapters[chapter].files.iter();
    let own = all.filter(|(name, _)| name.starts_with(&folder) && name.ends_with(".rs"));
    own.map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

/// A name that every machine exports.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clause {
    name: String,
    /// Its type; of a type, what it must be able to do.
    kind: String,
    /// Whether it is a type.
    is_type: bool,
}

fn table(
    number: &str,
    clauses: &[Clause],
    machines: &[(&str, Vec<(&str, &str)>)],
) -> Result<String> {
    let label = format!("what chapter {number} adds to the contract with the machine");
    let caption = "What `arch/mod.rs` asks of each machine.";
    let mut table = Table::new(&label, caption, &["name", "type", "what it is"]);
    for clause in clauses {
        let mut said: Vec<(&str, String)> = Vec::new();
        for (arch, files) in machines {
            said.push((*arch, documentation(&clause.name, arch, files)?));
        }
        let kind = match clause.is_type {
            true => format!("a type with {}", code(&clause.kind)),
            false => code(&clause.kind),
        };
        table.row(&code(&clause.name), &[Cell::Words(kind), Cell::Words(words(&said))]);
    }
    Ok(table.html())
}

/// What the machines say: once, if it is the same.
fn words(said: &[(&str, String)]) -> String {
    match said {
        [(_, first), rest @ ..] if rest.iter().all(|(_, other)| other == first) => inline(first),
        _ => {
            let each = said
                .iter()
                .map(|(arch, words)| format!("{}: {}", text(display_name(arch)), inline(words)));
            each.collect::<Vec<_>>().join("<br>")
        }
    }
}

/// The first words of the documentation of `name` in the `files` of `arch`.
fn documentation(name: &str, arch: &str, files: &[(&str, &str)]) -> Result<String> {
    for (file, text) in files {
        let Ok(found) = item::find(file, text, name) else { continue };
        let lines = text.lines().skip(found.lines.start - 1);
        let words = lines.map_while(|line| line.trim_start().strip_prefix("///"));
        let words: Vec<&str> = words.map(str::trim).take_while(|line| !line.is_empty()).collect();
        return match first_clause(&words.join(" ")) {
            "" => Err(format!("`{name}` in {file} has no documentation")),
            words => Ok(words.to_string()),
        };
    }
    Err(format!("`{name}` is nowhere in src/arch/{arch}"))
}

/// `words` up to the first full stop, colon or semicolon behind a word.
fn first_clause(words: &str) -> &str {
    let end = [". ", ": ", "; "].iter().filter_map(|mark| words.find(mark)).min();
    words[..end.unwrap_or(words.len())].trim_end_matches('.')
}

/// All that the contract in `text` asks for.
fn clauses(text: &str) -> Result<Vec<Clause>> {
    let file = syn::parse_file(text).map_err(|error| format!("{FILE} is not Rust: {error}"))?;
    let blocks = file.items.iter().filter_map(|item| match item {
        Item::Const(it) if it.ident == "_" => match &*it.expr {
            Expr::Block(block) => Some(&block.block.stmts),
            _ => None,
        },
        _ => None,
    });
    blocks.flat_map(|statements| block(text, statements)).collect()
}

/// What one block asks for: `let _: TYPE = NAME;` a value, `is_error::<NAME>();` a type, for which
/// the function says what it must be.
fn block(text: &str, statements: &[Stmt]) -> Vec<Result<Clause>> {
    let asked = statements.iter().filter_map(|statement| match statement {
        Stmt::Item(_) => None,
        Stmt::Local(local) => Some(value(text, local)),
        Stmt::Expr(expression, _) => Some(bounded(text, expression, statements)),
        Stmt::Macro(other) => Some(Err(strange(text, other.span()))),
    });
    asked.collect()
}

fn value(text: &str, local: &Local) -> Result<Clause> {
    match (&local.pat, &local.init) {
        (Pat::Type(typed), Some(init)) => {
            let (name, kind) = (source(text, init.expr.span()), source(text, typed.ty.span()));
            Ok(Clause { name, kind, is_type: false })
        }
        _ => Err(strange(text, local.span())),
    }
}

fn bounded(text: &str, expression: &Expr, statements: &[Stmt]) -> Result<Clause> {
    let clause = || {
        let Expr::Call(call) = expression else { return None };
        let Expr::Path(path) = &*call.func else { return None };
        let last = path.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        let GenericArgument::Type(name) = arguments.args.first()? else { return None };
        let kind = bound(text, &last.ident.to_string(), statements)?;
        Some(Clause { name: source(text, name.span()), kind, is_type: true })
    };
    clause().ok_or_else(|| strange(text, expression.span()))
}

/// What the function `name` among `statements` asks of its type.
fn bound(text: &str, name: &str, statements: &[Stmt]) -> Option<String> {
    let function = statements.iter().find_map(|statement| match statement {
        Stmt::Item(Item::Fn(function)) if function.sig.ident == name => Some(function),
        _ => None,
    })?;
    let parameter = function.sig.generics.type_params().next()?;
    let bounds = parameter.bounds.iter().map(|bound: &TypeParamBound| source(text, bound.span()));
    Some(bounds.collect::<Vec<_>>().join(" + "))
}

fn strange(text: &str, span: proc_macro2::Span) -> String {
    let line = span.start().line;
    format!("{FILE}:{line}: `{}` is no part of a contract", source(text, span))
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::rows;
    use super::*;

    const CONTRACT: &str = "
        const _: () = assert!(true);
        // Boot.
        const _: () = {
            let _: &str = NAME;
            let _: unsafe fn(
                usize,
            ) -> Result<(), E> = start;
            const fn is_error<T: core::error::Error + Send>() {}
            is_error::<E>();
        };
        const _: () = {
            let _: fn(&mut S, u8) = S::write;
        };
    ";

    const ARM: &str = "
        /// The name.
        pub const NAME: &str = \"arm\";
        /// Starts it: with `b`.
        ///
        /// More.
        pub unsafe fn start(a: usize) {}
        /// What is wrong
        /// with it. More.
        pub enum E {}
        impl S {
            /// Writes by a store.
            fn write(&mut self, byte: u8) {}
        }
    ";

    fn shown(arm: &str, intel: &str) -> Result<Vec<Vec<String>>> {
        let machines = [
            ("aarch64", vec![("none.rs", ""), ("arm.rs", arm)]),
            ("x86_64", vec![("intel.rs", intel)]),
        ];
        table("01", &clauses(CONTRACT)?, &machines).map(|html| rows(&html))
    }

    #[test]
    fn names_have_their_types_and_their_documentation() {
        let intel = ARM.replace("with `b`", "with `c`").replace("a store", "`out`");
        let both = "ARM64: Writes by a storex86_64: Writes by out";
        let expected = [
            ["NAME", "&str", "The name"],
            ["start", "unsafe fn( usize, ) -> Result<(), E>", "Starts it"],
            ["E", "a type with core::error::Error + Send", "What is wrong with it"],
            ["S::write", "fn(&mut S, u8)", both],
        ];
        let shown = shown(ARM, &intel).expect("all is there");
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_missing_is_an_error() {
        let message = shown(ARM, &ARM.replace("start", "begin")).expect_err("it is not there");
        assert_eq!(message, "`start` is nowhere in src/arch/x86_64");
        let message = shown(&ARM.replace("/// The name.", ""), ARM).expect_err("it has no words");
        assert_eq!(message, "`NAME` in arm.rs has no documentation");
    }

    #[test]
    fn what_is_no_contract_is_an_error() {
        for line in ["let x = 3;", "start();", "unknown::<E>();", "3;", "println!();"] {
            let text = format!("const _: () = {{\n {line}\n}};\n");
            let message = clauses(&text).expect_err("it is no clause");
            assert!(message.starts_with("src/arch/mod.rs:2: `"), "{message}");
            assert!(message.contains(line.trim_end_matches(';')), "{message}");
        }
        assert!(clauses("fn {").expect_err("no Rust").starts_with("src/arch/mod.rs is not Rust"));
    }

    #[test]
    fn the_kernels_have_contracts_that_can_be_shown() {
        let book = crate::book::tests::book();
        let count = |number: &str| {
            let page = Page::read(&book, "03-paging.md", "").expect("it is empty");
            expand(&[number.to_string()], &book, &page).map(|html| rows(&html).len())
        };
        assert_eq!((count("01"), count("02"), count("03")), (Ok(9), Ok(1), Ok(7)));
        assert_eq!(count("04"), Err("chapter 04 adds nothing to the contract".into()));
    }
}
