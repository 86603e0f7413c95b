//! What the bench kernel's short names mean to a reader.

/// An operation that is measured.
pub struct Operation {
    /// Its short name.
    pub name: &'static str,
    /// The part of the kernel that it belongs to.
    pub group: &'static str,
    /// What it does.
    does: &'static str,
}

/// The operations, in the order of the table.
pub const OPERATIONS: &[Operation] = &[
    of("frame", "frames", "take a frame and give it back"),
    of("frame-half-held", "frames", "exchange a frame, half of all held"),
    of("run", "frames", "take 512 frames in a row, and back"),
    of("run-above", "frames", "the same, none in the lower half"),
    of("map-unmap", "paging", "map and unmap a 4 KiB page"),
    of("map-unmap-tables", "paging", "the same, with 2 tables for it"),
    of("map-unmap-many", "paging", "the same, one of 511 in a row"),
    of("map-unmap-2m", "paging", "map and unmap a 2 MiB page"),
    of("translate", "paging", "translate an address"),
    of("heap", "heap", "exchange a block, 256 live"),
    of("interrupt", "traps", "serve an interrupt of the timer"),
    of("exception", "traps", "come by a page fault, and go back"),
    of("lazy-page", "traps", "touch a page that must come, and drop it"),
    of("lock", "traps", "take a lock and free it"),
    of("switch", "threads", "give the processor to a kernel thread"),
    of("switch-threads", "threads", "yield to a thread of the same program"),
    of("switch-processes", "threads", "yield to another program"),
    of("wake", "threads", "wake a more urgent thread, until it runs"),
    of("thread", "threads", "make a kernel thread, and join it"),
    of("process", "threads", "load a program, run it, wait for it"),
];

const fn of(name: &'static str, group: &'static str, does: &'static str) -> Operation {
    Operation { name, group, does }
}

/// Who does them.
const PEERS: &[(&str, &str)] = &[
    ("kernel", "this kernel"),
    ("naive", "bitmap, bit by bit"),
    ("stack", "stack of free frames"),
    ("buddy", "buddy_system_allocator"),
    ("x86_64-crate", "x86_64's OffsetPageTable"),
    ("list", "its pool alone (linked list)"),
    ("bump", "bump allocator, never frees"),
    ("talc", "talc"),
    ("flag", "a flag that masks nothing"),
];

/// What the operation called `name` does.
pub fn operation(name: &str) -> &str {
    known(name).map_or(name, |operation| operation.does)
}

/// The part of the kernel that the operation called `name` belongs to.
pub fn group(name: &str) -> &str {
    known(name).map_or("other", |operation| operation.group)
}

fn known(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// Who `name` is.
pub fn peer(name: &str) -> &str {
    PEERS.iter().find(|(known, _)| *known == name).map_or(name, |(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_have_a_meaning_and_others_stand_for_themselves() {
        assert_eq!(operation("translate"), "translate an address");
        assert_eq!(operation("something"), "something");
        assert_eq!([group("translate"), group("something")], ["paging", "other"]);
        assert_eq!(peer("kernel"), "this kernel");
        assert_eq!(peer("somebody"), "somebody");
    }
}
