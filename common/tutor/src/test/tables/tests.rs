//! The comparison on tables that are made up, for both machines alike: it must find every lie.

use std::collections::BTreeMap;

use super::descriptor::{Descriptor, Rights, decode};
use super::span::{heap_told_later, printed};
use super::*;

/// On x86_64: nobody may execute (XD).
const NEVER: u64 = 1 << 63;

/// On aarch64: programs may not execute (UXN).
const NO_USER: u64 = 1 << 54;

/// On aarch64: nobody may (UXN and PXN).
const NEVER_ANY: u64 = NO_USER | 1 << 53;

/// A machine's memory, which is all tables: what QEMU would show of it.
struct Memory {
    arch: &'static str,
    root: u64,
    tables: BTreeMap<u64, [u64; 512]>,
}

impl Memory {
    /// Tables that map a page for code and two for data at the start of the image, and 2 MiB at the
    /// start of the direct map.
    fn new(arch: &'static str) -> Self {
        let (table, code, data, large) = match arch {
            "x86_64" => (0b111, 0x101, NEVER | 0x103, NEVER | 0x183),
            _ => (0b11, NO_USER | 0x783, NEVER_ANY | 0x703, NEVER_ANY | 0x701),
        };
        let mut memory = Self { arch, root: 0x1000, tables: BTreeMap::new() };
        memory.set(0x1000, 511, 0x2000 | table);
        memory.set(0x2000, 510, 0x3000 | table);
        memory.set(0x3000, 0, 0x4000 | table);
        memory.set(0x4000, 0, 0x8000 | code);
        memory.set(0x4000, 1, 0x9000 | data);
        memory.set(0x4000, 2, 0xa000 | data);
        memory.set(0x1000, 256, 0x5000 | table);
        memory.set(0x5000, 0, 0x6000 | table);
        memory.set(0x6000, 1, 0x20_0000 | large);
        memory
    }

    fn set(&mut self, table: u64, index: usize, entry: u64) {
        self.tables.entry(table).or_insert([0; 512])[index] = entry;
    }

    fn clear(&mut self, table: u64, index: usize, bits: u64) {
        let table = self.tables.get_mut(&table).expect("there is such a table");
        table[index] &= !bits;
    }

    fn add(&mut self, table: u64, index: usize, bits: u64) {
        let table = self.tables.get_mut(&table).expect("there is such a table");
        table[index] |= bits;
    }

    /// Translates as the processor would, one entry after the other.
    fn translate(&self, address: u64) -> Option<u64> {
        let mut table = self.root;
        for level in 0..4 {
            let index = (address / walk::reach(level)) as usize % 512;
            let entry = self.tables.get(&table)?[index];
            match decode(self.arch, entry, level, Rights::ALL) {
                Descriptor::Table(next, _) => table = next,
                Descriptor::Page(frame, _) => return Some(frame + address % walk::reach(level)),
                _ => return None,
            }
        }
        None
    }

    fn dump(&self, table: u64) -> String {
        let words = self.tables.get(&table).into_iter().flatten();
        words.map(|entry| format!("{table:016x}: {entry:#018x}\r\n")).collect()
    }
}

impl Monitor for Memory {
    fn ask(&mut self, command: &str) -> Option<String> {
        let number =
            || u64::from_str_radix(command.rsplit("0x").next().unwrap_or_default(), 16).ok();
        match command.split(' ').next()? {
            "info" => Some(format!("CR2=0 CR3={:016x} CR4=0", self.root)),
            "xp" => Some(self.dump(number()?)),
            "gva2gpa" => Some(match self.translate(number()?) {
                // As printf's `%#x` has it.
                Some(0) => "gpa: 0\r\n".into(),
                Some(address) => format!("gpa: {address:#x}\r\n"),
                None => "Unmapped\r\n".into(),
            }),
            _ => None,
        }
    }
}

/// What an honest kernel prints of these tables.
const CONSOLE: &str = "walk to 0xffffffff80000000:
  level 0: table 0x1000, entry 511: table 0x2000
mapped:
  0xffff800000200000..0xffff800000400000      2048 KiB  rw---  0x200000
  0xffffffff80000000..0xffffffff80001000         4 KiB  r-x--  0x8000
  0xffffffff80001000..0xffffffff80003000         8 KiB  rw---  0x9000
