//! The calls of the last chapter, as the kernel describes them, without what answers them.
//!
//! A descriptor names its handler, and a handler needs a kernel. So of each file that describes
//! calls only the items are compiled that say what they take: Linux's numbers, lists of names, and
//! `CALLS`, which a macro of the test takes the handlers out of.

use std::fmt::Write;
use std::path::Path;

/// The kernel, from the root of the repository.
const KERNEL: &str = "chapters/09-files/src";

/// What begins the list of a file.
const LIST: &str = "const CALLS: &[Descriptor] =";

/// What is in the first line of each constant that a list may want, and of each function.
const WANTED: [&str; 5] = [": Kind =", "[Kind]", "[Kind; ", "(u32, &str)", ": u32 ="];
const WANTED_FUNCTION: &str = "-> Option<Kind>";

/// Files that have no list, but constants for the lists of others.
const WITHOUT_LIST: [&str; 2] = ["clocks", "ioctl"];

/// Writes them into `out`: a module for each file, and the lists of all.
pub fn write(root: &Path, out: &Path) {
    println!("cargo::rerun-if-changed=build/calls.rs");
    let machine = std::env::var("CARGO_CFG_TARGET_ARCH").expect("Cargo sets it");
    let machine = format!("arch/{machine}");
    let (mut modules, mut lists) = (String::new(), String::new());
    for folder in ["syscall", "syscall/files", "syscall/time", &machine] {
        let folder = root.join(KERNEL).join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        for entry in folder.read_dir().expect("chapter 9 has such a folder") {
            let path = entry.expect("it can be read").path();
            if path.is_file() {
                add(&path, &mut modules, &mut lists);
            }
        }
    }
    modules += &format!("pub const LISTS: &[&[Call]] = &[{lists}];\n");
    std::fs::write(out.join("calls.rs"), modules).expect("Cargo made the folder");
}

/// Adds what the file at `path` describes.
fn add(path: &Path, modules: &mut String, lists: &mut String) {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("it is ASCII");
    let name = if stem == "calls" { "arch" } else { stem };
    let text = std::fs::read_to_string(path).expect("it can be read");
    let has_list = text.contains(LIST);
    if !has_list && !WITHOUT_LIST.contains(&stem) {
        return;
    }
    writeln!(modules, "pub mod {name} {{\nuse super::prelude::*;").expect("a string has room");
    let mut lines = text.lines();
    while let Some(item) = item(&mut lines) {
        match item.split_once(LIST) {
            Some((_, list)) => writeln!(modules, "calls! {{{list}}}"),
            None => writeln!(modules, "{item}"),
        }
        .expect("a string has room");
    }
    modules.push_str("}\n");
    if has_list {
        lists.push_str(&format!("{name}::CALLS, "));
    }
}

/// The next of the items in `lines` that are compiled.
fn item<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<String> {
    let (first, end) = lines.find_map(|line| Some((line, end(line)?)))?;
    let mut item = String::from(first);
    while !item.ends_with(end) {
        item = item + "\n" + lines.next()?;
    }
    Some(item)
}

/// How an item ends that is compiled and begins with `line`.
fn end(line: &str) -> Option<&'static str> {
    let bare = line.trim_start_matches("pub(super) ").trim_start_matches("pub ");
    let is_wanted = bare.contains(LIST) || WANTED.iter().any(|wanted| bare.contains(wanted));
    let is_constant = bare.starts_with("const ") && !bare.starts_with("const fn") && is_wanted;
    let is_function = bare.starts_with("fn ") && bare.contains(WANTED_FUNCTION);
    match bare.starts_with("use linux_raw_sys::") || is_constant {
        true => Some(";"),
        false => is_function.then_some("\n}"),
    }
}
