//! What of a run says nothing about whether it is the same run.
//!
//! Another compiler makes other code, so sections grow and shrink and what lies behind them moves;
//! how many frames are left moves with it. Addresses, sizes, counts of frames and the indices of a
//! walk are therefore masked before two recordings are compared, and so is what is the compiler's
//! own: functions of its libraries, bytes of code. What was measured, of threads as well, and what
//! interrupts counted, is as the host was busy; and a decimal number of so many digits is what was
//! in a register. Every other number (a chapter's, an exception level, a line's, the heap's) must
//! be equal.

/// How lines begin whose numbers are one run's own.
const MEASURED: [&str; 3] = ["ticks: ", "sleep: ", "interrupts: "];

/// What a thread is doing, as the table of threads has it; behind that stands what was measured.
const STATES: [&str; 5] = ["ready", "running", "blocked", "sleeping", "terminated"];

/// No count in a recording has as many digits.
const WORD: usize = 16;

/// The first line whose `essence` differs in `kept` and `recorded`, as each has it.
pub fn first_difference<'a>(
    kept: &'a str,
    recorded: &'a str,
    essence: fn(&str) -> String,
) -> Option<(&'a str, &'a str)> {
    let (mut kept, mut recorded) = (kept.lines(), recorded.lines());
    loop {
        let pair = (kept.next(), recorded.next());
        let [one, other] = [pair.0, pair.1].map(Option::unwrap_or_default);
        match pair {
            (None, None) => return None,
            (Some(_), Some(_)) if essence(one) == essence(other) => {}
            _ => return Some((one, other)),
        }
    }
}

/// `text` with all that replaced by `#`.
pub fn masked(text: &str) -> String {
    text.split_inclusive('\n').map(masked_line).collect()
}

fn masked_line(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let masked: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(index, word)| {
            let before = &words[..index];
            masked_word(word, before).unwrap_or_else(|| word.to_string())
        })
        .collect();
    masked_numbers(&masked.join(" "))
}

/// What stands for `word` behind the words `before`, if it is the compiler's or one run's own.
fn masked_word(word: &str, before: &[&str]) -> Option<String> {
    let end = word.trim_start_matches(|character: char| !character.is_whitespace());
    let is_library = word.starts_with("`core::") || word.starts_with("`alloc::");
    // `it is ff ff ff ff, and was 55 48 89 e5 in the kernel's file`
    let was = before.windows(2).rposition(|pair| pair == ["and", "was"]);
    let is_code = was.is_some_and(|was| before.len() - was - 2 < 4) && word.len() == 2;
    if is_library || is_code || word.starts_with("/rustc/") {
        return Some(format!("#{end}"));
    }
    // Where in a loop an interrupt comes is the moment's, and the compiler's.
    let is_call = before.windows(2).any(|pair| pair == ["called", "from"]);
    let place = word.trim_end().rsplit_once(".rs:").filter(|_| is_call);
    if let Some((file, _)) = place {
        return Some(format!("{file}.rs:#{end}"));
    }
    // Where a test stands in the list is the linker's to decide.
    let of_one_run = ["ktest.nonce=", "ktest.only="];
    let name = of_one_run.into_iter().find(|name| word.starts_with(name))?;
    Some(format!("{name}#{end}"))
}

/// `line` with its numbers masked that may differ.
fn masked_numbers(line: &str) -> String {
    let mut result = String::with_capacity(line.len());
    let is_about_frames = line.trim_start().starts_with("frames: ");
    let is_measured = MEASURED.iter().any(|start| line.trim_start().starts_with(start));
    let row = measured_in_row(line);
    let mut rest = line;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        result.push_str(before);
        let length = number_length(number);
        let (number, behind) = number.split_at(length);
        let is_count =
            is_about_frames && !behind.starts_with(" MiB") || behind.starts_with(" times in a row");
        if number.starts_with("0x") || is_count || is_measured || length >= WORD {
            result.push('#');
        } else if behind.starts_with(" KiB")
            || result.trim_end().ends_with(" entry")
            || row.is_some_and(|row| line.len() - behind.len() > row)
        {
            // These are right-aligned: how many blanks precede one depends on its digits.
            result.truncate(result.trim_end_matches(' ').len());
            result.push_str(" #");
        } else {
            result.push_str(number);
        }
        rest = behind;
    }
    result + rest
}

/// If `line` is one of the table of threads, where in it begins what was measured: how long the
/// thread ran, and how often it was given the processor.
fn measured_in_row(line: &str) -> Option<usize> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, _, _, state, _, _, _, _] = words[..] else { return None };
    line.find(STATES.into_iter().find(|known| *known == state)?)
}

