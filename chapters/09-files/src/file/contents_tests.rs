//! Tests of what is in files.

use super::*;
use crate::memory::faults;

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
            assert_eq!(write(&mut contents, 4000, &[b'b'; 60]), Ok(60));
            contents.resize(size).expect("it becomes shorter");
            contents.resize(20_000).expect("it becomes longer");
            let (bytes, count) = read(&contents, size);
            assert_eq!((bytes, count), ([0; 64], 64), "behind {size}");
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

    /// When memory is used up, a write says how far it came, and nothing is lost.
    fn a_write_without_memory_is_an_error() {
        let before = usage().0;
        for count in 0..3 {
            let mut contents = Contents::new(&[]);
            let (result, _) = faults::fail_at(count, || write(&mut contents, 4090, &[7; 60]));
            match result {
                Ok(written) => assert_eq!(contents.size(), 4090 + written as u64),
                Err(_) => assert_eq!(contents.size(), 0),
            }
        }
        assert_eq!(usage().0, before);
    }
}
