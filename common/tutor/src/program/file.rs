//! The file of a program: whether the kernel can run it at all.
//!
//! Whoever brings the wrong file should hear so in a line, and not from a kernel that says
//! `ENOEXEC`. The kernel does not rely on any of this: it looks for itself.

use std::fs;
use std::path::Path;

use object::elf::{
    ELFCLASS64, ELFDATA2LSB, EM_AARCH64, EM_X86_64, ET_DYN, ET_EXEC, FileHeader64, PT_INTERP,
};
use object::endian::LittleEndian as Little;
use object::read::elf::{FileHeader, ProgramHeader};

use crate::failure::{Failure, Result};

/// How every ELF file begins.
const MAGIC: &[u8] = b"\x7fELF";

/// A program that may be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its file's name.
    pub name: String,
    /// What is in the file.
    pub bytes: Vec<u8>,
}

impl Program {
    /// Reads the program in the file at `path`, for a machine of architecture `arch`.
    pub fn read(path: &str, arch: &str) -> Result<Self> {
        let refuse = |why: String| Failure::usage(format!("program={path}: {why}"));
        let file = Path::new(path);
        let data = fs::metadata(file).map_err(|error| refuse(in_words(&error)))?;
        if data.is_dir() {
            return Err(refuse("it is a folder, not a program".into()));
        }
        if !data.is_file() {
            return Err(refuse("it is no ordinary file".into()));
        }
        let bytes = fs::read(file).map_err(|error| refuse(in_words(&error)))?;
        check(&bytes, arch).map_err(refuse)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, bytes })
    }
}

/// What the file system said.
fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

/// Whether `bytes` are a static Linux program for `arch`; the error says why not.
pub fn check(bytes: &[u8], arch: &str) -> std::result::Result<(), String> {
    if !bytes.starts_with(MAGIC) {
        let kind = if bytes.starts_with(b"#!") { "a script" } else { "no ELF file" };
        return Err(format!("it is {kind}, not a program for Linux"));
    }
    let damaged = || "it is a damaged ELF file".to_string();
    match bytes.get(4..6) {
        Some(&[ELFCLASS64, ELFDATA2LSB]) => {}
        Some(_) => return Err("it is no 64-bit little-endian program".into()),
        None => return Err(damaged()),
    }
    let header = FileHeader64::<Little>::parse(bytes).map_err(|_| damaged())?;
    check_machine(header.e_machine(Little), arch)?;
    if !matches!(header.e_type(Little), ET_EXEC | ET_DYN) || header.e_entry(Little) == 0 {
        return Err("it is an ELF file, but no program: it has no entry".into());
    }
    let segments = header.program_headers(Little, bytes).map_err(|_| damaged())?;
    match segments.iter().find(|segment| segment.p_type(Little) == PT_INTERP) {
        None => Ok(()),
        Some(segment) => {
            let loader = segment.data(Little, bytes).unwrap_or_default();
            let loader = String::from_utf8_lossy(loader).replace('\0', "");
            Err(format!("it is not static: it asks for {loader}; link it with -static"))
        }
    }
}

/// Whether the program is for `arch`.
fn check_machine(machine: u16, arch: &str) -> std::result::Result<(), String> {
    let other = match machine {
        EM_AARCH64 => "aarch64",
        EM_X86_64 => "x86_64",
        number => return Err(format!("it is for ELF machine {number}, which is none of ours")),
    };
    if other == arch {
        return Ok(());
    }
    Err(format!("it is for {other}, and the machine is {arch}: add arch={other}"))
}

#[cfg(test)]
mod tests {
    use object::elf::{EM_RISCV, ET_REL};

    use super::*;

    /// An ELF file of this kind for `machine`, whose only segment asks for `loader`.
    fn elf(kind: u16, machine: u16, loader: &str) -> Vec<u8> {
        let mut file = b"\x7fELF\x02\x01\x01".to_vec();
        file.resize(16, 0);
        file.extend([kind, machine, 1, 0].iter().flat_map(|half| half.to_le_bytes()));
        file.extend([0x40_1000, 64, 0_u64].iter().flat_map(|word| word.to_le_bytes()));
        let (count, size) = (u16::from(!loader.is_empty()), loader.len() as u64);
        file.extend([0, 0, 64, 56, count, 64, 0, 0_u16].iter().flat_map(|it| it.to_le_bytes()));
        file.extend([PT_INTERP, 4].iter().flat_map(|half| half.to_le_bytes()));
        file.extend([120, 0, 0, size, size, 1].iter().flat_map(|word| word.to_le_bytes()));
        file.extend(loader.as_bytes());
        file
    }

    #[test]
    fn static_programs_of_both_kinds_are_taken() {
        for kind in [ET_EXEC, ET_DYN] {
            assert_eq!(check(&elf(kind, EM_AARCH64, ""), "aarch64"), Ok(()));
            assert_eq!(check(&elf(kind, EM_X86_64, ""), "x86_64"), Ok(()));
        }
    }

    #[test]
    fn others_hear_why_not() {
        let why = |bytes: &[u8]| check(bytes, "aarch64").expect_err("it cannot run");
        assert!(why(&elf(ET_EXEC, EM_X86_64, "")).ends_with("add arch=x86_64"));
        assert!(why(&elf(ET_EXEC, EM_RISCV, "")).contains("machine 243"));
        assert!(why(&elf(ET_DYN, EM_AARCH64, "/lib/ld.so\0")).contains("asks for /lib/ld.so;"));
        assert!(why(&elf(ET_REL, EM_AARCH64, "")).contains("no entry"));
        assert!(why(b"#!/bin/sh\n").contains("a script"));
        assert!(why(b"").contains("no ELF file"));
        assert!(why(b"\x7fELF\x01\x01").contains("64-bit"));
        for length in [4, 6, 40, 63] {
            let cut = &elf(ET_EXEC, EM_AARCH64, "")[..length];
            assert!(why(cut).contains("damaged"), "{length}");
        }
        let cut = &elf(ET_DYN, EM_AARCH64, "/lib/ld.so")[..100];
        assert!(why(cut).contains("damaged"));
    }

    #[test]
    fn what_is_no_file_is_wrong_use() {
        for (path, why) in [
            ("/", "program=/: it is a folder"),
            ("/no/such", "program=/no/such: there is no such file"),
            ("/dev/null", "program=/dev/null: it is no ordinary file"),
            ("/etc/passwd", "program=/etc/passwd: it is no ELF file"),
        ] {
            let failure = Program::read(path, "aarch64").expect_err("it cannot run");
            assert_eq!(failure.status, 2);
            assert!(failure.message.starts_with(why), "{}", failure.message);
        }
    }
}
