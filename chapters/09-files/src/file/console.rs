//! The console, as a file: the terminal, or what is sent in its place.

use super::description::Readiness;
use super::status::{Kind, Status, Times};
use super::{Buffer, FileError};
use crate::input::terminal;
use crate::process::user::BadAddress;
use crate::scheduler;
use crate::scheduler::mutex::Mutex;

/// How much is written in one go, as by Linux's terminals: all of it, or none if its memory ends.
const CHUNK: usize = 2048;

/// How much is printed before there may be an interrupt.
const PRINTED: usize = 256;

/// Protects the text that is on its way to the console. So what two processes write at the same
/// time does not mix, up to [`CHUNK`] bytes of each.
static OUTPUT: Mutex<[u8; CHUNK]> = Mutex::new([0; CHUNK]);

/// Reads up to as many bytes as there is room for, and waits until there is one.
///
/// From a terminal in canonical mode come no more than one line, and nothing at the end of the
/// input; the rest of a line that is too long for the buffer is left for the next read. Without
/// lines `VMIN` and `VTIME` say how long a read waits. If the buffer is not there, what was to go
/// there is lost, as on Linux.
pub fn read(buffer: &mut Buffer, is_impatient: bool) -> Result<usize, FileError> {
    let wanted = buffer.len();
    if wanted == 0 {
        return Ok(0);
    }
    let terminal::Readiness { can_read, has_ended } = terminal::readiness();
    if is_impatient && !can_read && !has_ended {
        return Err(FileError::WouldWait);
    }
    let mut done = 0;
    let result = terminal::read(wanted, |bytes| {
        if buffer.put(done, bytes) < bytes.len() {
            return Err(BadAddress);
        }
        done += bytes.len();
        Ok(())
    });
    Ok(result??)
}

/// Writes bytes to the terminal. The result is how many that were: fewer than asked for, if memory
/// ends in between.
///
/// Linux writes to a terminal in pieces of 2048 bytes, each whole or not at all, and so do we; the
/// last one that is written may therefore end well before memory does.
pub fn write(buffer: &Buffer) -> Result<usize, FileError> {
    let wanted = buffer.len();
    let mut done = 0;
    while done < wanted {
        if scheduler::is_interrupted() {
            return if done > 0 { Ok(done) } else { Err(FileError::Interrupted) };
        }
        let mut output = OUTPUT.lock();
        let chunk = &mut output[..CHUNK.min(wanted - done)];
        if buffer.get(done, chunk) < chunk.len() {
            return if done > 0 { Ok(done) } else { Err(FileError::BadAddress) };
        }
        chunk.chunks(PRINTED).for_each(terminal::write);
        done += chunk.len();
    }
    Ok(done)
}

/// Whether a read or a write would wait. What is sent has an end.
pub fn readiness(is_input: bool) -> Readiness {
    let terminal::Readiness { can_read, has_ended } = terminal::readiness();
    let is_terminal = !is_input;
    Readiness {
        can_read: can_read && (is_input || !terminal::is_pipe()),
        can_write: is_terminal,
        is_hung_up: is_input && has_ended,
        is_broken: false,
    }
}

/// What can be told of what is sent, which has no name.
pub fn status() -> Status {
    Status {
        device: 3,
        number: 1,
        kind: Kind::Pipe,
        mode: 0o600,
        links: 1,
        owner: 0,
        group: 0,
        opens: 0,
        size: 0,
        blocks: 0,
        times: Times::default(),
    }
}
