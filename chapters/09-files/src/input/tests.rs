//! What the ring, the line and the way from the port promise.

use core::time::Duration;

use ktest::Chance;

use super::line::{Echo, LIMIT, Line};
use super::ring::{Full, Ring, SIZE};
use super::{next_byte, read_byte_until};
use crate::timer;

/// Types `keys`, and gives the line and what the last key did.
fn typed(keys: &[u8]) -> (Line, Echo) {
    let mut line = Line::new();
    let echo = keys.iter().map(|key| line.key(*key)).last();
    (line, echo.unwrap_or(Echo::Nothing))
}

ktest::test! {
    /// What goes in comes out, in order, all the way around and beyond.
    fn ring_keeps_the_order() {
        let ring = Ring::new();
        assert_eq!(ring.pop(), None);
        for round in 0..5_u8 {
            for byte in 0..200 {
                assert_eq!(ring.push(byte ^ round), Ok(()));
            }
            for byte in 0..200 {
                assert_eq!(ring.pop(), Some(byte ^ round));
            }
            assert_eq!(ring.pop(), None);
        }
    }

    /// A full ring refuses, and loses nothing of what it has.
    fn full_ring_refuses() {
        let ring = Ring::new();
        for byte in 0..SIZE {
            assert!(!ring.is_full());
            assert_eq!(ring.push(byte as u8), Ok(()));
        }
        assert!(ring.is_full());
        assert_eq!(ring.push(7), Err(Full));
        assert_eq!(ring.pop(), Some(0));
        assert_eq!(ring.push(8), Ok(()));
        assert_eq!(ring.pop(), Some(1));
    }

    /// Keys make a line, backspace takes one back, and the end of an empty line stays there.
    fn line_is_edited() {
        let (line, echo) = typed(b"hello wrold\x7f\x7f\x7f\x08orld");
        assert_eq!((line.text(), echo), ("hello world", Echo::Byte(b'd')));
        assert_eq!(typed(b"\x7f").1, Echo::Nothing);
        assert_eq!(typed(b"ab\r").1, Echo::End);
        assert_eq!(typed(b"ab\n").1, Echo::End);
    }

    /// A character of several bytes is erased as one.
    fn characters_are_erased_whole() {
        let (line, echo) = typed("nai\u{308}ve \u{20ac}\x7f".as_bytes());
        assert_eq!((line.text(), echo), ("nai\u{308}ve ", Echo::Erase(1)));
    }

    /// Control-U erases all, Control-W a word with the blanks behind it.
    fn words_and_lines_are_erased() {
        let (line, echo) = typed(b"one two  \x17");
        assert_eq!((line.text(), echo), ("one ", Echo::Erase(5)));
        let (line, echo) = typed(b"one two\x15");
        assert_eq!((line.text(), echo), ("", Echo::Erase(7)));
    }

    /// Arrows and function keys mean nothing, and leave no letters behind.
    fn arrows_mean_nothing() {
        let (line, echo) = typed(b"a\x1b[A\x1b[1;5C\x1bOP\x1b[3~b");
        assert_eq!((line.text(), echo), ("ab", Echo::Byte(b'b')));
    }

    /// A full line takes no more, and can still be ended.
    fn full_line_takes_no_more() {
        let (mut line, echo) = typed(&[b'x'; LIMIT]);
        assert_eq!(echo, Echo::Byte(b'x'));
        assert_eq!(line.key(b'y'), Echo::Nothing);
        assert_eq!(line.text().len(), LIMIT);
        assert_eq!(line.key(b'\r'), Echo::End);
    }

    /// Who waits for a byte that nobody types waits until the deadline, and no longer.
    fn patience_ends() {
        let deadline = timer::now() + Duration::from_millis(50);
        assert_eq!(read_byte_until(deadline), None);
        assert!(timer::now() >= deadline);
        assert!(timer::now() <= deadline + Duration::from_millis(20));
        assert_eq!(next_byte(), None);
    }

    /// A hundred thousand bytes arrive, each once and in order, though the reader dawdles.
    fn nothing_typed_is_lost() {
        const COUNT: usize = 100_000;
        let mut expected = Chance::new(5);
        ktest::type_to_me(COUNT, 5);
        for number in 0..COUNT {
            if number % 10_000 == 0 {
                timer::sleep_until(timer::now() + Duration::from_millis(100));
            }
            let byte = timer::wait(next_byte);
            assert_eq!(byte, expected.byte(), "byte {number}");
        }
        assert_eq!(next_byte(), None);
    }
}