goodbye
";

const MACHINES: [&str; 2] = ["aarch64", "x86_64"];

/// What the comparison says when `change` has been made to the tables and the console is honest.
fn changed(change: impl Fn(&mut Memory)) -> [Finding; 2] {
    MACHINES.map(|arch| {
        let mut memory = Memory::new(arch);
        change(&mut memory);
        compare(arch, CONSOLE, &mut memory)
    })
}

/// Both must be red and say `words`.
fn must_say(findings: [Finding; 2], words: &str) {
    for finding in findings {
        let why = finding.expect_err("the tables are not what the console says");
        assert!(why.contains(words), "{why}");
    }
}

#[test]
fn an_honest_kernel_is_believed() {
    assert_eq!(changed(|_| ()), [Ok(()), Ok(())]);
}

#[test]
fn the_first_page_of_memory_may_be_mapped() {
    let page = "  0xffff800000000000..0xffff800000001000         4 KiB  rw---  0x0\n";
    let console = CONSOLE.replace("mapped:\n", &format!("mapped:\n{page}"));
    for arch in MACHINES {
        let mut memory = Memory::new(arch);
        let table = memory.tables[&0x1000][511] & 0xfff;
        memory.set(0x6000, 0, 0x7000 | table);
        memory.set(0x7000, 0, memory.tables[&0x4000][1] & !0xf000);
        assert_eq!(compare(arch, &console, &mut memory), Ok(()));
    }
}

#[test]
fn accessed_and_dirty_do_not_matter() {
    let findings = changed(|memory| match memory.arch {
        "x86_64" => memory.add(0x4000, 1, 0b110_0000),
        _ => memory.clear(0x4000, 1, 1 << 10),
    });
    assert_eq!(findings, [Ok(()), Ok(())]);
}

#[test]
fn a_page_too_many_is_found() {
    let findings = changed(|memory| {
        let entry = memory.tables[&0x4000][2];
        memory.set(0x4000, 3, entry + 0x1_0000);
    });
    must_say(findings, "in the tables, and not printed: 0xffffffff80003000");
}

#[test]
fn a_page_too_few_is_found() {
    must_say(changed(|memory| memory.clear(0x4000, 0, 1)), "printed, and not in the tables");
    must_say(changed(|memory| memory.clear(0x4000, 2, 1)), "not printed: 0xffffffff80001000..");
}

#[test]
fn another_frame_is_found() {
    must_say(changed(|memory| memory.add(0x4000, 0, 0x4000)), "r-x-- 0xc000");
}

#[test]
fn a_right_too_many_is_found() {
    let writable = changed(|memory| match memory.arch {
        "x86_64" => memory.add(0x4000, 0, 1 << 1),
        _ => memory.clear(0x4000, 0, 1 << 7),
    });
    must_say(writable, "not printed: 0xffffffff80000000..0xffffffff80001000 rwx-- ");
    let executable = changed(|memory| match memory.arch {
        "x86_64" => memory.clear(0x6000, 1, NEVER),
        _ => memory.clear(0x6000, 1, 1 << 53),
    });
    must_say(executable, "not printed: 0xffff800000200000..0xffff800000400000 rwx-- ");
    let programs = changed(|memory| match memory.arch {
        "x86_64" => memory.add(0x4000, 0, 1 << 2),
        _ => memory.clear(0x4000, 0, NO_USER),
    });
    must_say(programs, "not printed: 0xffffffff80000000..0xffffffff80001000 r-xu- ");
}

#[test]
fn what_the_way_forbids_is_not_allowed() {
    let findings = changed(|memory| match memory.arch {
        "x86_64" => memory.clear(0x2000, 510, 1 << 1),
        _ => memory.add(0x2000, 510, 1 << 62),
    });
    must_say(findings, "not printed: 0xffffffff80001000..0xffffffff80003000 r---- ");
    let findings = changed(|memory| match memory.arch {
        "x86_64" => memory.add(0x3000, 0, NEVER),
        _ => memory.add(0x3000, 0, 0b11 << 59),
    });
    must_say(findings, "not printed: 0xffffffff80000000..0xffffffff80001000 r---- ");
}

