//! A call that the kernel shows by your decoder.

use ktest::expect;

use super::{Kind, Line, Shown};

/// Where the memory begins that calls are shown with.
const START: u64 = 0x1000;

/// The line of a call called `name` with `arguments`, with `memory` from [`START`] on.
fn show(name: &str, kinds: &[Kind], arguments: [u64; 6], memory: &[u8]) -> Line {
    let copy = |place: u64, buffer: &mut [u8]| {
        let start = place.wrapping_sub(START) as usize;
        let there = memory.get(start..start.wrapping_add(buffer.len()));
        there.map(|there| buffer.copy_from_slice(there)).is_some()
    };
    let shown = Shown { name, kinds, arguments, memory: &copy };
    let mut line = Line::new();
    let first = shown.begin(&mut line);
    shown.end(&mut line, first, Ok(5));
    line
}

ktest::test! {
    /// In the kernel, a call that writes is shown with what it writes.
    fn calls_show_what_is_written() {
        let kinds = [Kind::Descriptor, Kind::Input(2), Kind::Size];
        let line = show("write", &kinds, [1, START, 5, 0, 0, 0], b"\x001 \"\n");
        expect("write(1, 0x1000, 5)", line.text(), r#"write(1, "\0001 \"\n", 5) = 5"#);
        let line = show("write", &kinds, [1, START, 6, 0, 0, 0], b"12345");
        expect("write(1, 0x1000, 6), of which 5 are there", line.text(), "write(1, 0x1000, 6) = 5");
    }
}
