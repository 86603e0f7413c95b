//! What a write puts into a pipe, and when.
//!
//! What is short enough is put in at once, while nobody else has the ring: so it cannot be torn.
//! What is longer is put in as there is room. Each piece is a round of its own, and in each
//! everything may have changed: there is room or not, and there are readers or not.
//!
//! ```text
//!  look or wait ──> nobody reads: signal, error
//!       │ ^
//!       v │ another was quicker
//!      lock ──> put ──> next piece
//! ```

use super::{ATOMIC, FileError, Seen, Writer};

/// How much room there must be before a write of `wanted` bytes puts in any.
pub fn needed(wanted: usize) -> usize {
    if wanted <= ATOMIC { wanted } else { 1 }
}

/// Writes, and says how many bytes were put in; or the error, if there were none.
pub fn write(writer: &Writer) -> Result<usize, FileError> {
    let mut done = 0;
    while done < writer.wanted() {
        match put(writer, done) {
            Ok(count) => done += count,
            Err(_) if done > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Puts the next piece in, behind `done` bytes. The result is how long it was: nothing, if another
/// was quicker.
fn put(writer: &Writer, done: usize) -> Result<usize, FileError> {
    let needed = needed(writer.wanted());
    let is_news = |seen: &Seen| seen.readers == 0 || seen.room >= needed;
    let seen = match writer.is_impatient() {
        true => Some(writer.look()).filter(is_news).ok_or(FileError::WouldWait)?,
        false => writer.wait_until(is_news)?,
    };
    if seen.readers == 0 {
        writer.signal();
        return Err(FileError::BrokenPipe);
    }
    let mut ring = writer.lock();
    let room = ring.room();
    if room < needed {
        return Ok(0);
    }
    let count = room.min(writer.wanted() - done).min(ATOMIC);
    ring.put(done, count)?;
    Ok(count)
}
