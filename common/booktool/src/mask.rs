//! The numbers of a run that say nothing about whether it is the same run.
//!
//! Another compiler makes other code, so sections grow and shrink and what lies behind them moves.
//! Addresses and sizes are therefore masked before two recordings are compared; every other number
//! (a chapter's, an exception level, the 64 in a name) must be equal.

/// The first line in which `kept` and `recorded` differ, as each has it; addresses and sizes may.
pub fn first_difference<'a>(kept: &'a str, recorded: &'a str) -> Option<(&'a str, &'a str)> {
    let (mut kept, mut recorded) = (kept.lines(), recorded.lines());
    loop {
        let pair = (kept.next(), recorded.next());
        let [one, other] = [pair.0, pair.1].map(Option::unwrap_or_default);
        match pair {
            (None, None) => return None,
            (Some(_), Some(_)) if masked(one) == masked(other) => {}
            _ => return Some((one, other)),
        }
    }
}

/// `text` with its hexadecimal numbers, and its sizes in KiB, replaced by `#`.
pub fn masked(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        result.push_str(before);
        let length = number_length(number);
        let (number, behind) = number.split_at(length);
        if number.starts_with("0x") {
            result.push('#');
        } else if behind.starts_with(" KiB") {
            // Sizes are right-aligned: how many blanks precede one depends on its digits.
            result.truncate(result.trim_end_matches(' ').len());
            result.push_str(" #");
        } else {
            result.push_str(number);
        }
        rest = behind;
    }
    result + rest
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
    use super::masked;

    #[test]
    fn addresses_and_sizes_are_masked() {
        assert_eq!(masked("text 0x40200000..0x4020a000   40 KiB"), "text #..# # KiB");
        assert_eq!(masked("text 0x100000..0x11f000  124 KiB"), "text #..# # KiB");
    }

    #[test]
    fn other_numbers_are_kept() {
        for line in ["strata 01-boot on aarch64", "ring 0", "x86_64", "status 33", "x0f", "07"] {
            assert_eq!(masked(line), line);
        }
    }

    #[test]
    fn numbers_may_end_the_text() {
        assert_eq!(masked("boot pointer: 0x48000000"), "boot pointer: #");
        assert_eq!(masked(""), "");
        assert_eq!(masked("0x"), "#");
    }
}
