//! How calls are shown that only the kernel's own table describes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::array;

use linux_raw_sys::general::{
    __NR_clone as CLONE, __NR_futex as FUTEX, __NR_mmap as MMAP, __NR_writev as WRITEV,
    CLONE_THREAD, CLONE_VFORK, CLONE_VM, FUTEX_WAIT, FUTEX_WAKE, MAP_PRIVATE, SIGCHLD, SIGUSR1,
};

use super::line::Line;
use super::show::Shown;
use super::table;

/// The line of the call `number`, whose program has the words `memory` from address 0x1000 on, and
/// which has answered 6.
fn line<const COUNT: usize>(number: u32, arguments: [u64; COUNT], memory: &[u64]) -> String {
    let bytes: Vec<u8> = memory.iter().flat_map(|word| word.to_le_bytes()).collect();
    let copy = |place: u64, buffer: &mut [u8]| {
        let start = place.wrapping_sub(0x1000) as usize;
        let there = bytes.get(start..start.wrapping_add(buffer.len()));
        there.map(|there| buffer.copy_from_slice(there)).is_some()
    };
    let call = table::find(number).expect("it is known");
    let (name, kinds) = (call.name, call.arguments);
    let arguments = array::from_fn(|index| arguments.get(index).copied().unwrap_or(0));
    let mut line = Line::new();
    let shown = Shown { name, kinds, arguments, memory: &copy };
    let rest = shown.begin(&mut line);
    shown.end(&mut line, rest, Ok(6));
    String::from(line.text())
}

/// The first argument of `clone`, as it is shown if it is `flags`.
fn clone_flags(flags: u32) -> String {
    let line = line(CLONE, [flags.into()], &[]);
    let text = line.strip_prefix("clone(").and_then(|rest| rest.split(',').next());
    String::from(text.expect("it has more than one argument"))
}

ktest::test! {
    /// What `clone` is told has names: flags, and the signal in the lowest byte.
    fn clone_is_shown_with_its_signal() {
        assert_eq!(clone_flags(SIGCHLD), "SIGCHLD");
        assert_eq!(clone_flags(CLONE_VM | CLONE_VFORK | SIGCHLD), "CLONE_VM|CLONE_VFORK|SIGCHLD");
        assert_eq!(clone_flags(CLONE_VM | CLONE_THREAD), "CLONE_VM|CLONE_THREAD");
        assert_eq!(clone_flags(SIGUSR1), "SIGUSR1");
        assert_eq!(clone_flags(0), "0");
        // A bit that nobody knows, and a signal that there is not.
        assert_eq!(clone_flags(0x1000_0000 | 0xff), "0x10000000|255");
    }

    /// What a call takes is shown by its kinds: an offset, a time, pieces; nothing else is.
    fn calls_are_shown_by_their_kinds() {
        let map = line(MMAP, [0, 4096, 0, MAP_PRIVATE.into(), 3, 4096], &[]);
        assert_eq!(map, "mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE, 3, 0x1000) = 0x6");
        let futex = |operation: u32| line(FUTEX, [8, operation.into(), 1, 0x1000], &[2, 5]);
        assert_eq!(futex(FUTEX_WAKE), "futex(0x8, FUTEX_WAKE, 1) = 6");
        assert_eq!(futex(FUTEX_WAIT), "futex(0x8, FUTEX_WAIT, 1, {tv_sec=2, tv_nsec=5}) = 6");
        let memory = [0x1020, 2, 8, 4, u64::from_le_bytes(*b"a\nb     ")];
        let pieces = r#"[{iov_base="a\n", iov_len=2}, {iov_base=0x8, iov_len=4}]"#;
        let written = line(WRITEV, [1, 0x1000, 2], &memory);
        assert_eq!(written, format!("writev(1, {pieces}, 2) = 6"));
    }
}