/// How many bytes the number takes that `text` starts with.
fn number_length(text: &str) -> usize {
    let is_digit = |radix| move |character: char| !character.is_digit(radix);
    match text.strip_prefix("0x") {
        Some(digits) => 2 + digits.find(is_digit(16)).unwrap_or(digits.len()),
        None => text.find(is_digit(10)).unwrap_or(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{first_difference, masked};

    #[test]
    fn addresses_and_sizes_are_masked() {
        assert_eq!(masked("text 0x40200000..0x4020a000   40 KiB"), "text #..# # KiB");
        assert_eq!(masked("text 0x100000..0x11f000  124 KiB"), "text #..# # KiB");
    }

    #[test]
    fn the_line_of_a_call_is_masked_and_others_are_kept() {
        let line = "  called from `show_ticks`, chapters/05/src/show.rs:59\n";
        assert_eq!(masked(line), "  called from `show_ticks`, chapters/05/src/show.rs:#\n");
        assert_eq!(
            masked("  at chapters/05/src/show.rs:59:7\n"),
            "  at chapters/05/src/show.rs:59:7\n"
        );
    }

    #[test]
    fn other_numbers_are_kept() {
        for line in ["strata 01-boot on aarch64", "ring 0", "x86_64", "status 33", "x0f", "07"] {
            assert_eq!(masked(line), line);
        }
    }

    #[test]
    fn counts_of_frames_and_indices_of_a_walk_are_masked() {
        assert_eq!(masked("frames: 32464/32464 free"), "frames: #/# free");
        assert_eq!(
            masked("frames: took 2 MiB in a row at 0x40"),
            "frames: took 2 MiB in a row at #"
        );
        assert_eq!(
            masked("  level 3: table 0x40, entry  19: page"),
            "  level 3: table #, entry #: page"
        );
        assert_eq!(
            masked("  level 3: table 0x40, entry 256: page"),
            "  level 3: table #, entry #: page"
        );
    }

    #[test]
    fn what_was_measured_is_masked() {
        assert_eq!(masked("ticks: 18 to 24327 us apart"), "ticks: # to # us apart");
        assert_eq!(masked("        sleep: 25000 us, 7 us late"), "        sleep: # us, # us late");
        assert_eq!(masked("interrupts: 601 of the timer"), "interrupts: # of the timer");
        assert_eq!(masked("again, 1507 times in a row"), "again, # times in a row");
        assert_eq!(masked("left: [11400714819323198485, 0]"), "left: [#, 0]");
        assert_eq!(masked("waits for interrupt 77"), "waits for interrupt 77");
        assert_eq!(
            masked("  22   17  hog2  terminated  low      normal       402         8\n"),
            "  22   17  hog2  terminated  low      normal # #\n"
        );
        assert_eq!(masked("1 2 is running 3"), "1 2 is running 3");
    }

    #[test]
    fn what_is_the_compilers_or_one_runs_is_masked() {
        assert_eq!(masked("in `core::fmt::Arguments::new`\nat"), "in #\nat");
        assert_eq!(masked("  at /rustc/5980/library/alloc.rs:553:9"), "  at #");
        assert_eq!(
            masked("exit=host ktest.nonce=c0ffee ktest.only=4 ktest.from=0"),
            "exit=host ktest.nonce=# ktest.only=# ktest.from=0"
        );
        let code = "is ff ff ff ff, and was 55 48 89 e5 in the file";
        assert_eq!(masked(code), "is ff ff ff ff, and was # # # # in the file");
    }

    #[test]
    fn lines_and_what_the_heap_counts_are_kept() {
        for line in ["at src/main.rs:42", "heap: 5161 of 65536 bytes used, largest hole 59560"] {
            assert_eq!(masked(line), line);
        }
    }

    #[test]
    fn the_first_difference_is_found() {
        assert_eq!(first_difference("a 0x1\nb", "a 0x2\nb", masked), None);
        assert_eq!(first_difference("a\nb\nc", "a\nx\ny", masked), Some(("b", "x")));
        assert_eq!(first_difference("a\nb", "a", masked), Some(("b", "")));
        assert_eq!(first_difference("a", "a\n\n", masked), Some(("", "")));
    }

    #[test]
    fn numbers_may_end_the_text() {
        assert_eq!(masked("boot pointer: 0x48000000"), "boot pointer: #");
        assert_eq!(masked(""), "");
        assert_eq!(masked("0x"), "#");
    }
}
