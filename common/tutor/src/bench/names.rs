//! What the bench kernel's short names mean to a reader.

/// The operations, in the order of the table.
pub const OPERATIONS: &[(&str, &str)] = &[
    ("frame", "take a frame and give it back"),
    ("frame-half-held", "exchange a frame, half of all held"),
    ("run", "take 512 frames in a row, and back"),
    ("run-above", "the same, none in the lower half"),
    ("map-unmap", "map and unmap a 4 KiB page"),
    ("map-unmap-tables", "the same, with 2 tables for it"),
    ("map-unmap-many", "the same, one of 511 in a row"),
    ("map-unmap-2m", "map and unmap a 2 MiB page"),
    ("translate", "translate an address"),
    ("heap", "exchange a block, 256 live"),
];

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
];

/// What the operation called `name` does.
pub fn operation(name: &str) -> &str {
    meaning(OPERATIONS, name)
}

/// Who `name` is.
pub fn peer(name: &str) -> &str {
    meaning(PEERS, name)
}

fn meaning<'a>(list: &[(&str, &'a str)], name: &'a str) -> &'a str {
    list.iter().find(|(known, _)| *known == name).map_or(name, |(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_have_a_meaning_and_others_stand_for_themselves() {
        assert_eq!(operation("translate"), "translate an address");
        assert_eq!(peer("kernel"), "this kernel");
        assert_eq!(peer("somebody"), "somebody");
    }
}
