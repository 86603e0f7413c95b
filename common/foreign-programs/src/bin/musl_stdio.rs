//! A program of C's library: formatted output, buffered input, memory and sorting.
//!
//! It is written in Rust so that no C compiler is needed for either machine. But what runs is
//! the C library, from its start files on: nothing of Rust's own is called.

#![no_main]

use std::ffi::{c_char, c_int, c_void};

unsafe extern "C" {
    fn printf(format: *const c_char, ...) -> c_int;
    fn puts(text: *const c_char) -> c_int;
    fn getchar() -> c_int;
    fn malloc(bytes: usize) -> *mut c_void;
    fn realloc(start: *mut c_void, bytes: usize) -> *mut c_void;
    fn free(start: *mut c_void);
    fn qsort(
        start: *mut c_void,
        count: usize,
        size: usize,
        compare: extern "C" fn(*const c_void, *const c_void) -> c_int,
    );
    fn getenv(name: *const c_char) -> *const c_char;
}

/// Where the C library begins.
#[unsafe(no_mangle)]
extern "C" fn main(count: c_int, words: *const *const c_char) -> c_int {
    for index in 0..count as usize {
        // SAFETY: the C library passes `count` texts.
        let word = unsafe { words.wrapping_add(index).read() };
        // SAFETY: a number and a text, as the format says.
        unsafe { printf(c"word %d: %s\n".as_ptr(), index as c_int, word) };
    }
    // SAFETY: the name is a text that ends.
    let terminal = unsafe { getenv(c"TERM".as_ptr()) };
    // SAFETY: a text and two numbers, as the format says; TERM is set by whoever runs this.
    unsafe { printf(c"TERM: %s, %5.2f, %#lx\n".as_ptr(), terminal, 1.5, 255_u64) };
    sort_input();
    // SAFETY: it is a text that ends.
    unsafe { puts(c"done".as_ptr()) };
    count + 40
}

/// Reads all there is, sorts its bytes, and prints them.
fn sort_input() {
    let (mut bytes, mut length) = (std::ptr::null_mut::<u8>(), 0);
    // SAFETY: it may be called at any time.
    while let Ok(byte) = u8::try_from(unsafe { getchar() }) {
        // SAFETY: `bytes` is null, or what this has given before.
        bytes = unsafe { realloc(bytes.cast(), length + 1) }.cast();
        if bytes.is_null() {
            return;
        }
        // SAFETY: there is room for one more than `length`.
        unsafe { bytes.wrapping_add(length).write(byte) };
        length += 1;
    }
    // SAFETY: there are `length` bytes, one of them each.
    unsafe { qsort(bytes.cast(), length, 1, by_value) };
    // SAFETY: as many are printed as there are.
    unsafe { printf(c"sorted: %.*s\n".as_ptr(), length as c_int, bytes.cast::<c_char>()) };
    // SAFETY: it came from `realloc`, or is null.
    unsafe { free(bytes.cast()) };
    large_block();
}

/// Takes more memory at once than the C library keeps, and gives it back.
fn large_block() {
    const BYTES: usize = 4 << 20;
    // SAFETY: it may be called at any time.
    let start = unsafe { malloc(BYTES) }.cast::<u8>();
    if start.is_null() {
        return;
    }
    for offset in (0..BYTES).step_by(4096) {
        // SAFETY: the offset is inside of the block.
        unsafe { start.wrapping_add(offset).write(1) };
    }
    // SAFETY: it came from `malloc`.
    unsafe { free(start.cast()) };
    // SAFETY: it is a text that ends.
    unsafe { puts(c"4 MiB were there".as_ptr()) };
}

/// What C sorts by.
extern "C" fn by_value(one: *const c_void, other: *const c_void) -> c_int {
    // SAFETY: `qsort` passes the addresses of two elements, which are bytes.
    let one = unsafe { one.cast::<u8>().read() };
    // SAFETY: as above.
    let other = unsafe { other.cast::<u8>().read() };
    c_int::from(one) - c_int::from(other)
}
