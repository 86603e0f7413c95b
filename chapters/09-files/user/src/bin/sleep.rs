//! Lets time pass: the sum of its operands, in seconds, or in the unit that is behind the number.
//!
//! It is what `kill` and a shell's `&` can be tried with.

#![no_std]
#![no_main]

use core::time::Duration;

use user::syscall::STDERR;
use user::{Start, print, time};

/// How many seconds each unit has.
const UNITS: [(char, u32); 4] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86400)];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    if start.argument_count() < 2 {
        print(STDERR, format_args!("sleep: say how long: sleep NUMBER[s|m|h|d]…\n"));
        return 1;
    }
    let mut sum = Duration::ZERO;
    for word in start.arguments().skip(1) {
        let word = word.to_str().unwrap_or("?");
        let Some(time) = parse(word) else {
            let how = "a number such as 2 or 0.5, and s, m, h or d behind it";
            print(STDERR, format_args!("sleep: `{word}` is no time: {how}\n"));
            return 1;
        };
        sum = sum.saturating_add(time);
    }
    match time::sleep(sum) {
        Ok(()) => 0,
        Err(error) => {
            print(STDERR, format_args!("sleep: {error}\n"));
            1
        }
    }
}

/// The time that `word` says, if it says one that can be waited for.
fn parse(word: &str) -> Option<Duration> {
    let unit = UNITS.iter().find(|(letter, _)| word.ends_with(*letter));
    let (number, seconds) =
        unit.map_or((word, 1), |(_, seconds)| (&word[..word.len() - 1], *seconds));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // Digits beyond a nanosecond are left out.
    let digits = fraction.bytes().chain([b'0'; 9]).take(9);
    let nanoseconds = digits.fold(0, |sum, digit| 10 * sum + u32::from(digit - b'0'));
    Duration::new(whole, nanoseconds).checked_mul(seconds)
}
