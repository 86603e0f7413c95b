//! The kernel's ELF file: which section, function and line an address belongs to.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use addr2line::gimli::{self, EndianSlice, RunTimeEndian};
use object::elf::SHF_EXECINSTR;
use object::read::elf::{ElfFile64, ProgramHeader};
use object::{Object, ObjectSection, ObjectSymbol, SectionFlags};

type Reader<'data> = EndianSlice<'data, RunTimeEndian>;

/// The kernel's ELF file.
pub(super) struct Image<'data> {
    sections: Vec<Section<'data>>,
    symbols: Vec<Symbol>,
    stack: Option<Range<u64>>,
    extent: Option<Extent>,
    debug: Option<addr2line::Context<Reader<'data>>>,
    root: PathBuf,
}

/// Where all that is to be loaded lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// The address at which its first byte was linked.
    pub linked: u64,
    /// The physical addresses to which it is to be loaded.
    pub physical: Range<u64>,
}

/// A section that is in memory when the kernel runs.
struct Section<'data> {
    name: String,
    range: Range<u64>,
    is_code: bool,
    bytes: &'data [u8],
}

/// An address with a name.
struct Symbol {
    address: u64,
    name: String,
    /// Whether it is a place in the image, and not a number of the linker script's.
    is_label: bool,
}

/// A line of source code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The function, with its path.
    pub function: String,
    /// File and line, as `file:line`; none for assembly, and where a kernel was built without.
    line: Option<String>,
    /// Whether the code belongs to this repository, and not to a crate or to `core`.
    pub is_ours: bool,
}

impl Spot {
    /// The function without its path.
    pub fn name(&self) -> &str {
        last_name(&self.function)
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.line {
            // Of somebody else's code, the path says more than a file far away.
            _ if !self.is_ours => write!(f, "`{}`", self.function),
            Some(line) => write!(f, "`{}`, {line}", self.name()),
            // Names of Rust's have a path; an optimised kernel has no lines for them.
            None if self.function.contains("::") => {
                write!(f, "`{}`, of no known line", self.name())
            }
            None => write!(f, "`{}`, in assembly", self.name()),
        }
    }
}

/// The last name of a path, with what belongs to it: a closure's function.
fn last_name(path: &str) -> &str {
    let mut depth = 0;
    let mut start = 0;
    let mut previous = 0;
    for (index, character) in path.char_indices() {
        match character {
            '<' => depth += 1,
            '>' => depth -= 1,
            ':' if depth == 0 && path[..index].ends_with(':') => {
                previous = start;
                start = index + 1;
            }
            _ => {}
        }
    }
    // A closure, or the values of type parameters, are no name.
    let is_name = !path[start..].starts_with(['{', '<']);
    &path[if is_name { start } else { previous }..]
}

impl<'data> Image<'data> {
    /// Reads the ELF file whose contents are `data`; source files below `root` are named from
    /// there.
    pub fn parse(data: &'data [u8], root: &Path) -> Result<Self, object::Error> {
        let file = ElfFile64::<object::Endianness>::parse(data)?;
        let mut symbols: Vec<Symbol> = file.symbols().filter_map(|s| symbol(&s)).collect();
        // Of two names for an address, one of the code's own says more than one of linker.ld's.
        symbols.sort_by_key(|symbol| (symbol.address, !symbol.name.starts_with("__")));
        let address = |name| symbols.iter().find(|s| s.name == name).map(|s| s.address);
        let stack = address("__stack_start").zip(address("__stack_end"));
        Ok(Self {
            sections: file.sections().filter_map(|section| in_memory(&section)).collect(),
            debug: debug_information(&file),
            extent: extent(&file),
            symbols,
            stack: stack.map(|(start, end)| start..end),
            root: root.to_path_buf(),
        })
    }

    /// The boot stack.
    pub fn stack(&self) -> Option<Range<u64>> {
        self.stack.clone()
    }

    /// Where all that is to be loaded lies.
    pub fn extent(&self) -> Option<Extent> {
        self.extent.clone()
    }

