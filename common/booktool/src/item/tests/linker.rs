//! Linker scripts.

use super::*;

const TEXT: &str = "/* Where everything lies.
 *
 * More. */

OFFSET = 0x40 - (LOAD & ~0x3f);

ENTRY(__entry)

PHDRS {
    text   PT_LOAD FLAGS(5);    /* r-x */
}

SECTIONS {
    . = LOAD + OFFSET;
    __entry = _start - OFFSET;

    /* The code { comes first. */
    .text : AT(ADDR(.text) - OFFSET) {
        __text_start = .;
        KEEP(*(.text.boot))     /* first */
        *(.text .text.*)
        PROVIDE(__text_end = .);
    } :text

    .bss (NOLOAD) : ALIGN(4K) {
        . += STACK;
    }

    /DISCARD/ : { *(.eh_frame) }
}

ASSERT(__text_start == LOAD, \"one\")
ASSERT(OFFSET % 2M == 0, \"two\")
";

fn item(name: &str) -> String {
    shown("linker.ld", TEXT, name)
}

#[test]
fn blocks_sections_and_symbols_are_found() {
    assert_eq!(item("header"), "/* Where everything lies.\n *\n * More. */\n");
    assert_eq!(item("OFFSET"), "OFFSET = 0x40 - (LOAD & ~0x3f);\n");
    assert_eq!(item("ENTRY"), "ENTRY(__entry)\n");
    assert!(item("PHDRS").starts_with("PHDRS {\n") && item("PHDRS").ends_with("}\n"));
    assert!(item("SECTIONS").starts_with("SECTIONS {\n") && item("SECTIONS").ends_with("}\n}\n"));
    let text = item(".text");
    assert!(text.starts_with("    /* The code { comes first. */\n    .text :"), "{text}");
    assert!(text.ends_with("    } :text\n"), "{text}");
    assert_eq!(item("section .bss").lines().count(), 3);
    assert_eq!(item("/DISCARD/"), "    /DISCARD/ : { *(.eh_frame) }\n");
    assert_eq!(item("__text_start"), "        __text_start = .;\n");
    assert_eq!(item("__text_end"), "        PROVIDE(__text_end = .);\n");
    assert_eq!(item("ASSERT#2"), "ASSERT(OFFSET % 2M == 0, \"two\")\n");
}

#[test]
fn what_is_missing_or_there_twice_is_told() {
    let message = failure("linker.ld", TEXT, ".txt");
    assert!(message.contains("has no item `.txt`; near it are `.text`"), "{message}");
    let message = failure("linker.ld", TEXT, "ASSERT");
    assert!(message.ends_with("say `ASSERT#1` (line 32) or `ASSERT#2` (line 33)"), "{message}");
    let message = failure("linker.ld", "SECTIONS {\n", "SECTIONS");
    assert_eq!(message, "linker.ld is no linker script: `SECTIONS` is not closed");
}

#[test]
fn parts_and_scope() {
    let names: Vec<_> = told("linker.ld", TEXT).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["header", "OFFSET", "ENTRY", "PHDRS", "SECTIONS", "ASSERT", "ASSERT"]);
    assert_eq!(scope("linker.ld", TEXT, 20), "section .text");
    assert_eq!(scope("linker.ld", TEXT, 19), "symbol __text_start");
    assert_eq!(scope("linker.ld", TEXT, 14), "block SECTIONS");
    assert_eq!(scope("linker.ld", TEXT, 4), "");
}
