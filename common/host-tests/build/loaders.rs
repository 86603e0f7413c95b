//! Loaders of programs in which one check is broken, so that the files that only it refuses can be
//! shown to be refused by nothing else.
//!
//! Every check is a call of `ensure`. Each of them is turned off in one loader. Further mistakes
//! are changes of text, as they happen to people: a bound off by one, an addition that overflows.

use std::fmt::Write;
use std::path::Path;

use crate::{Change, changed};

/// The file, from the root of the repository.
const LOADER: &str = "chapters/06-processes/src/process/elf.rs";

/// How a check begins, behind the blanks of its line.
const CHECK: &str = " ensure(";

/// What breaks the loader, and a name for it.
const MISTAKES: &[(&str, &[Change])] = &[
    ("one_header_too_many", &[("(1..=MOST_HEADERS)", "(1..=MOST_HEADERS + 1)")]),
    ("no_header_is_enough", &[("(1..=MOST_HEADERS)", "(0..=MOST_HEADERS)")]),
    ("one_header_too_few", &[("(1..=MOST_HEADERS)", "(1..MOST_HEADERS)")]),
    (
        "headers_overlap_by_a_byte",
        &[("offset >= HEADER_SIZE.into()", "offset + 1 >= HEADER_SIZE.into()")],
    ),
    ("headers_may_not_touch", &[("offset >= HEADER_SIZE.into()", "offset > HEADER_SIZE.into()")]),
    ("nothing_is_movable", &[("header.e_type == abi::ET_DYN", "false")]),
    ("movable_is_refused", &[("abi::ET_EXEC | abi::ET_DYN", "abi::ET_EXEC")]),
    ("alignment_is_ignored", &[("PIE_BASE & !(largest - 1)", "PIE_BASE")]),
    ("alignment_0_is_refused", &[("p_align.max(1)", "p_align")]),
    ("alignment_has_no_limit", &[("&& alignment <= LARGEST_ALIGNMENT", "")]),
    ("largest_alignment_is_refused", &[("<= LARGEST_ALIGNMENT", "< LARGEST_ALIGNMENT")]),
    ("full_segment_is_refused", &[("in_file <= in_memory", "in_file < in_memory")]),
    ("file_may_be_a_byte_longer", &[("in_file <= in_memory", "in_file <= in_memory + 1")]),
    ("threads_are_not_looked_at", &[(".chain(of_type(table, abi::PT_TLS))", "")]),
    ("nothing_must_be_in_the_file", &[("if size == 0 {", "if false {")]),
    ("first_page_is_refused", &[("pages.start >= LOWEST", "pages.start > LOWEST")]),
    ("last_page_is_refused", &[("pages.end <= HIGHEST", "pages.end < HIGHEST")]),
    (
        "the_stack_has_no_room",
        &[("pages.end <= HIGHEST", "pages.end <= crate::process::layout::STACK_TOP")],
    ),
    ("only_the_start_is_looked_at", &[("pages.end <= HIGHEST", "pages.start <= HIGHEST")]),
    ("touching_pages_are_refused", &[("pages.start >= end ||", "pages.start > end ||")]),
    ("the_end_wraps", &[("start.checked_add(size)?", "start.wrapping_add(size)")]),
    ("the_base_wraps", &[("p_vaddr.checked_add(base)", "Some(p_vaddr.wrapping_add(base))")]),
    (
        "half_pages_are_compared",
        &[("p_vaddr % FRAME_SIZE ==", "p_vaddr % 2048 + p_offset % FRAME_SIZE / 2048 * 2048 ==")],
    ),
    ("the_entry_may_be_in_data", &[("access(header.p_flags).contains(Access::EXECUTE)", "true")]),
    ("the_entry_may_be_in_zeroes", &[("offset < header.p_filesz", "offset < header.p_memsz")]),
    ("the_entry_may_be_behind", &[("offset < header.p_filesz", "offset <= header.p_filesz")]),
    (
        "the_entry_may_not_be_first",
        &[("offset < header.p_filesz", "0 < offset && offset < header.p_filesz")],
    ),
    ("the_entry_is_not_moved", &[("VirtAddr(header.e_entry + base)", "VirtAddr(header.e_entry)")]),
    (
        "headers_are_not_moved",
        &[("VirtAddr(base + segment.p_vaddr + offset)", "VirtAddr(segment.p_vaddr + offset)")],
    ),
    (
        "headers_are_anywhere",
        &[("(offset + size <= segment.p_filesz)", "(offset <= segment.p_filesz)")],
    ),
    ("code_may_be_written", &[("Access::WRITE, flags & abi::PF_W != 0", "Access::WRITE, false")]),
    (
        "an_end_in_a_page_is_cut",
        &[("?.checked_next_multiple_of(FRAME_SIZE)?", "? / FRAME_SIZE * FRAME_SIZE")],
    ),
];

/// Writes all of them into `out`, as modules, and a list of them.
pub fn write(root: &Path, out: &Path) {
    println!("cargo::rerun-if-changed=build/loaders.rs");
    let file = root.join(LOADER);
    println!("cargo::rerun-if-changed={}", file.display());
    let text = std::fs::read_to_string(&file).expect("chapter 6 has a loader");
    let errors = file.with_extension("").join("error.rs");
    let text =
        changed(LOADER, text, &[("mod error;", &format!("#[path = {errors:?}]\nmod error;"))]);
    let text = changed(LOADER, text, &[("use super::layout::", "use crate::process::layout::")]);
    let mut modules = String::new();
    let (mut checks, mut mistakes) = (String::new(), String::new());
    for (index, (place, _)) in text.match_indices(CHECK).enumerate() {
        let (before, check) = text.split_at(place);
        if before.ends_with("fn") {
            // That is what they call.
            continue;
        }
        let what = check.lines().next().expect("it has the check").trim();
        let name = format!("check_{index}");
        let check = check.replacen(CHECK, " ensure(true || ", 1);
        module(out, &name, &format!("{before}{check}"), &mut modules);
        writeln!(checks, "({what:?}, super::answer!({name})),").expect("a string has room");
    }
    for (name, changes) in MISTAKES {
        module(out, name, &changed(LOADER, text.clone(), changes), &mut modules);
        writeln!(mistakes, "({name:?}, super::answer!({name})),").expect("a string has room");
    }
    modules += &format!("pub const WITHOUT_CHECK: &[super::Loader] = &[\n{checks}];\n");
    modules += &format!("pub const MISTAKES: &[super::Loader] = &[\n{mistakes}];\n");
    std::fs::write(out.join("loaders.rs"), modules).expect("Cargo made the folder");
}

fn module(out: &Path, name: &str, text: &str, modules: &mut String) {
    let file = out.join(format!("loader_{name}.rs"));
    std::fs::write(&file, text).expect("Cargo made the folder");
    writeln!(modules, "#[path = {file:?}]\nmod {name};").expect("a string has room");
}
