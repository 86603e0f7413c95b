//! The section that carries the archive in a kernel's ELF file.
//!
//! It has no flags, as debug information has none: linkers keep it, and loaders leave it where it
//! is. So the archive costs a running kernel nothing, and does not get into an aarch64 `Image`.

use object::read::elf::ElfFile64;
use object::write::{Object, StandardSegment};
use object::{Architecture, BinaryFormat, Endianness, SectionFlags, SectionKind};
use object::{Object as _, ObjectSection};

/// The section's name.
pub const SECTION: &str = ".initramfs";

/// The archive starts at a multiple of this in the file, for whoever looks at it there.
const ALIGNMENT: u64 = 8;

/// An object file for `arch` that has `archive` in its section.
pub fn object(archive: &[u8], arch: &str) -> Result<Vec<u8>, String> {
    let architecture = match arch {
        "aarch64" => Architecture::Aarch64,
        "x86_64" => Architecture::X86_64,
        other => return Err(format!("no object files are known for `{other}`")),
    };
    let mut object = Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
    let segment = object.segment_name(StandardSegment::Debug).to_vec();
    let section = object.add_section(segment, SECTION.into(), SectionKind::Other);
    object.section_mut(section).flags = SectionFlags::Elf { sh_flags: 0 };
    object.append_section_data(section, archive, ALIGNMENT);
    object.write().map_err(|error| format!("cannot write the object file: {error}"))
}

/// The archive in a kernel's ELF file, if it carries one.
pub fn archive_in(elf: &[u8]) -> Option<&[u8]> {
    let file = ElfFile64::<Endianness>::parse(elf).ok()?;
    file.section_by_name(SECTION)?.data().ok().filter(|archive| !archive.is_empty())
}

#[cfg(test)]
mod tests {
    use object::ObjectSection;

    use super::*;

    #[test]
    fn what_is_put_in_comes_out_and_is_not_loaded() {
        for (arch, architecture) in
            [("aarch64", Architecture::Aarch64), ("x86_64", Architecture::X86_64)]
        {
            let object = object(b"an archive", arch).expect("the machine is known");
            assert_eq!(archive_in(&object), Some(&b"an archive"[..]));
            let file = ElfFile64::<Endianness>::parse(&object[..]).expect("it is an ELF file");
            assert_eq!(file.architecture(), architecture);
            let section = file.section_by_name(SECTION).expect("it is there");
            assert_eq!(section.flags(), SectionFlags::Elf { sh_flags: 0 });
        }
        assert!(object(b"", "riscv64").expect_err("no machine of ours").contains("riscv64"));
    }

    #[test]
    fn files_without_an_archive_have_none() {
        assert_eq!(archive_in(b"#!/bin/sh"), None);
        let empty = object(b"", "x86_64").expect("the machine is known");
        assert_eq!(archive_in(&empty), None);
    }
}
