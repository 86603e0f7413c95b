//! The kernel's own image: where the linker put its sections.
//!
//! `linker.ld` defines a symbol at either end of each section. A symbol has an address and nothing
//! else, so it is declared as a byte that is never read.
//!
//! ```text
//!  load address
//!  | text | rodata | data | bss, with the boot stack |
//!  each starts at a multiple of 4 KiB, since that is the grain of memory protection
//! ```

use core::ops::Range;

unsafe extern "C" {
    static __image_start: u8;
    static __text_end: u8;
    static __rodata_start: u8;
    static __rodata_end: u8;
    static __data_start: u8;
    static __data_end: u8;
    static __bss_start: u8;
    static __image_end: u8;
}

/// A part of the image that is protected as one.
pub struct Section {
    /// Its name in the linker script.
    pub name: &'static str,
    /// Its addresses.
    pub range: Range<usize>,
}

/// The addresses of the whole image.
pub fn range() -> Range<usize> {
    address(&raw const __image_start)..address(&raw const __image_end)
}

/// The sections, in the order in which they lie in memory.
pub fn sections() -> [Section; 4] {
    let section = |name, start, end| Section { name, range: address(start)..address(end) };
    [
        section("text", &raw const __image_start, &raw const __text_end),
        section("rodata", &raw const __rodata_start, &raw const __rodata_end),
        section("data", &raw const __data_start, &raw const __data_end),
        section("bss", &raw const __bss_start, &raw const __image_end),
    ]
}

fn address(symbol: *const u8) -> usize {
    symbol as usize
}

#[cfg(feature = "ktest")]
mod tests {
    use super::{range, sections};
    use core::sync::atomic::{AtomicU8, Ordering};

    /// Long enough to reach beyond a page whatever stands before it.
    static ZEROES: [AtomicU8; 8192] = [const { AtomicU8::new(0) }; 8192];

    ktest::test! {
        /// The image begins and ends with its sections, which do not overlap.
        fn sections_fill_the_image() {
            let sections = sections();
            assert_eq!(sections[0].range.start, range().start);
            assert_eq!(sections[3].range.end, range().end);
            for pair in sections.windows(2) {
                assert!(pair[0].range.end <= pair[1].range.start, "{} overlaps", pair[0].name);
            }
        }

        /// Each section starts on a page of its own.
        fn sections_are_page_aligned() {
            for section in sections() {
                assert_eq!(section.range.start % 4096, 0, "{} is misaligned", section.name);
            }
        }

        /// Code, constants and variables lie where they should.
        fn things_lie_in_their_sections() {
            let [text, rodata, _, bss] = sections();
            assert!(text.range.contains(&(sections_fill_the_image as *const () as usize)));
            assert!(rodata.range.contains(&(text.name.as_ptr() as usize)));
            assert!(bss.range.contains(&(&raw const ZEROES as usize)));
        }

        /// Static variables without a value are zero, whatever was in memory before.
        fn bss_is_zero_at_the_entry() {
            assert!(ZEROES.iter().all(|byte| byte.load(Ordering::Relaxed) == 0));
        }

        /// The stack is the one that the image brings.
        fn stack_lies_in_bss() {
            let local = 0u8;
            let [_, _, _, bss] = sections();
            assert!(bss.range.contains(&(&raw const local as usize)));
        }
    }
}
