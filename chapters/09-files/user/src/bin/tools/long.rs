//! The long form of `ls`: kind and rights, names, owner, group, size, time, name.
//!
//! ```text
//!  -rwxr-xr-x  1  0  0  23040  2026-11-21 12:00  tools
//!  lrwxrwxrwx  1  0  0      5  2026-11-21 12:00  ls -> tools
//! ```

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use user::folder::readlink;
use user::status::{Kind, Status};

use crate::calendar::Moment;
use crate::ls::Shown;

/// What all takes on the disk, in kibibytes; the kernel counts in units of 512 bytes.
pub fn total(all: &[Shown]) -> Vec<u8> {
    let blocks: u64 = all.iter().map(|it| it.status.blocks).sum();
    format!("total {}", blocks.div_ceil(2)).into_bytes()
}

/// A line for each.
pub fn lines(all: &[Shown]) -> Vec<Vec<u8>> {
    let rows: Vec<[String; 4]> = all.iter().map(|it| numbers(&it.status)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: [usize; 4] = core::array::from_fn(width);
    all.iter().zip(&rows).map(|(it, row)| line(it, row, widths)).collect()
}

fn line(it: &Shown, row: &[String; 4], widths: [usize; 4]) -> Vec<u8> {
    let mut line = mode(it.status.mode).into_bytes();
    for (text, width) in row.iter().zip(widths) {
        line.extend(format!(" {text:>width$}").as_bytes());
    }
    line.extend(format!(" {} ", Moment::new(it.status.modified)).as_bytes());
    line.extend(it.name.to_bytes());
    if it.status.kind() == Some(Kind::Link)
        && let Ok(target) = readlink(&it.path)
    {
        line.extend(b" -> ");
        line.extend(target.to_bytes());
    }
    line
}

/// Names, owner, group and size; of a device, instead of its size, which one it is.
fn numbers(status: &Status) -> [String; 4] {
    let size = match status.kind() {
        Some(Kind::Characters | Kind::Blocks) => device(status.names_device),
        _ => format!("{}", status.size),
    };
    [format!("{}", status.links), format!("{}", status.user), format!("{}", status.group), size]
}

/// The driver's number and the device's. (makedev(3).)
fn device(number: u64) -> String {
    let major = (number >> 8 & 0xfff) | (number >> 32 & !0xfff);
    let minor = (number & 0xff) | (number >> 12 & !0xff);
    format!("{major}, {minor}")
}

/// The letters for a mode: the kind, and three times whether one may read, write and run.
fn mode(mode: u32) -> String {
    let kind = match Kind::from_mode(mode) {
        Some(Kind::File) => '-',
        Some(Kind::Folder) => 'd',
        Some(Kind::Link) => 'l',
        Some(Kind::Characters) => 'c',
        Some(Kind::Blocks) => 'b',
        Some(Kind::Pipe) => 'p',
        Some(Kind::Socket) => 's',
        None => '?',
    };
    let mut letters = String::from(kind);
    for (index, letter) in "rwxrwxrwx".chars().enumerate() {
        let bit = 8 - index as u32;
        let special = (bit.is_multiple_of(3) && mode >> (9 + bit / 3) & 1 == 1).then_some(bit / 3);
        letters.push(match (special, mode >> bit & 1 == 1) {
            (None, true) => letter,
            (None, false) => '-',
            (Some(0), true) => 't',
            (Some(0), false) => 'T',
            (Some(_), true) => 's',
            (Some(_), false) => 'S',
        });
    }
    letters
}
