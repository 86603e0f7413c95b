//! The tests that a kernel has, read from its file.
//!
//! The kernel tells of them, too, when it reaches them; but to ask it takes a boot, and one that
//! dies before says nothing. Both lists must be the same.
//!
//! ```text
//! __ktest_start:  | name    | length | how    | length | run    |    a `ktest::Test`
//!                 | address |        | or 0   |        |        |    of five words
//! __ktest_end:
//! ```

use crate::packing::{PackError, bytes_at, symbol};

/// Bytes of a `ktest::Test` in a kernel.
const SIZE: u64 = 40;

/// A test that a kernel has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its place among them, by which the kernel is asked for it.
    pub index: usize,
    /// Its module's path and its own name.
    pub name: String,
    /// How it must die, if it must.
    pub must_die: Option<String>,
}

/// All tests in `elf`; none, if it was built without.
pub fn tests(elf: &[u8]) -> Result<Vec<Listed>, PackError> {
    let (Some(start), Some(end)) = (symbol(elf, "__ktest_start"), symbol(elf, "__ktest_end"))
    else {
        return Ok(Vec::new());
    };
    let addresses = (start..end).step_by(SIZE as usize).enumerate();
    addresses.map(|(index, address)| test(elf, index, address)).collect()
}

fn test(elf: &[u8], index: usize, address: u64) -> Result<Listed, PackError> {
    let bytes = bytes_at(elf, address, SIZE)?;
    let mut words = bytes.chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_le_bytes));
    let mut text = || {
        let (address, length) = (words.next().unwrap_or(0), words.next().unwrap_or(0));
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        (address != 0).then(|| bytes_at(elf, address, length).map(text)).transpose()
    };
    let name = text()?.unwrap_or_default();
    Ok(Listed { index, name, must_die: text()? })
}
