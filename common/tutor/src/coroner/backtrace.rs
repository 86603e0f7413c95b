//! How the processor got where it is: the chain of frame pointers, read from the machine's memory.
//!
//! Kernels are built with frame pointers, and both machines lay a frame out alike:
//!
//! ```text
//!  frame pointer ──▶ | caller's frame pointer | return address |
//! ```
//!
//! `boot.s` starts with a frame pointer of zero, which ends the chain.

use super::image::{Image, Spot};
use super::machine::{Machine, Registers};

/// A chain this long is told as endless.
const LIMIT: usize = 64;

/// The addresses to which the calls would return, the innermost first.
///
/// `pc` is where the processor was: not always where it is now.
pub(super) fn walk(
    machine: &mut Machine,
    image: &Image,
    pc: u64,
    registers: &Registers,
) -> Vec<u64> {
    let mut returns = Vec::new();
    let mut frame = registers.frame;
    while frame != 0 && frame.is_multiple_of(8) && returns.len() < LIMIT {
        let Some((caller, address)) = machine.pair(frame) else { break };
        if !image.is_code(address) {
            break;
        }
        returns.push(address);
        // Callers' frames lie higher up. One that does not is no frame, or a loop.
        if caller <= frame {
            break;
        }
        frame = caller;
    }
    if let Some(first) = innermost(machine, image, pc, registers, returns.first().copied()) {
        returns.insert(0, first);
    }
    returns
}

/// The return address of a function that has made no frame yet, or of a call to no function.
fn innermost(
    machine: &mut Machine,
    image: &Image,
    pc: u64,
    registers: &Registers,
    first: Option<u64>,
) -> Option<u64> {
    let address = match registers.link {
        Some(link) => link,
        None if image.is_code(pc) => return None,
        // The call has pushed it, and nothing else has happened since.
        None => machine.word(registers.stack)?,
    };
    let function = |address| image.spots(address).pop().map(|spot: Spot| spot.function);
    let is_news = Some(address) != first && function(pc) != function(address.wrapping_sub(1));
    (image.is_code(address) && is_news).then_some(address)
}

/// The backtrace as lines to read: our own code, with repetitions counted.
pub(super) fn lines(image: &Image, returns: &[u64]) -> Vec<String> {
    /// So many lines are enough.
    const SHOWN: usize = 8;
    // A return address may be the first of the next line, or of the next function.
    let calls = returns.iter().flat_map(|address| image.spots(address.wrapping_sub(1)));
    let mut lines: Vec<(String, usize)> = Vec::new();
    for spot in calls.filter(|spot| spot.is_ours) {
        let line = spot.to_string();
        match lines.last_mut() {
            Some((last, count)) if *last == line => *count += 1,
            _ => lines.push((line, 1)),
        }
    }
    lines.truncate(SHOWN);
    let more = if returns.len() >= LIMIT { " or more" } else { "" };
    let told = lines.into_iter().map(|(line, count)| match count {
        1 => format!("called from {line}"),
        _ => format!("called from {line}, {count} times{more}"),
    });
    told.collect()
}
