//! Tests of what is in files.

use super::*;
use crate::memory::faults;
use crate::process::tests::left;
use crate::process::user::UserSlice;

/// Writes `bytes` from `offset` on.
fn write(contents: &mut Contents, offset: u64, bytes: &[u8]) -> Result<usize, FileError> {
    let mut copy = [0; 64];
    copy[..bytes.len()].copy_from_slice(bytes);
    contents.write(offset, &Buffer::Kernel(&mut copy[..bytes.len()]))
}

/// What there is from `offset` on, of at most 64 bytes.
fn read(contents: &Contents, offset: u64) -> ([u8; 64], usize) {
    let mut bytes = [0xff; 64];
    let count = contents.read(offset, &mut Buffer::Kernel(&mut bytes)).expect("the memory is ours");
    (bytes, count)
}

/// Lets files have `count` frames more than they have, as long as `act` runs: to fill half of a
/// large machine takes minutes.
pub fn with_room(count: usize, act: impl FnOnce()) {
    let most = MOST.swap(USED.load(Ordering::Relaxed) + count, Ordering::Relaxed);
    act();
    MOST.store(most, Ordering::Relaxed);
}

ktest::test! {
    /// What was written is read again, wherever pages begin.
    fn what_is_written_is_read() {
        let mut contents = Contents::new(&[]);
        for offset in [0, 1, 4090, 4096, 8191, 100_000] {
            assert_eq!(write(&mut contents, offset, b"abcdefgh"), Ok(8));
            let (bytes, count) = read(&contents, offset);
            assert!(count >= 8 && bytes.starts_with(b"abcdefgh"), "at {offset}");
        }
        assert_eq!(contents.size(), 100_008);
    }

    /// Where nobody has written, there are zeroes, and no memory.
    fn holes_are_zeroes() {
        let mut contents = Contents::new(&[]);
        assert_eq!(write(&mut contents, 1 << 40, b"far"), Ok(3));
        assert_eq!(contents.frames(), 1);
        let (bytes, count) = read(&contents, 5_000_000);
        assert_eq!((bytes, count), ([0; 64], 64));
    }

    /// A page of the archive is copied before it is written to; the archive stays as it is.
    fn archive_is_copied_when_written() {
        static ARCHIVE: [u8; 5000] = [b'a'; 5000];
        let mut contents = Contents::new(&ARCHIVE);
        assert!(contents.original().is_some());
        assert_eq!(write(&mut contents, 10, b"b"), Ok(1));
        assert!(contents.original().is_none());
        assert_eq!(contents.frames(), 1, "the second page is still the archive's");
        let (bytes, _) = read(&contents, 9);
        assert!(bytes.starts_with(b"aba"));
        assert_eq!(read(&contents, 4999).1, 1);
        assert!(ARCHIVE.iter().all(|byte| *byte == b'a'));
    }

    /// What is cut off is gone: if the file grows again, there are zeroes.
    fn what_is_cut_off_is_gone() {
        static ARCHIVE: [u8; 9000] = [b'a'; 9000];
        for size in [0, 1, 4095, 4096, 4097, 8192, 8999] {
            let mut contents = Contents::new(&ARCHIVE);
            for offset in [4000, 8200, 12_000] {
                assert_eq!(write(&mut contents, offset, &[b'b'; 60]), Ok(60));
            }
            contents.resize(size).expect("it becomes shorter");
            contents.resize(20_000).expect("it becomes longer");
            for place in [size, size.next_multiple_of(FRAME_SIZE), 12_000] {
                assert_eq!(read(&contents, place), ([0; 64], 64), "{place}, behind {size}");
            }
            if size > 0 {
                assert_ne!(read(&contents, size - 1).0[0], 0, "before {size}");
            }
        }
    }

    /// No file is longer than an offset can say.
    fn no_file_is_too_long() {
        let mut contents = Contents::new(&[]);
        assert_eq!(write(&mut contents, LONGEST, b"a"), Err(FileError::TooLarge));
        assert_eq!(write(&mut contents, LONGEST - 1, b"ab"), Ok(1));
        assert_eq!(contents.resize(LONGEST + 1), Err(FileError::TooLarge));
        assert_eq!(contents.resize(LONGEST), Ok(()));
    }

    /// Whichever allocation fails, a write says how far it came, and nothing is lost.
    fn a_write_without_memory_is_an_error() {
        let before = (usage().0, left());
        let mut count = 0;
        loop {
            let mut contents = Contents::new(&[]);
            assert_eq!(contents.resize(10), Ok(()));
            let (result, has_failed) =
                faults::fail_at(count, || write(&mut contents, 4090, &[7; 60]));
            match result {
                Ok(60) => {
                    assert!(!has_failed, "at {count}: nobody noticed");
                    break;
                }
                Ok(written) => assert_eq!(contents.size(), 4090 + written as u64),
                Err(error) => {
                    assert!(matches!(error, FileError::NoSpace | FileError::NoMemory), "{error}");
                    assert_eq!(contents.size(), 10);
                }
            }
            assert_eq!(contents.frames(), usize::from(result.is_ok()), "at {count}");
            drop(contents);
            assert_eq!((usage().0, left()), before, "at {count}");
            count += 1;
        }
        assert!(count >= 3, "only {count} allocations");
    }

    /// On a page that is new nobody finds what its frame was used for before.
    fn new_pages_are_zeroes() {
        let mut contents = Contents::new(&[]);
        for page in 0..8 {
            contents.write(page * FRAME_SIZE, &Buffer::Kernel(&mut [b'x'; PAGE])).expect("memory");
        }
        drop(contents);
        let mut contents = Contents::new(&[]);
        for page in 0..8 {
            assert_eq!(write(&mut contents, page * FRAME_SIZE + 200, b"y"), Ok(1));
            assert_eq!(read(&contents, page * FRAME_SIZE).0, [0; 64], "page {page}");
        }
    }

    /// What cannot be copied leaves nothing in the file: no length, and no bytes for later.
    fn a_failed_write_leaves_nothing() {
        static ARCHIVE: [u8; 10] = [b'a'; 10];
        let nowhere = [UserSlice::new(0x1000, 10).expect("it is a program's address")];
        for size in [10, 4096, 5000] {
            let mut contents = Contents::new(&ARCHIVE);
            assert_eq!(contents.resize(size), Ok(()));
            for offset in [size, 20_000] {
                let result = contents.write(offset, &Buffer::Program(&nowhere));
                assert_eq!(result, Err(FileError::BadAddress));
                assert!(contents.size() == size && contents.frames() <= 1, "{contents:?}");
            }
            assert_eq!(contents.resize(20_064), Ok(()));
            assert_eq!(read(&contents, size).0, [0; 64], "behind {size}");
        }
    }

    /// Files get half of all memory, and what goes is there for the next.
    fn files_leave_memory_for_others() {
        let before = usage();
        assert_eq!(before.1, frames::statistics().total / 2);
        with_room(1000, || {
            for _ in 0..2 {
                let mut contents = Contents::new(&[]);
                for page in 0..1000 {
                    assert_eq!(write(&mut contents, page * FRAME_SIZE, b"x"), Ok(1), "{page}");
                }
                let behind = 1000 * FRAME_SIZE;
                assert_eq!(write(&mut contents, behind, b"x"), Err(FileError::NoSpace));
                assert_eq!(contents.size(), behind - FRAME_SIZE + 1);
                assert_eq!(write(&mut contents, 0, b"y"), Ok(1), "this page is there");
                drop(contents);
                assert_eq!(usage().0, before.0);
            }
        });
    }
}
