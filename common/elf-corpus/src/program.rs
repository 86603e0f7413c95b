//! A program, field by field, and how it is written.
//!
//! ```text
//!  offset   address            header
//!  0x0000   base               1: file header and program headers, read-only
//!  0x1040   base + 0x2040      2: code, the entry in its middle
//!  0x2000   base + 0x4000      3: constants
//!  0x2e80   base + 0x5e80      4: data, and zeroes behind it; 5: the part that each thread has
//! ```
//!
//! Header 0 says where the headers are and header 6 what the stack may be. Between the segments are
//! pages that nobody uses, so that a segment can grow without meeting the next.

/// `e_machine` of ARM64.
pub const AARCH64: u16 = 183;
/// `e_machine` of x86_64.
pub const X86_64: u16 = 62;

/// `e_type` of a program at addresses of its own.
pub const FIXED_TYPE: u16 = 2;
/// `e_type` of a program that runs anywhere.
pub const MOVABLE_TYPE: u16 = 3;

/// `p_type` of what is loaded.
pub const LOAD: u32 = 1;
/// `p_type` of the path of an interpreter.
pub const INTERPRETER: u32 = 3;
/// `p_type` of the place of the program headers.
pub const HEADERS_PLACE: u32 = 6;
/// `p_type` of the memory that each thread has for itself.
pub const THREAD: u32 = 7;
/// `p_type` of what says how the stack may be used.
pub const STACK: u32 = 0x6474_e551;

/// `p_flags`: it may be executed.
pub const X: u32 = 1;
/// `p_flags`: it may be written.
pub const W: u32 = 2;
/// `p_flags`: it may be read.
pub const R: u32 = 4;

/// The program header of the file's own headers.
pub const START: usize = 1;
/// The program header of the code.
pub const CODE: usize = 2;
/// The program header of the constants.
pub const CONSTANTS: usize = 3;
/// The program header of the data.
pub const DATA: usize = 4;
/// The program header of the memory that each thread has for itself.
pub const THREADS: usize = 5;
/// The program header that speaks of the stack.
pub const STACK_FLAGS: usize = 6;

/// Where the program that does not move begins.
pub const FIXED: u64 = 0x40_0000;

/// Bytes of a file header.
const HEADER: usize = 64;
/// Bytes of a program header.
const ENTRY: usize = 56;

/// A file: what its headers say, and its length.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of the format")]
pub struct Program {
    pub ident: [u8; 16],
    pub kind: u16,
    pub machine: u16,
    pub version: u32,
    pub entry: u64,
    pub phoff: u64,
    pub ehsize: u16,
    pub phentsize: u16,
    pub phnum: u16,
    pub segments: Vec<Segment>,
    /// Where the program headers are written, whatever `phoff` says.
    pub place: usize,
    /// How long the file is.
    pub length: usize,
    /// What is written over all that, and where.
    pub patches: Vec<(usize, Vec<u8>)>,
}

/// A program header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the format")]
pub struct Segment {
    pub kind: u32,
    pub flags: u32,
    pub offset: u64,
    pub vaddr: u64,
    pub filesz: u64,
    pub memsz: u64,
    pub align: u64,
}

impl Program {
    /// A program with addresses of its own.
    pub fn fixed(machine: u16) -> Self {
        Self::at(FIXED, FIXED_TYPE, machine)
    }

    /// A program that runs anywhere.
    pub fn movable(machine: u16) -> Self {
        Self::at(0, MOVABLE_TYPE, machine)
    }

    fn at(base: u64, kind: u16, machine: u16) -> Self {
        let segment = |kind, flags, offset, address, filesz, memsz, align| {
            let vaddr = base + address;
            Segment { kind, flags, offset, vaddr, filesz, memsz, align }
        };
        let headers = 7 * ENTRY as u64;
        let mut program = Self {
            ident: *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
            kind,
            machine,
            version: 1,
            entry: base + 0x2080,
            phoff: HEADER as u64,
            ehsize: HEADER as u16,
            phentsize: ENTRY as u16,
            phnum: 7,
            segments: vec![
                segment(HEADERS_PLACE, R, HEADER as u64, HEADER as u64, headers, headers, 8),
                segment(LOAD, R, 0, 0, 0x300, 0x300, 0x1000),
                segment(LOAD, R | X, 0x1040, 0x2040, 0x100, 0x100, 0x1000),
                segment(LOAD, R, 0x2000, 0x4000, 0x200, 0x200, 0x1000),
                segment(LOAD, R | W, 0x2e80, 0x5e80, 0x140, 0x1400, 0x1000),
                segment(THREAD, R, 0x2e80, 0x5e80, 0x10, 0x40, 16),
                segment(STACK, R | W, 0, 0, 0, 0, 16),
            ],
            place: HEADER,
            length: 0x3000,
            patches: Vec::new(),
        };
        program.segments[STACK_FLAGS].vaddr = 0;
        program
    }

    /// Has `bytes` in the file at `offset`, whatever else would be there.
    pub fn patch(&mut self, offset: usize, bytes: &[u8]) {
        self.patches.push((offset, bytes.to_vec()));
    }

    /// Writes it.
    pub fn bytes(&self) -> Vec<u8> {
        // No two bytes near each other are equal, so that each is known by its value.
        let mut file: Vec<u8> = (0..self.length).map(|i| (i * 7 + i / 251) as u8).collect();
        for (index, segment) in self.segments.iter().enumerate() {
            put(&mut file, self.place + index * ENTRY, &segment.bytes());
        }
        put(&mut file, 0, &self.header());
        self.patches.iter().for_each(|(offset, bytes)| put(&mut file, *offset, bytes));
        file
    }

    /// The file header, without section headers.
    fn header(&self) -> Vec<u8> {
        let numbers = [self.entry, self.phoff, 0].map(u64::to_le_bytes);
        let sizes = [self.ehsize, self.phentsize, self.phnum, 64, 0, 0].map(u16::to_le_bytes);
        let parts: [&[u8]; 7] = [
            &self.ident,
            &self.kind.to_le_bytes(),
            &self.machine.to_le_bytes(),
            &self.version.to_le_bytes(),
            numbers.as_flattened(),
            &[0; 4],
            sizes.as_flattened(),
        ];
        parts.concat()
    }
}

impl Segment {
    fn bytes(&self) -> Vec<u8> {
        let Self { kind, flags, offset, vaddr, filesz, memsz, align } = *self;
        let words = [kind, flags].map(u32::to_le_bytes);
        let numbers = [offset, vaddr, vaddr, filesz, memsz, align].map(u64::to_le_bytes);
        [words.as_flattened(), numbers.as_flattened()].concat()
    }
}

/// Writes `bytes` at `offset`, as far as the file goes.
fn put(file: &mut [u8], offset: usize, bytes: &[u8]) {
    let place = file.iter_mut().skip(offset);
    place.zip(bytes).for_each(|(place, byte)| *place = *byte);
}
