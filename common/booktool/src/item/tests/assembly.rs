//! Assembly.

use super::*;

const TEXT: &str = "// From the loader.
//
// More.

    .set    OFFSET, {OFFSET}

    .section .text.boot, \"ax\"

    b       _start
    .long   0

    .globl  _start
_start:
    msr     DAIFSet, #15
1:  wfe
.Lhere:
    b       1b

// Leave EL2.
    mov     x1, x2
// Then go on.
    nop

// The next.
    .balign 8
next:
    ret
last: ret

    .section .bss.boot, \"aw\", @nobits
    .balign 4096
table:
    .skip   4096
";

fn item(name: &str) -> String {
    shown("boot.s", TEXT, name)
}

#[test]
fn label_has_what_is_directly_above_and_its_local_labels() {
    let start = item("_start");
    assert!(start.starts_with("    .globl  _start\n_start:\n"), "{start}");
    assert!(start.contains("1:  wfe\n.Lhere:\n"));
    assert!(start.ends_with("// Then go on.\n    nop\n"), "{start}");
    assert_eq!(item("next"), "// The next.\n    .balign 8\nnext:\n    ret\n");
    assert_eq!(item("label last"), "last: ret\n");
}

#[test]
fn sections_constants_and_the_header_are_found() {
    assert_eq!(item("header"), "// From the loader.\n//\n// More.\n");
    assert_eq!(item("OFFSET"), "    .set    OFFSET, {OFFSET}\n");
    assert!(item(".text.boot").starts_with("    .section .text.boot"));
    assert!(item(".text.boot").ends_with("last: ret\n"));
    let bss =
        "    .section .bss.boot, \"aw\", @nobits\n    .balign 4096\ntable:\n    .skip   4096\n";
    assert_eq!(item(".bss.boot"), bss);
    assert_eq!(item("table"), bss);
}

#[test]
fn local_labels_and_what_is_missing_are_not_found() {
    for name in [".Lhere", "1", "nxt", "b"] {
        let message = failure("boot.s", TEXT, name);
        assert!(
            message.starts_with(&format!("boot.s has no item `{name}`; near it are")),
            "{message}"
        );
    }
    assert!(failure("boot.s", TEXT, "nxt").contains("near it are `next`"));
    let twice = "a:\n ret\na:\n ret\n";
    assert!(failure("boot.s", twice, "a").ends_with("say `a#1` (line 1) or `a#2` (line 3)"));
}

#[test]
fn steps_are_found_by_their_comment() {
    assert_eq!(item("_start > Leave EL2"), "// Leave EL2.\n    mov     x1, x2\n");
    assert!(item(".text.boot > .long   0").starts_with("    b       _start\n"));
}

#[test]
fn macros_are_items() {
    let text = "start:\n    ret\n\n// Saves.\n    .macro save\n    push rax\n    .endm\n";
    assert_eq!(shown("a.s", text, "save"), cut(text, &(4..8)));
}

#[test]
fn parts_and_scope() {
    let names: Vec<_> = told("boot.s", TEXT).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["header", "OFFSET", ".text.boot", ".bss.boot"]);
    let long = TEXT.replace("    b       1b\n", &"    b       1b\n".repeat(40));
    let names: Vec<_> = told("boot.s", &long).into_iter().map(|(name, _)| name).collect();
    let cut = ["header", "OFFSET", ".section", "_start", "next", "last", ".bss.boot"];
    assert_eq!(names, cut);
    assert_eq!(scope("boot.s", TEXT, 15), "label _start");
    assert_eq!(scope("boot.s", TEXT, 9), "section .text.boot");
    assert_eq!(scope("boot.s", TEXT, 4), "");
}
