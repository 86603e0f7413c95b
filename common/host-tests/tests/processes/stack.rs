//! The stack of a program that starts: what a program reads there is what it was given.

use host_tests::holds_for;
use proptest::prelude::*;

use crate::memory::address::VirtAddr;
use crate::process::arguments::{StartError, Text};
use crate::reader::{Memory, Told};

/// What is in memory before anything is laid out.
const OLD: u8 = 0xaa;

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(1..=255_u8, 0..40)
}

fn told() -> impl Strategy<Value = Told> {
    let texts = || prop::collection::vec(text(), 0..12);
    let auxiliary = prop::collection::vec((1..=14_u64, any::<u64>()), 0..20);
    let all = (texts(), texts(), text(), text(), any::<[u8; 16]>(), auxiliary);
    all.prop_map(|(arguments, environment, name, platform, random, auxiliary)| Told {
        arguments,
        environment,
        name,
        platform,
        random,
        auxiliary,
    })
}

/// Tops that are pages' ends, and others, down to the lowest.
fn top() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0x7fff_ffff_f000),
        0x8000..0x9000_u64,
        any::<u64>().prop_map(|top| top | 1 << 20)
    ]
}

#[test]
fn what_is_read_back_is_what_was_told() {
    holds_for((told(), top()), |(told, top)| {
        let mut room = vec![OLD; 0x4000];
        let pointer = told.lay_out(&mut room, top).expect("there is room").0;
        prop_assert_eq!(pointer % 16, 0);
        let (found, mut used) = Memory { bytes: &room, top }.read(pointer);
        prop_assert_eq!(found, told);
        // No two of them overlap, they are in order, and what is between them is zero.
        used.sort_by_key(|range| range.start);
        prop_assert!(used.windows(2).all(|pair| pair[0].end <= pair[1].start), "{used:x?}");
        let memory = Memory { bytes: &room, top };
        for gap in used.windows(2).map(|pair| pair[0].end..pair[1].start) {
            prop_assert!(gap.end - gap.start < 16, "{gap:x?}");
            prop_assert!(gap.into_iter().all(|address| memory.byte(address) == 0));
        }
        prop_assert_eq!(used.last().map(|range| range.end), Some(top));
        Ok(())
    });
}

#[test]
fn nothing_is_written_below_the_pointer() {
    holds_for((told(), top()), |(told, top)| {
        let mut room = vec![OLD; 0x4000];
        let pointer = told.lay_out(&mut room, top).expect("there is room").0;
        let unused = room.len() - usize::try_from(top - pointer).expect("it is not far");
        prop_assert!(room[..unused].iter().all(|&byte| byte == OLD));
        Ok(())
    });
}

/// As much as it says is enough, and a byte less is not.
#[test]
fn what_is_needed_is_said_to_the_byte() {
    holds_for((told(), top()), |(told, top)| {
        let Err(StartError::TooLarge { needed, room: 0 }) = told.lay_out(&mut [], top) else {
            return Err(TestCaseError::fail("there is no room at all"));
        };
        let needed = usize::try_from(needed).expect("it is not much");
        let mut room = vec![OLD; needed];
        prop_assert_eq!(told.lay_out(&mut room, top), Ok(VirtAddr(top - needed as u64)));
        let mut room = vec![OLD; needed - 1];
        let error = StartError::TooLarge { needed: needed as u64, room: room.len() as u64 };
        prop_assert_eq!(told.lay_out(&mut room, top), Err(error));
        prop_assert!(room.iter().all(|&byte| byte == OLD), "something was written");
        Ok(())
    });
}

/// The room is larger than all that lies below its top.
#[test]
fn there_is_nothing_below_address_0() {
    holds_for((told(), 0..0x400_u64), |(told, top)| {
        let mut room = vec![OLD; 0x4000];
        match told.lay_out(&mut room, top) {
            Ok(pointer) => prop_assert!(pointer.0 <= top),
            Err(error) => {
                let is_too_large =
                    matches!(error, StartError::TooLarge { needed, .. } if needed > top);
                prop_assert!(is_too_large, "{error}");
            }
        }
        Ok(())
    });
}

#[test]
fn a_text_with_a_zero_inside_is_refused() {
    let good = Told {
        arguments: vec![b"cat".to_vec(), b"-n".to_vec()],
        environment: vec![b"HOME=/".to_vec()],
        name: b"bin/cat".to_vec(),
        platform: b"x86_64".to_vec(),
        random: [0; 16],
        auxiliary: vec![(6, 4096)],
    };
    let check = |change: fn(&mut Told), text, offset, words: &str| {
        let (mut bad, mut room) = (good.clone(), [OLD; 512]);
        change(&mut bad);
        let error = bad.lay_out(&mut room, 0x1000).expect_err("it has a zero inside");
        assert_eq!(error, StartError::ZeroInside { text, offset });
        assert!(error.to_string().starts_with(words), "{error}");
        assert_eq!(room, [OLD; 512]);
    };
    check(|it| it.arguments[1].push(0), Text::Argument(1), 2, "argument 1 has a zero");
    check(|it| it.arguments[0][0] = 0, Text::Argument(0), 0, "argument 0 has");
    check(|it| it.environment[0][4] = 0, Text::Environment(0), 4, "environment text 0");
    check(|it| it.name[3] = 0, Text::Name, 3, "the file's name");
    check(|it| it.platform[5] = 0, Text::Platform, 5, "the processor's name");
    assert!(good.lay_out(&mut [OLD; 512], 0x1000).is_ok());
}

/// All of it, byte by byte, as Linux lays it out: `fs/exec.c` and `fs/binfmt_elf.c`.
#[test]
fn the_layout_is_that_of_linux() {
    let told = Told {
        arguments: vec![b"echo".to_vec(), b"hi".to_vec()],
        environment: vec![b"A=1".to_vec(), b"B=".to_vec()],
        name: b"/bin/echo".to_vec(),
        platform: b"x86_64".to_vec(),
        random: *b"0123456789abcdef",
        auxiliary: vec![(6, 0x1000), (9, 0x40_1000)],
    };
    let words =
        |words: &[u64]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    let expected = [
        &words(&[2, 0xfdf, 0xfe4, 0, 0xfe7, 0xfeb, 0])[..],
        &words(&[6, 0x1000, 9, 0x40_1000, 25, 0xfb9, 31, 0xfee, 15, 0xfc9, 0, 0]),
        &[0; 1],
        b"0123456789abcdef",
        b"x86_64\0",
        &[0; 15],
        b"echo\0hi\0A=1\0B=\0/bin/echo\0",
        &[0; 8],
    ]
    .concat();
    let mut room = [OLD; 0x200];
    let pointer = told.lay_out(&mut room, 0x1000);
    assert_eq!(pointer, Ok(VirtAddr(0x1000 - expected.len() as u64)));
    assert_eq!(room[room.len() - expected.len()..], expected);
}
