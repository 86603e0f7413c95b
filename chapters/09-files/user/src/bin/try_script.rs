//! Tries out `execve` of scripts: which program runs them, and with which words; and of files that
//! are no programs.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::ffi::CString;
use alloc::format;
use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general::{self, O_CREAT, O_RDONLY, O_WRONLY};
use user::process::execve;
use user::raw::{self, HERE, here};
use user::scratch::{Scratch, make, text};
use user::{Start, command, println, report};

/// A variable by which this program knows that it is a script's interpreter.
const SHOW: &CStr = c"SHOW=1";

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    if start.environment().any(|text| text == SHOW) {
        start.arguments().for_each(|word| println!("script: word {:?}", word));
        return 7;
    }
    let Some(own) = start.arguments().next() else { return 2 };
    let scratch = Scratch::enter("try-script");
    let copied = copy(&scratch, own);
    report::outcome("script: a copy of this program", copied);
    lines();
    interpreters();
    arguments();
    no_programs();
    refused();
    scratch.leave();
    0
}

/// Makes `show` a program: this one. Its path must be the same in every run, and short.
fn copy(scratch: &Scratch, own: &CStr) -> raw::Answer {
    scratch.back_to_start()?;
    let from = raw::open(own, O_RDONLY);
    raw::chdir(&scratch.path)?;
    let (from, to) = (from?, raw::openat(here(c"show"), O_CREAT | O_WRONLY, 0o755)?);
    let mut bytes = [0; 4096];
    loop {
        match raw::read(from, &mut bytes)? {
            0 => break,
            count => raw::write(to, &bytes[..count])?,
        };
    }
    raw::close(from)?;
    raw::close(to)
}

/// Makes a file at `path` that may be executed.
fn script(path: &CStr, contents: &[u8]) {
    make(path, contents);
    let arguments = [HERE, path.as_ptr() as usize, 0o755];
    // SAFETY: the kernel reads the path.
    let outcome = unsafe { report::ask_silently(general::__NR_fchmodat, &arguments) };
    assert!(outcome.is_ok(), "no script {path:?}");
}

/// Runs what is at `path` with `words`, and says how that ends.
fn run(what: &str, path: &CStr, words: &[&CStr]) {
    report::child(format!("execve: {what}"), || {
        report::outcome::<()>("execve", Err(execve(path, words, &[SHOW])));
        command::NOT_RUN.into()
    });
}

fn lines() {
    for (what, contents) in [
        ("an interpreter", &b"#!show\n"[..]),
        ("an interpreter and a word", b"#!show word\n"),
        ("two words are one", b"#!show two words\n"),
        ("spaces", b"#!   show   word  \n"),
        ("a tab", b"#!show\tword\t\n"),
        ("a path with dots", b"#!./show\n"),
        ("no line feed", b"#!show word"),
        ("lines below", b"#!show\nanything\n#!at all\n"),
        ("no interpreter", b"#!\n"),
        ("only spaces", b"#!   \n"),
        ("nothing behind the mark", b"#!"),
        ("half a mark", b"#"),
        ("a space before the mark", b" #!show\n"),
        ("an interpreter that there is not", b"#!nothing\n"),
        ("an interpreter that is a folder", b"#!.\n"),
        ("an interpreter in a file", b"#!script/show\n"),
        ("a carriage return", b"#!show\r\n"),
    ] {
        script(c"script", contents);
        run(what, c"script", &[c"zero", c"one", c"two and three"]);
    }
    let path = "./".repeat(120);
    script(c"script", format!("#!{path}show\n").as_bytes());
    run("a line of 247 bytes", c"script", &[c"zero"]);
    script(c"script", format!("#!show {}\n", "w".repeat(200)).as_bytes());
    run("a word of 200 bytes", c"script", &[c"zero"]);
}

fn interpreters() {
    script(c"inner", b"#!show inner-word\n");
    script(c"outer", b"#!inner outer-word\n");
    run("a script's interpreter is a script", c"outer", &[c"zero", c"one"]);
    script(c"circle", b"#!circle\n");
    run("a script's interpreter is itself", c"circle", &[c"zero"]);
    for depth in 1..=6 {
        let (path, next) = (text(&format!("deep-{depth}")), depth - 1);
        let inner = if next == 0 { "show".into() } else { format!("deep-{next}") };
        script(&path, format!("#!{inner}\n").as_bytes());
    }
    for depth in [2, 4, 5, 6] {
        let path = text(&format!("deep-{depth}"));
        run(&format!("{depth} scripts, one for the other"), &path, &[c"zero"]);
    }
    report::outcome("symlinkat", raw::symlink(c"inner", c"link"));
    run("a link to a script", c"link", &[c"zero", c"one"]);
    run("a path with dots", c"./././inner", &[c"zero", c"one"]);
}

fn arguments() {
    script(c"script", b"#!show word\n");
    run("no words at all", c"script", &[]);
    run("an empty word", c"script", &[c"zero", c""]);
    run("words with marks", c"script", &[c"#!x", c"#!y", c"\xff"]);
    let words: Vec<CString> = (0..10).map(|index| text(&format!("word-{index}"))).collect();
    let words: Vec<&CStr> = words.iter().map(CString::as_c_str).collect();
    run("ten words", c"script", &words);
}

fn no_programs() {
    for (what, contents) in [
        ("text", &b"some text\n"[..]),
        ("nothing", b""),
        ("one byte", b"x"),
        ("zeroes", &[0; 200]),
        ("the beginning of a program", b"\x7fELF"),
        ("a mark of another kind", b"\x7fELG and what else may follow it"),
    ] {
        script(c"no-program", contents);
        run(what, c"no-program", &[c"zero"]);
    }
    script(c"script", b"#!no-program\n");
    run("an interpreter that is no program", c"script", &[c"zero"]);
}

fn refused() {
    script(c"script", b"#!show\n");
    run("no such file", c"nothing", &[c"zero"]);
    run("no path", c"", &[c"zero"]);
    run("a folder", c".", &[c"zero"]);
    run("a path in a file", c"script/x", &[c"zero"]);
    run("a file with a slash", c"script/", &[c"zero"]);
    make(c"plain", b"#!show\n");
    run("a script that may not be executed", c"plain", &[c"zero"]);
    script(c"other", b"#!plain\n");
    run("an interpreter that may not be", c"other", &[c"zero"]);
    report::outcome("symlinkat", raw::symlink(c"circular", c"circular"));
    run("a link to itself", c"circular", &[c"zero"]);
    run("a name of 256 bytes", &text(&"n".repeat(256)), &[c"zero"]);
    run("a device", c"/dev/null", &[c"zero"]);
}
