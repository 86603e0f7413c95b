//! Does not compile.

/// The arguments in `text`.
pub fn arguments(text: &str) -> Vec<String> {
    text.split(' ').collect()
}
