//! Names memory to the kernel that it must not name: shows that the kernel does not take a
//! program's word for an address, and answers with an error.

#![no_std]
#![no_main]

use user::syscall::{self, STDERR, STDOUT, WRITE};
use user::{Errno, Start, println};

/// Ranges of addresses that a program does not have: what they are, where and how long.
const WILD: &[(&str, usize, usize)] = &[
    ("null", 0, 1),
    ("a page at null", 0, 4096),
    ("the kernel's first byte", 0xffff_8000_0000_0000, 1),
    ("the kernel's last bytes", 0xffff_ffff_ffff_f000, 4096),
    ("no address at all", 0x8000_0000_0000_0000, 1),
    ("where nothing is mapped", 0x1000_0000_0000, 16),
    ("the last byte of user space", 0x7fff_ffff_ffff, 1),
    ("from there into the kernel's half", 0x7fff_ffff_ffff, usize::MAX / 4),
    ("round the end of all addresses", 0xffff_ffff_ffff_fff0, 0x20),
    ("all of memory and more", 0x20_0000, usize::MAX),
];

/// A number that is no system call's.
const UNKNOWN: u32 = 5_000;

/// A descriptor that nobody has opened.
const CLOSED: usize = 99;

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    let mut is_right = true;
    let mut expect = |what: &str, found: Result<usize, Errno>, expected: Errno| {
        match found {
            Err(error) => println!("wild: {what}: {error}"),
            Ok(count) => println!("wild: {what}: the kernel took {count} bytes"),
        }
        is_right &= found == Err(expected);
    };
    for (what, address, length) in WILD {
        expect(what, write(STDOUT, *address, *length), Errno::EFAULT);
    }
    expect("a closed descriptor", syscall::write(CLOSED, b"nobody reads this"), Errno::EBADF);
    // SAFETY: what does not exist does nothing.
    let unknown = unsafe { syscall::call(UNKNOWN, [0; 6]) };
    expect("an unknown system call", unknown, Errno::ENOSYS);
    if !is_half_right() {
        println!("wild: the kernel took bytes behind the end of our memory");
        is_right = false;
    }
    if is_right { 0 } else { 1 }
}

/// Writes from the last page of our memory into where nothing is: the kernel may take what there
/// is, or refuse all of it.
fn is_half_right() -> bool {
    const THERE: usize = 16;
    unsafe extern "C" {
        /// The first byte behind the program's data; the linker knows it.
        static _end: u8;
    }
    let end = (&raw const _end as usize).next_multiple_of(4096);
    match write(STDERR, end - THERE, THERE + 16) {
        Ok(count) => count <= THERE,
        Err(error) => error == Errno::EFAULT,
    }
}

/// Asks the kernel to write the `length` bytes at `address`.
fn write(descriptor: usize, address: usize, length: usize) -> Result<usize, Errno> {
    // SAFETY: `write` only reads, and what it reads is none of Rust's business.
    unsafe { syscall::call(WRITE, [descriptor, address, length, 0, 0, 0]) }
}
