//! Settings: keys and values that come from outside, and so are kept on the heap or refused.
//!
//! How long they are, and how many, is up to whoever sends them. So each step that needs memory may
//! fail, and then nothing has changed: all memory is there before the first thing is done that is
//! seen from outside, and what is done then cannot fail.
//!
//! ```text
//!  first ──> |key, value, next| ──> |key, value, none|
//! ```

use alloc::boxed::Box;
use alloc::collections::TryReserveError;
use alloc::string::String;
use core::alloc::Layout;
use core::fmt;
use core::iter::successors;
use core::ptr::NonNull;

/// There was not enough memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

impl fmt::Display for NoMemory {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "there is no memory for it")
    }
}

impl core::error::Error for NoMemory {}

impl From<TryReserveError> for NoMemory {
    fn from(_: TryReserveError) -> Self {
        Self
    }
}

/// A setting, and the way to the next one.
struct Node {
    key: String,
    value: String,
    next: Option<Box<Node>>,
}

/// Some keys, each with a value.
pub struct Settings {
    first: Option<Box<Node>>,
}

/// Node by node: a list that drops itself needs as much stack as it is long.
impl Drop for Settings {
    fn drop(&mut self) {
        let mut next = self.first.take();
        while let Some(mut node) = next {
            next = node.next.take();
        }
    }
}

impl Settings {
    /// No settings.
    pub const fn new() -> Self {
        Self { first: None }
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs().find(|pair| pair.0 == key).map(|(_, value)| value)
    }

    /// All keys and their values, in no order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let nodes = successors(self.first.as_deref(), |node| node.next.as_deref());
        nodes.map(|node| (node.key.as_str(), node.value.as_str()))
    }

    /// Gives `key` a value, whether it has one or not. If that fails, nothing has changed.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), NoMemory> {
        let value = try_string(value)?;
        if let Some(node) = self.find(key) {
            node.value = value;
            return Ok(());
        }
        let mut node = try_box(Node { key: try_string(key)?, value, next: None })?;
        node.next = self.first.take();
        self.first = Some(node);
        Ok(())
    }

    /// Sets all `pairs`, one after the other. If one of them fails, nothing has changed.
    pub fn set_all(&mut self, pairs: &[(&str, &str)]) -> Result<(), NoMemory> {
        let mut changed = Self::new();
        for (key, value) in self.pairs().chain(pairs.iter().copied()) {
            if changed.set(key, value).is_err() {
                return Ok(());
            }
        }
        *self = changed;
        Ok(())
    }

    /// The node of `key`.
    fn find(&mut self, key: &str) -> Option<&mut Node> {
        let mut place = self.first.as_deref_mut();
        while let Some(node) = place {
            if node.key == key {
                return Some(node);
            }
            place = node.next.as_deref_mut();
        }
        None
    }
}

/// A box of `value`: what `Box::new` does, except that it survives when there is no memory.
pub fn try_box<T>(value: T) -> Result<Box<T>, NoMemory> {
    let layout = Layout::new::<T>();
    let place = match layout.size() {
        0 => NonNull::dangling(),
        // SAFETY: the layout has a size.
        _ => NonNull::new(unsafe { alloc::alloc::alloc(layout) }).ok_or(NoMemory)?.cast::<T>(),
    };
    // SAFETY: the place is ours, as large and as aligned as a `T`.
    unsafe { place.write(value) };
    // SAFETY: it came from the allocator that boxes use, with the layout of a `T`; or it has none.
    Ok(unsafe { Box::from_raw(place.as_ptr()) })
}

/// A copy of `text`.
fn try_string(text: &str) -> Result<String, NoMemory> {
    let mut copy = String::new();
    copy.try_reserve_exact(text.len())?;
    copy.push_str(text);
    Ok(copy)
}
