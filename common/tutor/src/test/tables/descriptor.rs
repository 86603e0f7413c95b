//! The entries of both machines' page tables, as their manuals describe them.
//!
//! What may be done with a page is what its own entry and all on the way to it allow.
//!
//! Intel SDM vol. 3A, "4-Level Paging and 5-Level Paging"; Arm ARM DDI 0487, D8, "Translation table
//! descriptor formats".

/// What may be done with a page; reading always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// It may be written.
    pub write: bool,
    /// Its bytes may be executed, by anybody.
    pub execute: bool,
    /// Programs may do something with it.
    pub user: bool,
    /// It is a device.
    pub device: bool,
}

impl Rights {
    /// Before the first entry: everything.
    pub const ALL: Self = Self { write: true, execute: true, user: true, device: false };
}

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// Nothing is mapped.
    Nothing,
    /// A table follows, below which no more may be done than this.
    Table(u64, Rights),
    /// Memory is mapped, and this may be done.
    Page(u64, Rights),
    /// The processor would refuse it.
    Reserved,
}

/// Bits 47 to 12 of an entry; neither machine has more memory than that.
const ADDRESS: u64 = 0x0000_ffff_ffff_f000;

/// Decodes `entry` of a table of `level` of `arch`; the way to it allows `above`.
pub fn decode(arch: &str, entry: u64, level: usize, above: Rights) -> Descriptor {
    let bit = |number: u32| entry >> number & 1 == 1;
    match arch {
        "x86_64" => decode_x86_64(entry, level, above, bit),
        _ => decode_aarch64(entry, level, above, bit),
    }
}

/// P is bit 0, R/W 1, U/S 2, PCD 4, PS 7, XD 63.
fn decode_x86_64(entry: u64, level: usize, above: Rights, bit: impl Fn(u32) -> bool) -> Descriptor {
    let is_large = level < 3 && bit(7);
    let rights = Rights {
        write: above.write && bit(1),
        execute: above.execute && !bit(63),
        user: above.user && bit(2),
        device: (level == 3 || is_large) && bit(4),
    };
    match level {
        _ if !bit(0) => Descriptor::Nothing,
        0 if is_large => Descriptor::Reserved,
        0..3 if !is_large => Descriptor::Table(entry & ADDRESS, rights),
        _ => Descriptor::Page(start_of_page(entry, level), rights),
    }
}

/// Valid is bit 0, table or page 1, AttrIndx 4:2, AP 7:6, PXN 53, UXN 54; in a table PXNTable is
/// 59, UXNTable 60, APTable 62:61.
fn decode_aarch64(
    entry: u64,
    level: usize,
    above: Rights,
    bit: impl Fn(u32) -> bool,
) -> Descriptor {
    if !bit(0) {
        return Descriptor::Nothing;
    }
    if level < 3 && bit(1) {
        let rights = Rights {
            write: above.write && !bit(62),
            execute: above.execute && !(bit(59) && bit(60)),
            user: above.user && !(bit(61) && bit(60)),
            device: false,
        };
        return Descriptor::Table(entry & ADDRESS, rights);
    }
    if level == 0 || (level == 3 && !bit(1)) {
        return Descriptor::Reserved;
    }
    // Without any access, a program may still execute what does not say UXN.
    let rights = Rights {
        write: above.write && !bit(7),
        execute: above.execute && !(bit(53) && bit(54)),
        user: above.user && (bit(6) || !bit(54)),
        device: entry >> 2 & 0b111 != 0,
    };
    Descriptor::Page(start_of_page(entry, level), rights)
}

/// The address in an entry that maps a page of `level`, without what its lower bits say else.
fn start_of_page(entry: u64, level: usize) -> u64 {
    entry & ADDRESS & !(super::walk::reach(level) - 1)
}