#[test]
fn entries_that_the_processor_refuses_are_found() {
    let findings = changed(|memory| match memory.arch {
        "x86_64" => memory.add(0x1000, 511, 1 << 7),
        _ => memory.clear(0x1000, 511, 1 << 1),
    });
    must_say(findings, "entry 511 of table 0x1000 is wrong");
    let findings = changed(|memory| _ = memory.tables.remove(&0x6000));
    must_say(findings, "no table can be read at 0x6000");
}

#[test]
fn an_empty_table_is_found() {
    let point = |memory: &mut Memory, table, index, next: u64| {
        let entry = memory.tables[&0x1000][511] & 0xfff | next;
        memory.set(table, index, entry);
        memory.set(next, 0, 0);
    };
    must_say(changed(|it| point(it, 0x3000, 7, 0xb000)), "table 0xb000, of level 3, is empty");
    must_say(changed(|it| point(it, 0x5000, 7, 0xb000)), "table 0xb000, of level 2, is empty");
    must_say(changed(|it| point(it, 0x1000, 7, 0xb000)), "table 0xb000, of level 1, is empty");
    assert_eq!(changed(|it| point(it, 0x1000, 300, 0xb000)), [Ok(()), Ok(())]);
}

#[test]
fn another_root_is_found() {
    let [aarch64, x86_64] = changed(|memory| {
        memory.set(0x7000, 0, 0);
        memory.root = 0x7000;
    });
    assert!(x86_64.expect_err("CR3 is another").contains("CR3 is 0x7000"));
    assert!(aarch64.expect_err("TTBR1 is another").contains("the processor translates"));
}

#[test]
fn a_programs_root_has_the_same_upper_half() {
    let findings = changed(|memory| {
        for index in 256..512 {
            // The processor has gone through, by one of the roots.
            let entry = memory.tables[&0x1000][index];
            memory.set(0x7000, index, if entry == 0 { 0 } else { entry | 1 << 5 });
        }
        memory.root = 0x7000;
    });
    assert_eq!(findings[1], Ok(()));
}

#[test]
fn the_heap_that_is_told_of_later_must_be_there() {
    let later = format!("{CONSOLE}heap: 7 of 8192 bytes used, 9 at most\n");
    assert_eq!(heap_told_later(&later), Some(8192));
    assert_eq!(heap_told_later(CONSOLE), None);
    for arch in MACHINES {
        let mut memory = Memory::new(arch);
        let data = memory.tables[&0x4000][1];
        memory.set(0x1000, 384, memory.tables[&0x1000][511] & 0xfff | 0xb000);
        memory.set(0xb000, 0, memory.tables[&0x1000][511] & 0xfff | 0xc000);
        memory.set(0xc000, 0, memory.tables[&0x1000][511] & 0xfff | 0xd000);
        memory.set(0xd000, 0, data + 0x10_0000);
        let finding = compare(arch, &later, &mut memory);
        assert!(finding.expect_err("half of it").contains("8192 bytes, and 4096 are mapped"));
        memory.set(0xd000, 1, data + 0x20_0000);
        assert_eq!(compare(arch, &later, &mut memory), Ok(()));
        assert!(compare(arch, CONSOLE, &mut memory).is_err(), "nothing was said of a heap");
        memory.set(0xd000, 1, memory.tables[&0x4000][0] + 0x20_0000);
        let finding = compare(arch, &later, &mut memory);
        assert!(finding.expect_err("no code in a heap").contains("in the heap, but not rw---"));
    }
}

#[test]
fn only_whole_spans_are_read() {
    assert_eq!(printed(CONSOLE).map(|spans| spans.len()), Ok(3));
    assert!(printed("hello\n").is_err());
    assert!(printed("mapped:\ngoodbye\n").is_err());
    for (right, wrong) in
        [("2048 KiB", "2047 KiB"), ("rw---", "wr---"), ("0x8000", "8000"), ("8 KiB", "8 MiB")]
    {
        assert!(printed(&CONSOLE.replace(right, wrong)).is_err(), "{wrong}");
    }
}
