//! What is sent for a program to read as it is.

use host_tests::holds_for;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::input::pipe::Pipe;

/// Quotes what means something.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let quote = |byte: &u8| if matches!(byte, 4 | 0x16) { vec![0x16, *byte] } else { vec![*byte] };
    bytes.iter().flat_map(quote).collect()
}

/// Every byte comes through, up to the end, and none behind it.
#[test]
fn bytes_come_through() {
    let bytes = vec(prop_oneof![any::<u8>(), Just(4), Just(0x16)], 0..2_000);
    holds_for((bytes, vec(1..400_usize, 1..20), any::<u8>()), |(bytes, sizes, behind)| {
        let mut pipe = Pipe::new();
        let mut sent = quoted(&bytes);
        sent.extend([4, behind, 4]);
        let mut waiting = sent.iter();
        let mut found: Vec<u8> = Vec::new();
        for size in sizes.iter().cycle() {
            while pipe.has_room()
                && let Some(byte) = waiting.next()
            {
                prop_assert!(!pipe.has_ended() || waiting.len() < 2);
                pipe.receive(*byte);
            }
            let readable = pipe.readable();
            let mut buffer = vec![0; *size];
            let count = pipe.take(&mut buffer);
            prop_assert_eq!(count, readable.min(*size));
            found.extend(&buffer[..count]);
            if count == 0 {
                break;
            }
        }
        prop_assert!(pipe.has_ended());
        prop_assert_eq!(found, bytes);
        Ok(())
    });
}
