//! Calls that the kernel refuses by your table.

use ktest::expect;
use linux_raw_sys::general::__NR_execve as EXECVE;

use super::{Context, E2BIG, EACCES, EFAULT, ENAMETOOLONG, ENOENT, ENOTDIR, Errno};
use crate::arch::{self, TrapFrame};
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::paging::Access;
use crate::process::space::{self, AddressSpace};
use crate::syscall::{table, words};

/// Where texts are.
const START: u64 = 0x40_0000;

/// Where lists of texts are, and the first page behind that is not there.
const LIST: u64 = START + 40 * FRAME_SIZE;
const END: u64 = LIST + 2 * FRAME_SIZE;

/// Calls `act` while there are pages that a program may write.
fn with_memory(act: impl FnOnce()) {
    let mut space = AddressSpace::new().expect("boot leaves free frames");
    let pages = VirtAddr(START)..VirtAddr(END);
    space.map(pages, Access::WRITE).expect("boot leaves free frames");
    // SAFETY: it stays until it is left.
    unsafe { arch::switch_page_table(space.root()) };
    act();
    space::leave();
}

/// What `execve` answers.
fn execve(path: u64, arguments: u64, environment: u64) -> Result<usize, Errno> {
    let call = table::find(EXECVE).expect("it is known");
    let arguments = [path, arguments, environment, 0, 0, 0];
    let mut frame = TrapFrame::program(VirtAddr(START), VirtAddr(START));
    (call.handler)(&mut Context { arguments, frame: &mut frame })
}

/// Leaves `text` where texts are, with its zero.
fn put(text: &[u8]) -> u64 {
    words::write(START, text).expect("there is room");
    words::write(START + text.len() as u64, &[0]).expect("there is room");
    START
}

ktest::test! {
    /// A path at which there is nothing to run is refused by what is there instead.
    fn paths_are_refused() {
        with_memory(|| {
            for (path, error) in [
                ("", ENOENT),
                ("bin/nothing", ENOENT),
                ("nothing/nothing", ENOENT),
                ("etc/motd", EACCES),
                ("/", EACCES),
                ("bin/true/", ENOTDIR),
                ("etc/motd/nothing", ENOTDIR),
            ] {
                let seen = execve(put(path.as_bytes()), 0, 0);
                expect(("the path", path), seen, Err(Errno(error)));
            }
        });
    }

    /// A name of 255 bytes is no file's, one of 256 cannot be; nor a path of 4096.
    fn long_paths_are_refused() {
        with_memory(|| {
            for (bytes, error) in [(255, ENOENT), (256, ENAMETOOLONG)] {
                let seen = execve(put(&[b'a'; 256][..bytes]), 0, 0);
                expect(("a name of bytes", bytes), seen, Err(Errno(error)));
            }
            for (bytes, error) in [(4095, ENOENT), (4096, ENAMETOOLONG)] {
                put(&[b'/'; 4096][..bytes - 1]);
                words::write(START + bytes as u64 - 1, b"a\0").expect("there is room");
                let seen = execve(START, 0, 0);
                expect(("a path of bytes, most of them slashes:", bytes), seen, Err(Errno(error)));
            }
        });
    }

    /// Addresses that lead nowhere are told as such; but a file that is missing is told first.
    fn addresses_are_refused() {
        with_memory(|| {
            let refused = Err(Errno(EFAULT));
            expect("a path at null", execve(0, 0, 0), refused);
            expect("a path that is not there", execve(END, 0, 0), refused);
            let path = put(b"bin/true");
            expect("arguments that are not there", execve(path, END, 0), refused);
            expect("an environment that is not there", execve(path, 0, END), refused);
            words::write_words(LIST, &[path, END, 0]).expect("there is room");
            expect("an argument that is not there", execve(path, LIST, 0), refused);
            let path = put(b"bin/nothing");
            let seen = execve(path, END, END);
            expect("nothing but the path is there, and no file", seen, Err(Errno(ENOENT)));
        });
    }

    /// One text of 131072 bytes is too long, and so are many that are shorter.
    fn long_lists_are_refused() {
        with_memory(|| {
            let path = put(b"bin/true");
            let text = START + FRAME_SIZE;
            (0..33).for_each(|page| {
                words::write(text + page * FRAME_SIZE, &[b'a'; 4096]).expect("there is room");
            });
            let refused = Err(Errno(E2BIG));
            words::write(text + 0x2_0000, &[0]).expect("there is room");
            words::write_words(LIST, &[text, 0]).expect("there is room");
            expect("an argument of 131072 bytes", execve(path, LIST, 0), refused);
            expect("a variable of 131072 bytes", execve(path, 0, LIST), refused);
            words::write(text + 0x1_0000, &[0]).expect("there is room");
            words::write_words(LIST, &[text; 200]).expect("there is room");
            words::write_words(LIST + 200 * 8, &[0]).expect("there is room");
            expect("200 arguments of 65536 bytes", execve(path, LIST, 0), refused);
        });
    }
}
