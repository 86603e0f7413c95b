//! The kernel's own image: where the linker put its sections.
//!
//! `linker.ld` defines a symbol at either end of each section. A symbol has an address and nothing
//! else, so it is declared as an array of no bytes. (Declared as a byte it would be a byte of its
//! own to the compiler, which then knows that no two symbols have the same address. But the end of
//! one section is often the start of the next.)
//!
//! ```text
//!  load address
//!  | text | rodata | data | bss, with the boot stack |
//!  each starts at a multiple of 4 KiB, since that is the grain of memory protection
//! ```

use core::ops::Range;

unsafe extern "C" {
    static __image_start: [u8; 0];
    static __text_end: [u8; 0];
    static __rodata_start: [u8; 0];
    static __rodata_end: [u8; 0];
    static __data_start: [u8; 0];
    static __data_end: [u8; 0];
    static __bss_start: [u8; 0];
    static __boot_tables_start: [u8; 0];
    static __boot_tables_end: [u8; 0];
    static __stack_start: [u8; 0];
    static __stack_end: [u8; 0];
    static __image_end: [u8; 0];
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

/// The addresses of the page tables that `boot.s` makes.
pub fn boot_tables() -> Range<usize> {
    address(&raw const __boot_tables_start)..address(&raw const __boot_tables_end)
}

/// The addresses of the stack on which the kernel begins. It grows down from the end.
pub fn boot_stack() -> Range<usize> {
    address(&raw const __stack_start)..address(&raw const __stack_end)
}

fn address(symbol: *const [u8; 0]) -> usize {
    symbol as usize
}

#[cfg(feature = "ktest")]
mod tests {
    use core::fmt::Debug;
    use core::hint::black_box;
    use core::sync::atomic::{AtomicU8, Ordering};

    use super::{boot_stack, range, sections};

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
            static SEVEN: AtomicU8 = AtomicU8::new(7);
            let [text, rodata, data, bss] = sections();
            assert!(data.range.contains(&(&raw const SEVEN as usize)));
            assert!(text.range.contains(&(sections_fill_the_image as *const () as usize)));
            assert!(rodata.range.contains(&(text.name.as_ptr() as usize)));
            assert!(bss.range.contains(&(&raw const ZEROES as usize)));
        }

        /// Tables of function pointers are constants, even those of the core library.
        fn vtables_lie_in_rodata() {
            let [_, rodata, _, _] = sections();
            let objects: [&dyn Debug; 2] = [&7_u8, &core::fmt::Error];
            for object in objects {
                // SAFETY: a reference to a trait object is the address of its value and that of its
                // vtable.
                let [_, vtable] = unsafe { core::mem::transmute::<&dyn Debug, [usize; 2]>(object) };
                assert!(rodata.range.contains(&vtable), "{vtable:#x}");
            }
        }

        /// Static variables without a value are zero, whatever was in memory before.
        fn bss_is_zero_at_the_entry() {
            assert!(ZEROES.iter().all(|byte| byte.load(Ordering::Relaxed) == 0));
        }

        /// The kernel begins at the end of the stack that the image brings.
        fn boot_stack_is_used_from_its_end() {
            let local = 0_u8;
            let used = boot_stack().end - (&raw const local as usize);
            assert!(used < 16 * 1024, "{used} bytes are used");
            assert_eq!(boot_stack().end, range().end);
        }

        /// The stack is as aligned as compiled code expects.
        fn stack_is_aligned() {
            #[repr(align(16))]
            struct Aligned([u8; 16]);
            let local = Aligned([0; 16]);
            assert_eq!(black_box(&raw const local.0 as usize) % 16, 0);
        }
    }
}
