//! Patterns again, so plain that they are right at a glance: each way to go on is tried.

/// Whether `name` is like `pattern`, in which `[` begins a list only of plain letters.
pub fn is_like(name: &[u8], pattern: &[u8]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return name.is_empty() };
    match first {
        b'*' => (0..=name.len()).any(|count| is_like(&name[count..], rest)),
        b'?' => !name.is_empty() && is_like(&name[1..], rest),
        b'[' => {
            let end = rest.iter().position(|byte| *byte == b']').expect("lists are closed here");
            let (is_wanted, list) = match rest[..end].strip_prefix(b"!") {
                Some(list) => (false, list),
                None => (true, &rest[..end]),
            };
            let is_one = name.first().is_some_and(|byte| list.contains(byte) == is_wanted);
            is_one && is_like(&name[1..], &rest[end + 1..])
        }
        b'\\' => name.first() == rest.first() && is_like(&name[1..], &rest[1..]),
        byte => name.first() == Some(byte) && is_like(&name[1..], rest),
    }
}
