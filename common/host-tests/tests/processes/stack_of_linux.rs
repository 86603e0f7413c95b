//! The stack that Linux laid out for this very program, beside the one that we lay out for it.
//!
//! Linux leaves a gap of a random size between the texts and the rest, and sorts some of the
//! auxiliary vector differently. All else must be the same, byte for byte.
#![cfg(all(target_os = "linux", any(target_arch = "aarch64", target_arch = "x86_64")))]

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use crate::reader::Memory;

/// Larger than any gap: Linux takes a random number of 13 bits, and aligns.
const LARGEST_GAP: u64 = 0x2010;

/// The stack pointer that this program began with. (proc(5), "/proc/pid/stat", field 28.)
fn first_pointer() -> u64 {
    let text = fs::read_to_string("/proc/self/stat").expect("Linux has it");
    // The name, the second field, may have blanks, and ends with a bracket.
    let (_, fields) = text.rsplit_once(") ").expect("the name ends");
    let field = fields.split(' ').nth(28 - 3).expect("there are about 50");
    field.parse().expect("it is a number")
}

/// Where the stack ends: eight bytes behind the file's name, the address of which is in the
/// auxiliary vector.
fn top(memory: &File) -> u64 {
    let auxiliary = fs::read("/proc/self/auxv").expect("Linux has it");
    let words: Vec<_> =
        auxiliary.as_chunks::<8>().0.iter().map(|bytes| u64::from_ne_bytes(*bytes)).collect();
    let pair = words.as_chunks::<2>().0.iter().find(|pair| pair[0] == 31);
    let name = pair.expect("Linux tells the name of the file")[1];
    let mut length = 0;
    let mut byte = [0];
    while memory.read_exact_at(&mut byte, name + length).is_ok() && byte != [0] {
        length += 1;
    }
    name + length + 1 + 8
}

#[test]
fn linux_laid_out_the_stack_of_this_program_alike() {
    let memory = File::open("/proc/self/mem").expect("a program may read its own memory");
    let (pointer, top) = (first_pointer(), top(&memory));
    let mut bytes = vec![0; (top - pointer) as usize];
    memory.read_exact_at(&mut bytes, pointer).expect("the stack is there");
    let linux = Memory { bytes: &bytes, top };
    let (told, used) = linux.read(pointer);
    let lowest_text = used[3..].iter().map(|range| range.start);

    let mut room = vec![0; bytes.len()];
    let ours = told.lay_out(&mut room, top).expect("Linux had room").0;
    let ours_laid_out = Memory { bytes: &room, top };
    let (told_by_us, used_by_us) = ours_laid_out.read(ours);
    assert_eq!(told_by_us, told);

    // The pointer, the table and the random bytes lie lower on Linux, all by the same gap.
    let gap = ours - pointer;
    assert!(gap < LARGEST_GAP && gap.is_multiple_of(16), "the gap is {gap:#x}");
    assert_eq!(
        used_by_us[0].clone().map(|at| at - gap).collect::<Vec<_>>(),
        used[0].clone().collect::<Vec<_>>()
    );
    assert_eq!(used_by_us[1].start - gap, used[1].start);
    // The texts lie at the same addresses, but for the name of the processor.
    let texts = told.arguments.len() + told.environment.len() + 1;
    assert_eq!(used_by_us[3..3 + texts], used[3..3 + texts]);
    if let ([platform], [ours]) = (&used[3 + texts..], &used_by_us[3 + texts..]) {
        assert_eq!(ours.start - gap, platform.start);
    }
    let text_start = lowest_text.take(texts).min().expect("there is a name at least");
    assert!((text_start..top).all(|at| linux.byte(at) == ours_laid_out.byte(at)));
}
