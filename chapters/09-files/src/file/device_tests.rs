//! Tests of devices.

use linux_raw_sys::general::{O_ACCMODE, O_PATH, O_RDONLY, O_RDWR, O_WRONLY};

use super::Device;
use crate::file::description::Whence;
use crate::file::status::Kind;
use crate::file::{Buffer, Description, FileError, Held, open};
use crate::memory::shared::Shared;

fn open(path: &str) -> Shared<Description> {
    open_as(path, O_RDWR)
}

fn open_as(path: &str, flags: u32) -> Shared<Description> {
    let opened = open::open(&Held::root(), path.as_bytes(), flags, 0);
    opened.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What is read of the device `name`, where nines were before.
fn read(name: &str) -> ([u8; 1000], usize) {
    let mut bytes = [9; 1000];
    let count = open(name).read(&mut Buffer::Kernel(&mut bytes)).expect("there is memory");
    (bytes, count)
}

fn write(name: &str) -> Result<usize, FileError> {
    open(name).write(&Buffer::Kernel(&mut [1; 1000]))
}

ktest::test! {
    /// Each has its name in `/dev`, and the number that it has on Linux.
    fn devices_have_names_and_numbers() {
        for (name, device) in super::ALL {
            let status = open(&alloc::format!("/dev/{name}")).status();
            assert_eq!((status.kind, status.opens), (Kind::Device, device.number()), "{name}");
        }
        let numbers = [Device::Null, Device::Zero, Device::Terminal].map(Device::number);
        assert_eq!(numbers, [0x103, 0x105, 0x500]);
    }

    /// What is read of them: nothing, zeroes, or what nobody can foresee.
    fn devices_are_read() {
        assert_eq!(read("/dev/null"), ([9; 1000], 0));
        assert_eq!(read("/dev/zero"), ([0; 1000], 1000));
        assert_eq!(read("/dev/full"), ([0; 1000], 1000));
        let [first, second] = ["/dev/random", "/dev/urandom"].map(read);
        assert_eq!((first.1, second.1), (1000, 1000));
        assert_ne!(first.0, second.0);
        assert!(first.0[..16] != first.0[16..32], "they repeat");
    }

    /// All take what is written, but the one that is full.
    fn devices_are_written() {
        for name in ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"] {
            assert_eq!(write(name), Ok(1000), "{name}");
        }
        assert_eq!(write("/dev/full"), Err(FileError::NoSpace));
    }

    /// What is open is read and written as it was asked for: with all bits of the access mode, not
    /// at all. (Linux, `man 2 open`, "File access mode".)
    fn flags_say_what_may_be_done() {
        for (flags, reads, writes) in [
            (O_RDONLY, true, false),
            (O_WRONLY, false, true),
            (O_RDWR, true, true),
            (O_ACCMODE, false, false),
            (O_RDWR | O_PATH, false, false),
        ] {
            let null = open_as("/dev/null", flags);
            let refused = Err(FileError::BadDescriptor);
            let done = |may: bool, count| if may { Ok(count) } else { refused };
            assert_eq!(null.read(&mut Buffer::Kernel(&mut [0])), done(reads, 0), "{flags:o}");
            assert_eq!(null.write(&Buffer::Kernel(&mut [0])), done(writes, 1), "{flags:o}");
        }
    }

    /// One is always at their beginning, wherever one goes; the terminal has no places.
    fn devices_have_no_places() {
        for name in ["/dev/null", "/dev/zero", "/dev/full", "/dev/urandom"] {
            assert_eq!(open(name).seek(Whence::Start, 5), Ok(0), "{name}");
        }
        assert_eq!(open("/dev/tty").seek(Whence::Start, 5), Err(FileError::NotSeekable));
    }
}
