//! Tests of what is told apart: the program's output, the kernel's, and the end.

use super::*;

/// What the boot, the kernel and the program have said, and how it ended, when `console` comes
/// in pieces of `length`.
fn heard(console: &[u8], length: usize) -> ([Vec<u8>; 3], Option<End>) {
    let mut said = [Vec::new(), Vec::new(), Vec::new()];
    let mut account = Account::new("bin/x");
    let mut tell = |speaker, bytes: &[u8]| said[speaker as usize].extend_from_slice(bytes);
    console.chunks(length).for_each(|piece| account.hear(piece, &mut tell));
    let end = account.finish(&mut tell);
    (said, end)
}

/// The program's output and its end, which must not depend on how the console comes.
fn output(console: &[u8]) -> (Vec<u8>, Option<End>) {
    let whole = heard(console, console.len());
    for length in 1..console.len() {
        assert_eq!(heard(console, length), whole, "in pieces of {length}");
    }
    let ([_, _, program], end) = whole;
    (program, end)
}

const BOOT: &[u8] = b"strata\r\ninit: bin/xy\r\n init: bin/x\r\ninit: bin/x\r\n";

fn plain(program: &[u8], last: &str) -> (Vec<u8>, Option<End>) {
    output(&[BOOT, program, last.as_bytes()].concat())
}

#[test]
fn the_programs_output_is_told_apart() {
    let last = "init: bin/x: exited with 7\r\n";
    assert_eq!(plain(b"a\r\nb\r\n", last), (b"a\nb\n".to_vec(), Some(End::Status(7))));
    assert_eq!(plain(b"no end", last), (b"no end".to_vec(), Some(End::Status(7))));
    assert_eq!(plain(b"", last), (Vec::new(), Some(End::Status(7))));
    let killed = "init: bin/x: killed by SIGSEGV\r\n";
    assert_eq!(plain(b"a\r\n", killed), (b"a\n".to_vec(), Some(End::Signal(11))));
    let killed = "init: bin/x: killed by signal 40\r\n";
    assert_eq!(plain(b"", killed).1, Some(End::Signal(40)));
    let (said, _) = heard(&[BOOT, b"a", last.as_bytes()].concat(), 9);
    assert_eq!(said[0], b"strata\ninit: bin/xy\n init: bin/x\n");
    assert_eq!(said[1], b"init: bin/x\ninit: bin/x: exited with 7\n");
}

#[test]
fn only_one_carriage_return_is_taken_away() {
    let last = "init: bin/x: exited with 0\r\n";
    // What the program printed was "\r\n", "\r\r\n", "a\rb" and a return at its end.
    for (sent, printed) in [
        (&b"\r\r\n"[..], &b"\r\n"[..]),
        (b"\r\r\r\n", b"\r\r\n"),
        (b"a\rb", b"a\rb"),
        (b"a\r", b"a\r"),
        (b"\x00\xff\x1b", b"\x00\xff\x1b"),
    ] {
        assert_eq!(plain(sent, last).0, printed);
    }
}

#[test]
fn a_program_may_print_the_kernels_words() {
    let last = "init: bin/x: killed by SIGKILL\r\n";
    for words in [
        "init: bin/x: exited with 3\r\n",
        "init: bin/x: exited with 3\r\ninit: bin/x: exited with 4\r\n",
        "init: bin/x\r\n",
        "init: bin/x: killed by nobody, really\r\n",
        "init: init: bin/x: exited with ",
        "ininit: bin/",
    ] {
        let printed = words.replace('\r', "").into_bytes();
        assert_eq!(plain(words.as_bytes(), last), (printed, Some(End::Signal(9))), "{words}");
    }
}

#[test]
fn without_the_last_line_there_is_no_end() {
    assert_eq!(plain(b"half a line", ""), (b"half a line".to_vec(), None));
    assert_eq!(plain(b"", "init: bin/x: exited w"), (b"init: bin/x: exited w".to_vec(), None));
    let (said, end) = heard(b"strata\r\npanic: no pro", 4);
    assert_eq!((&said[0][..], end), (&b"strata\npanic: no pro"[..], None));
}

#[test]
fn two_bytes_behind_the_last_words_may_be_lost() {
    let start = b"\x0einit: bin/x\r\n\x0fa\x0einit: bin/x: exited with 12\r\n\x0f";
    for lost in 0..=2 {
        let cut = &start[..start.len() - lost];
        assert_eq!(output(cut), (b"a".to_vec(), Some(End::Status(12))), "{lost}");
        let cut = "init: bin/x: exited with 12\r\n";
        let cut = &cut[..cut.len() - lost];
        assert_eq!(plain(b"a", cut), (b"a".to_vec(), Some(End::Status(12))), "{lost}");
    }
    // What follows may be another digit.
    assert_eq!(output(&start[..start.len() - 3]), (b"a".to_vec(), None));
    let goodbye = [start, &b"\x0egoodby"[..]].concat();
    assert_eq!(output(&goodbye), (b"a".to_vec(), Some(End::Status(12))));
}

#[test]
fn a_prompt_is_told_at_once() {
    let mut program = Vec::new();
    let mut tell = |speaker, bytes: &[u8]| {
        if speaker == Speaker::Program {
            program.extend_from_slice(bytes);
        }
    };
    let mut account = Account::new("bin/x");
    account.hear(&[BOOT, b"name> "].concat(), &mut tell);
    assert_eq!(program, b"name> ");
}

#[test]
fn a_kernel_that_marks_what_it_says_may_speak_at_any_time() {
    let console = b"strata\r\n\x0einit: bin/x\r\n\x0fa\x0ewrite(1, \"a\") = 1\r\n\x0fb\
                    \x10\x0e\x10\x0f\x10\x10init: bin/x: exited with 3\r\n\
                    \x0einit: bin/x: exited with 5\r\n\x0f\x0egoodbye\r\n\x0f";
    let printed = b"ab\x0e\x0f\x10init: bin/x: exited with 3\n".to_vec();
    assert_eq!(output(console), (printed, Some(End::Status(5))));
    let (said, _) = heard(console, 1);
    assert_eq!(said[0], b"strata\n");
    let kernel = String::from_utf8_lossy(&said[1]).into_owned();
    assert!(kernel.contains("write(1, \"a\") = 1\n") && kernel.contains("goodbye\n"));
}
