//! Tells the compiler of what the kernels' files ask for, and makes variants of some of them.
//!
//! `ktest`, a feature, and the name of an exercise are not set for this package: what they switch
//! on belongs into a kernel.
//!
//! The ring of chapter 5 has no lock, so it must be tried in every order in which two threads can
//! come to its atomics. The tool for that, loom, wants its own atomics in the file, which cannot be
//! made at compile time; and few places, so that they are used again. These are changes of text,
//! and each text must stand in the file once. More changes break the ring on purpose: with each of
//! them what tries it must find fault.

#[path = "build/calls.rs"]
mod calls;
#[path = "build/loaders.rs"]
mod loaders;

use std::path::Path;

/// The file, from the root of the repository.
const RING: &str = "chapters/05-interrupts/src/input/ring.rs";

/// A text in the file, and what comes instead.
type Change<'a> = (&'a str, &'a str);

/// What makes the ring one that loom can try, which begins two steps before its indices overflow.
const FOR_LOOM: &[Change] = &[
    ("use core::sync::atomic::", "use crate::atomic::"),
    ("pub const SIZE: usize = 256;", "pub use crate::interleavings::SIZE;"),
    ("pub const fn new()", "pub fn new()"),
    ("[const { AtomicU8::new(0) }; SIZE]", "core::array::from_fn(|_| AtomicU8::new(0))"),
    ("pushed: AtomicUsize::new(0)", "pushed: AtomicUsize::new(usize::MAX - 1)"),
    ("popped: AtomicUsize::new(0)", "popped: AtomicUsize::new(usize::MAX - 1)"),
];

/// What breaks it, and a name for it.
const MISTAKES: &[(&str, &[Change])] = &[
    (
        "push_looks_without_acquire",
        &[("(self.popped.load(Ordering::Acquire))", "(self.popped.load(Ordering::Relaxed))")],
    ),
    (
        "push_publishes_without_release",
        &[(
            "pushed.wrapping_add(1), Ordering::Release",
            "pushed.wrapping_add(1), Ordering::Relaxed",
        )],
    ),
    (
        "pop_looks_without_acquire",
        &[("self.pushed.load(Ordering::Acquire)", "self.pushed.load(Ordering::Relaxed)")],
    ),
    (
        "pop_frees_without_release",
        &[(
            "popped.wrapping_add(1), Ordering::Release",
            "popped.wrapping_add(1), Ordering::Relaxed",
        )],
    ),
    (
        "push_publishes_first",
        &[
            ("self.bytes[pushed % SIZE].store(byte, Ordering::Relaxed);", ""),
            ("Ok(())\n", "self.bytes[pushed % SIZE].store(byte, Ordering::Relaxed);\nOk(())\n"),
        ],
    ),
    (
        "pop_frees_first",
        &[
            ("let byte = self.bytes[popped % SIZE].load(Ordering::Relaxed);", ""),
            ("Some(byte)", "Some(self.bytes[popped % SIZE].load(Ordering::Relaxed))"),
        ],
    ),
    ("push_overflows", &[("pushed.wrapping_add(1),", "pushed + 1,")]),
    ("push_overwrites", &[("return Err(Full);", "let _ = Full;")]),
];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(feature, values(\"ktest\"))");
    println!("cargo::rustc-check-cfg=cfg(exercise, values(any()))");
    println!("cargo::rerun-if-changed=build.rs");
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("Cargo sets it");
    let root = Path::new(&folder).ancestors().nth(2).expect("this is common/host-tests");
    let out = std::env::var("OUT_DIR").expect("Cargo sets it");
    println!("cargo::rerun-if-changed={}", root.join(RING).display());
    let ring = std::fs::read_to_string(root.join(RING)).expect("chapter 5 has a ring");
    let ring = changed(RING, ring, FOR_LOOM);
    let mut modules = module(Path::new(&out), "ring", &ring);
    let mut names = String::new();
    for (name, changes) in MISTAKES {
        modules += &module(Path::new(&out), name, &changed(RING, ring.clone(), changes));
        names += &format!("(\"{name}\", super::Checks::of::<{name}::Ring>()),\n");
    }
    modules += &format!("pub const MISTAKES: &[(&str, super::Checks)] = &[\n{names}];\n");
    std::fs::write(Path::new(&out).join("rings.rs"), modules).expect("Cargo made the folder");
    loaders::write(root, Path::new(&out));
    calls::write(root, Path::new(&out));
}

/// The `text` of `file` with all `changes`.
fn changed(file: &str, text: String, changes: &[Change]) -> String {
    changes.iter().fold(text, |text, (old, new)| {
        let count = text.matches(old).count();
        assert!(count == 1, "{file} has `{old}` {count} times, not once");
        text.replace(old, new)
    })
}

/// Writes a file with a ring into `out`, and gives the lines that make it the module `name`, in
/// which it is a queue to be tried.
fn module(out: &Path, name: &str, text: &str) -> String {
    let file = out.join(format!("{name}.rs"));
    std::fs::write(&file, text).expect("Cargo made the folder");
    format!("#[path = {file:?}]\npub mod {name};\nqueue!({name}::Ring);\n")
}
