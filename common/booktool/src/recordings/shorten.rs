//! An experiment's output without what a reader has seen before: the lines that the unbroken kernel
//! prints too.
//!
//! Lines are the same if they differ in nothing but the numbers that [`mask`] hides. One or two of
//! them stay around what is new, and the others become one line that says how many they are.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use pictures::masked;

/// How many lines stay on each side of what is new.
const CONTEXT: usize = 2;

/// How a test that has failed is told; what the kernel printed stands below it, further in.
const FAILED: &str = "    failed ";
const INSIDE: &str = "        ";

/// `output` of a run, without what `usual` has too.
pub fn run(usual: &str, output: &str) -> String {
    let usual: Vec<&str> = usual.lines().collect();
    let output: Vec<&str> = output.lines().collect();
    shortened(&usual, &output, "").join("\n") + "\n"
}

/// `output` of tests, each account of a failure without what `usual` has too.
pub fn tests(usual: &str, output: &str) -> String {
    let usual: Vec<&str> = usual.lines().collect();
    let lines: Vec<&str> = output.lines().collect();
    let is_same = |one: &&str, other: &&str| is_inside(one) && is_inside(other);
    let mut shown = Vec::new();
    for part in lines.chunk_by(is_same) {
        if is_inside(part[0]) {
            let inner: Vec<&str> = part.iter().map(|line| &line[INSIDE.len()..]).collect();
            shown.extend(shortened(&usual, &inner, INSIDE));
        } else {
            shown.extend(part.iter().map(|line| line.to_string()));
        }
    }
    shown.join("\n") + "\n"
}

/// Whether `line` is told below a failed test.
fn is_inside(line: &str) -> bool {
    line.starts_with(INSIDE) && !line.starts_with(FAILED)
}

fn shortened(usual: &[&str], output: &[&str], indent: &str) -> Vec<String> {
    let keys = |lines: &[&str]| lines.iter().map(|line| key(line)).collect::<Vec<_>>();
    let mut shown = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(usual), &keys(output)) {
        let lines = &output[op.new_range()];
        let told = |line: &&str| format!("{indent}{line}").trim_end().to_string();
        let is_long = lines.len() > 2 * CONTEXT + 1;
        if is_long && matches!(op, DiffOp::Equal { .. }) {
            // Nothing comes before the first line, and nothing behind the last.
            let from = if op.new_range().start == 0 { 0 } else { CONTEXT };
            let to = lines.len() - if op.new_range().end == output.len() { 0 } else { CONTEXT };
            shown.extend(lines[..from].iter().map(told));
            shown.push(format!("{indent}… {} lines as without the change …", to - from));
            shown.extend(lines[to..].iter().map(told));
        } else {
            shown.extend(lines.iter().map(told));
        }
    }
    shown
}

/// What of a line must be the same. A kernel that is tested has other boot arguments. How much
/// memory there is, and for whom, may be all that an experiment changes, so there numbers count.
fn key(line: &str) -> String {
    const ARGUMENTS: &str = "boot arguments: ";
    const MEMORY: [&str; 2] = ["frames: ", "  0x0000"];
    if line.starts_with(ARGUMENTS) {
        ARGUMENTS.into()
    } else if MEMORY.iter().any(|start| line.starts_with(start)) {
        line.into()
    } else {
        masked(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "a\nb\nc 0x1\nd\ne\nf\ng\nboot arguments: x\ngoodbye\n";

    #[test]
    fn what_is_new_stays_with_two_lines_around_it() {
        let output = "a\nb\nc 0x2\nd\ne\nf\nNEW\ng\nboot arguments: x\ngoodbye\n";
        let shown = run(USUAL, output);
        let start = "… 4 lines as without the change …\ne\nf\nNEW\ng\n";
        assert_eq!(shown, format!("{start}boot arguments: x\ngoodbye\n"));
    }

    #[test]
    fn a_run_with_nothing_new_is_one_line() {
        assert_eq!(run(USUAL, USUAL), "… 9 lines as without the change …\n");
    }

    #[test]
    fn a_report_stays_whole() {
        let report = "\nfault at 0x3\n  where  `kmain`\n";
        let shown = run(USUAL, &format!("a\nb\nc 0x1\nd\ne\nf\n{report}"));
        assert_eq!(shown, format!("… 4 lines as without the change …\ne\nf\n{report}"));
    }

    #[test]
    fn accounts_of_failed_tests_are_shortened_each() {
        let inside = |text: &str| -> String {
            text.lines().map(|line| format!("        {line}\n")).collect()
        };
        let account = inside("a\nb\nc 0x9\nd\ne\nf\ng\nboot arguments: x ktest.from=0\npanic: 7\n");
        let output = format!(
            "03: 1 passed, 2 failed\n    failed p::one\n{account}    failed p::two\n{account}"
        );
        let shown = tests(USUAL, &output);
        let rest = inside(
            "… 6 lines as without the change …\ng\nboot arguments: x ktest.from=0\npanic: 7\n",
        );
        let expected =
            format!("03: 1 passed, 2 failed\n    failed p::one\n{rest}    failed p::two\n{rest}");
        assert_eq!(shown, expected);
    }

    #[test]
    fn lines_that_differ_in_what_is_counted_are_new() {
        for (usual, new) in [
            ("heap: 5 used\n", "heap: 6 used\n"),
            ("frames: 9/9 free\n", "frames: 8/9 free\n"),
            ("  0x000000000000..0x000000001000\n", "  0x000000000000..0x000000002000\n"),
        ] {
            assert_eq!(run(&usual.repeat(9), &new.repeat(9)), new.repeat(9));
        }
    }
}