    /// The linked addresses at which the file has the code `bytes`.
    pub fn find_code<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = u64> + 'a {
        self.sections.iter().filter(|section| section.is_code).flat_map(move |section| {
            let windows = section.bytes.windows(bytes.len()).enumerate();
            let found = windows.filter(move |(_, window)| *window == bytes);
            found.map(|(index, _)| section.range.start + index as u64)
        })
    }

    /// The address of a symbol.
    pub fn address(&self, name: &str) -> Option<u64> {
        self.symbols.iter().find(|symbol| symbol.name == name).map(|symbol| symbol.address)
    }

    /// The name of the section at `address`.
    pub fn section(&self, address: u64) -> Option<&str> {
        self.find(address).map(|section| section.name.as_str())
    }

    /// Whether code of the kernel lies at `address`.
    pub fn is_code(&self, address: u64) -> bool {
        self.find(address).is_some_and(|section| section.is_code)
    }

    /// What the file says is at `address`.
    pub fn bytes(&self, address: u64, count: usize) -> Option<&[u8]> {
        let section = self.find(address)?;
        let start = usize::try_from(address - section.range.start).ok()?;
        section.bytes.get(start..start + count)
    }

    fn find(&self, address: u64) -> Option<&Section<'data>> {
        self.sections.iter().find(|section| section.range.contains(&address))
    }

    /// The source code of the instruction at `address`: the innermost function first, then those
    /// into which the compiler has inlined it.
    pub fn spots(&self, address: u64) -> Vec<Spot> {
        if !self.is_code(address) {
            return Vec::new();
        }
        let spots = self.debug_spots(address).unwrap_or_default();
        if spots.is_empty() { self.symbol(address).into_iter().collect() } else { spots }
    }

    fn debug_spots(&self, address: u64) -> Option<Vec<Spot>> {
        let mut frames = self.debug.as_ref()?.find_frames(address).skip_all_loads().ok()?;
        let mut spots = Vec::new();
        while let Ok(Some(frame)) = frames.next() {
            let function = frame.function.as_ref().and_then(|name| name.demangle().ok());
            let Some(function) = function.map(Cow::into_owned) else { continue };
            let location = frame.location.as_ref();
            let file = location.and_then(|location| location.file).map(|file| self.shorten(file));
            // Line 0 stands for code that the compiler has added.
            let line = location.and_then(|location| location.line).filter(|line| *line != 0);
            let is_ours = file.as_ref().is_some_and(|file| file.is_relative());
            let line = file.map(|file| match line {
                Some(line) => format!("{}:{line}", file.display()),
                None => file.display().to_string(),
            });
            spots.push(Spot { function, line, is_ours });
        }
        Some(spots)
    }

    /// Assembly has no debug information; the label before `address` must do.
    fn symbol(&self, address: u64) -> Option<Spot> {
        let is_before = |symbol: &&Symbol| {
            symbol.is_label && symbol.address <= address && self.is_code(symbol.address)
        };
        let symbol = self.symbols.iter().rev().find(is_before)?;
        let name = addr2line::demangle_auto(Cow::Borrowed(&symbol.name), None).into_owned();
        let function = match address - symbol.address {
            0 => name,
            offset => format!("{name}+{offset:#x}"),
        };
        Some(Spot { function, line: None, is_ours: true })
    }

    /// `file` without `..`, and relative to the root if it lies below it.
    fn shorten(&self, file: &str) -> PathBuf {
        let mut path = PathBuf::new();
        for component in Path::new(file).components() {
            match component {
                Component::ParentDir => drop(path.pop()),
                Component::CurDir => {}
                other => path.push(other),
            }
        }
        path.strip_prefix(&self.root).map(Path::to_path_buf).unwrap_or(path)
    }
}

fn symbol<'data>(symbol: &impl ObjectSymbol<'data>) -> Option<Symbol> {
    let name = symbol.name().ok().filter(|name| !name.is_empty())?.to_string();
    // `$x` and `$d` mark where code and data begin on aarch64.
    let is_label = symbol.section_index().is_some() && !name.starts_with('$');
    Some(Symbol { address: symbol.address(), name, is_label })
}

fn in_memory<'data>(section: &impl ObjectSection<'data>) -> Option<Section<'data>> {
    const SHF_ALLOC: u64 = object::elf::SHF_ALLOC as u64;
    let SectionFlags::Elf { sh_flags } = section.flags() else { return None };
    (sh_flags & SHF_ALLOC != 0 && section.size() > 0).then(|| Section {
        name: section.name().unwrap_or("?").to_string(),
        range: section.address()..section.address() + section.size(),
        is_code: sh_flags & u64::from(SHF_EXECINSTR) != 0,
        bytes: section.data().unwrap_or_default(),
    })
}

fn extent(file: &ElfFile64<object::Endianness>) -> Option<Extent> {
    let endian = file.endian();
    let headers = file.elf_program_headers().iter();
    let loaded = headers.filter(|header| header.p_type(endian) == object::elf::PT_LOAD);
    let first = loaded.clone().min_by_key(|header| header.p_paddr(endian))?;
    let end = loaded.map(|header| header.p_paddr(endian).wrapping_add(header.p_memsz(endian)));
    Some(Extent { linked: first.p_vaddr(endian), physical: first.p_paddr(endian)..end.max()? })
}

fn debug_information<'data>(
    file: &ElfFile64<'data, object::Endianness>,
) -> Option<addr2line::Context<Reader<'data>>> {
    let endian = if file.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
    let load = |id: gimli::SectionId| -> Result<Reader<'data>, gimli::Error> {
        let section = file.section_by_name(id.name());
        let data = section.and_then(|section| section.data().ok()).unwrap_or(&[]);
        Ok(EndianSlice::new(data, endian))
    };
    addr2line::Context::from_dwarf(gimli::Dwarf::load(load).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl<'data> Image<'data> {
        /// An image that was linked to lie at `start` and consists of `code`, which begins with
        /// `_start`.
        pub(in crate::coroner) fn of_code(
            start: u64,
            code: &'data [u8],
            stack: Range<u64>,
        ) -> Self {
            let range = start..start + code.len() as u64;
            let name = ".text".to_string();
            Self {
                sections: vec![Section { name, range: range.clone(), is_code: true, bytes: code }],
                symbols: vec![Symbol { address: start, name: "_start".into(), is_label: true }],
                stack: Some(stack),
                extent: Some(Extent { linked: start, physical: range }),
                debug: None,
                root: PathBuf::new(),
            }
        }
    }

    #[test]
    fn last_names_are_whole() {
        assert_eq!(last_name("kernel::memory::map"), "map");
        assert_eq!(last_name("_start+0x10"), "_start+0x10");
        assert_eq!(last_name("kernel::kmain::{closure#0}"), "kmain::{closure#0}");
        assert_eq!(last_name("kernel::max::<u8, core::Less>"), "max::<u8, core::Less>");
        assert_eq!(last_name("<kernel::Serial as core::fmt::Write>::write_str"), "write_str");
    }
}
