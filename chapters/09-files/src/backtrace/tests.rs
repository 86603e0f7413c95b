//! What is made of chains that are whole, and of those that are not.

use core::hint::black_box;

use super::{Chain, print};
use crate::arch;
use crate::memory::address::VirtAddr;
use crate::memory::lazy;

/// Two words that look like a frame.
#[repr(C, align(16))]
struct Frame {
    caller: u64,
    address: u64,
}

fn frame(caller: u64, address: u64) -> Frame {
    Frame { caller, address }
}

fn chain(first: &[Frame], start: u64) -> Chain {
    let _ = first;
    Chain { frame: start }
}

fn at(frame: &Frame) -> u64 {
    &raw const *frame as u64
}

ktest::test! {
    /// From here the chain leads to the entry.
    fn chain_ends_at_the_entry() {
        let mut chain = Chain { frame: arch::frame_pointer() };
        let count = chain.by_ref().count();
        assert_eq!(chain.frame, 0);
        assert!((2..100).contains(&count), "{count} calls");
    }

    /// Return addresses are told in order.
    fn addresses_are_told_in_order() {
        let mut frames = [frame(0, 11), frame(0, 22), frame(0, 33)];
        frames[0].caller = at(&frames[1]);
        frames[1].caller = at(&frames[2]);
        let addresses = chain(&frames, at(&frames[0])).map(|address| address.0);
        assert!(addresses.eq([11, 22, 33]));
    }

    /// A frame that is its own caller, or has one below it, ends the chain.
    fn circles_end() {
        let mut frames = [frame(0, 11), frame(0, 22)];
        frames[0].caller = at(&frames[0]);
        assert_eq!(chain(&frames, at(&frames[0])).count(), 0);
        frames[0].caller = at(&frames[1]);
        frames[1].caller = at(&frames[0]);
        assert_eq!(chain(&frames, at(&frames[0])).count(), 1);
    }

    /// What is not mapped, not aligned, a device or no address is no frame.
    fn nonsense_is_no_frame() {
        let frames = [frame(0, 11)];
        let unmapped = lazy::RANGE.end.0 + 0x1000;
        let serial = VirtAddr(crate::memory::layout::DIRECT_MAP + crate::config::UART as u64).0;
        for start in [0, 8, at(&frames[0]) + 4, 1 << 60, u64::MAX, u64::MAX - 7, unmapped, serial] {
            let start = if start == serial && crate::config::UART < 0x1_0000 { 0 } else { start };
            assert_eq!(super::read(start), None, "{start:#x}");
            assert_eq!(chain(&frames, start).count(), 0, "{start:#x}");
        }
    }

    /// A broken chain is told, and whoever tells it survives.
    fn broken_chain_is_survived() {
        let frames = [frame(0xdead, 11)];
        print(at(&frames[0]));
        print(0xdead);
    }

    /// A chain that leads back is told as broken, and not as one that is too long.
    #[must_die("the chain is broken at 0x")]
    fn circle_is_told() {
        let mut frames = [frame(0, 11)];
        frames[0].caller = at(&frames[0]);
        print(at(&frames[0]));
        panic!("it is told");
    }

    /// A panic tells by which calls it came.
    #[must_die("`panic_has_a_backtrace")]
    fn panic_has_a_backtrace() {
        deep(3);
        black_box(3);
    }
}

#[inline(never)]
fn deep(depth: u32) {
    match depth {
        0 => panic!("deep enough"),
        _ => deep(depth - 1),
    }
    black_box(depth);
}
