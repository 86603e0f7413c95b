//! The terminal: what programs read from.
//!
//! Keys must have an effect whether anybody reads or not: `^C` is for those who do not. So bytes
//! are taken from the ring by the same interrupt that has put them there, as soon as there are
//! programs to read them, and go through the line [discipline](super::discipline).
//!
//! ```text
//!  interrupt ──> receive ──> ring ──> feed ──> discipline ──> read ──> program
//!                                      '─────> pipe ───────────'
//! ```
//!
//! When that is full, bytes stay in the ring; when the ring is full, they stay in the device. Each
//! read makes room, and so begins with a look at what was held back: nothing is lost on the way.

use core::time::Duration;

use super::discipline::{Attention, Discipline, Taken};
use super::pipe::Pipe;
use super::settings::{OutputFlags, Settings};
use crate::file::news;
use crate::process::{self, Signal};
use crate::scheduler::wait_queue::WaitQueue;
use crate::scheduler::{self, Interrupted};
use crate::sync::Lock;
use crate::{console, timer};

/// Protects the terminal. The console may be locked while it is held, and the ends of a queue.
static TERMINAL: Lock<Terminal> = Lock::new(Terminal {
    is_open: false,
    is_taken: false,
    discipline: Discipline::new(),
    pipe: None,
});

/// Those who wait for something to read.
static READERS: WaitQueue = WaitQueue::new();

/// How much is taken in one go.
const CHUNK: usize = 256;

struct Terminal {
    /// Whether there are programs that may read.
    is_open: bool,
    /// Whether somebody is about to take what there is. A line is for one reader alone.
    is_taken: bool,
    discipline: Discipline,
    /// What takes the place of the discipline, if lines are none of its business.
    pipe: Option<Pipe>,
}

/// What came of what was typed.
struct Fed {
    /// There may be more to read than before.
    is_news: bool,
    attention: Option<Attention>,
}

/// What somebody is told who asks before they read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// A read would not wait.
    pub can_read: bool,
    /// Nothing comes any more.
    pub has_ended: bool,
}

/// Opens the terminal to programs: what is typed from now on is theirs. With `piped` among the boot
/// arguments it is not typed, but sent, and is no terminal then.
pub fn open(arguments: &str) {
    let mut terminal = TERMINAL.lock();
    let is_piped = arguments.split_ascii_whitespace().any(|word| word == "piped");
    terminal.pipe = is_piped.then(Pipe::new);
    terminal.discipline = Discipline::new();
    terminal.is_open = true;
    drop(terminal);
    feed();
}

/// Closes the terminal again: what is typed stays in the ring.
#[cfg(feature = "ktest")]
pub fn close() {
    TERMINAL.lock().is_open = false;
}

/// Takes what was typed, as far as there is room for it: at each interrupt of a device that
/// somebody types on, and whenever there may be room.
pub fn feed() {
    let Fed { is_news, attention } = TERMINAL.lock().feed();
    if is_news {
        READERS.wake_all();
        news::tell();
    }
    // All who use the terminal are meant, and who is not, ignores it: a shell, and whatever it
    // runs beside itself.
    match attention {
        Some(Attention::Interrupt) => process::send_to_all(Signal::Interrupt),
        Some(Attention::Quit) => process::send_to_all(Signal::Quit),
        None => {}
    }
}

/// Whether what programs read is a pipe, and no terminal.
pub fn is_pipe() -> bool {
    TERMINAL.lock().pipe.is_some()
}

/// The settings that hold.
pub fn settings() -> Settings {
    TERMINAL.lock().discipline.settings()
}

/// Lets `settings` hold from now on.
pub fn set_settings(settings: Settings) {
    TERMINAL.lock().discipline.set_settings(settings);
    // What is there may be enough now for those who wait.
    READERS.wake_all();
    news::tell();
    feed();
}

/// Forgets what was typed and not read.
pub fn flush() {
    TERMINAL.lock().discipline.flush();
    feed();
}

/// What somebody is told who asks before they read.
pub fn readiness() -> Readiness {
    TERMINAL.lock().readiness()
}

/// How many bytes may be read.
pub fn readable() -> usize {
    let terminal = TERMINAL.lock();
    terminal.pipe.as_ref().map_or(terminal.discipline.readable(), Pipe::readable)
}

/// Prints `bytes` as the settings have it.
pub fn write(bytes: &[u8]) {
    if settings().output.contains(OutputFlags::OPOST | OutputFlags::ONLCR) {
        console::print_bytes(bytes);
    } else {
        bytes.iter().for_each(|byte| console::print_byte(*byte));
    }
}

/// Waits until there is something to read, and passes it to `give`, up to `wanted` bytes of it and
/// not beyond the end of a line. The result is how much that was; nothing, at the end of all input.
/// Once `give` fails, what is left stays, and what it was given is lost.
pub fn read<E>(
    wanted: usize,
    mut give: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<Result<usize, E>, Interrupted> {
    wait_for_turn(wanted)?;
    let mut chunk = [0; CHUNK];
    let mut done = 0;
    let result = loop {
        let room = (wanted - done).min(CHUNK);
        let Taken { count, is_end } = take(&mut chunk[..room]);
        if let Err(error) = give(&chunk[..count]) {
            break Err(error);
        }
        done += count;
        if is_end || done == wanted {
            break Ok(done);
        }
    };
    TERMINAL.lock().is_taken = false;
    READERS.wake_all();
    Ok(result)
}

/// Waits until a read for `wanted` bytes is to go on, and keeps all others from it meanwhile.
fn wait_for_turn(wanted: usize) -> Result<(), Interrupted> {
    let began = timer::now();
    let look = || {
        let mut terminal = TERMINAL.lock();
        let has_turn = !terminal.is_taken && terminal.is_ready(wanted, began);
        terminal.is_taken |= has_turn;
        has_turn.then_some(())
    };
    if TERMINAL.lock().discipline.is_timed() {
        wait_at_ticks(look)
    } else {
        READERS.wait_until_interrupted(look)
    }
}

/// Looks at each interrupt, of which a tick is one, until `look` finds something.
pub fn wait_at_ticks(mut look: impl FnMut() -> Option<()>) -> Result<(), Interrupted> {
    timer::wait(|| match look() {
        Some(()) => Some(Ok(())),
        None => scheduler::is_interrupted().then_some(Err(Interrupted)),
    })
}

/// Takes what may be read.
fn take(buffer: &mut [u8]) -> Taken {
    let taken = {
        let mut terminal = TERMINAL.lock();
        match &mut terminal.pipe {
            Some(pipe) => Taken { count: pipe.take(buffer), is_end: pipe.readable() == 0 },
            None => terminal.discipline.take(buffer),
        }
    };
    feed();
    taken
}

impl Terminal {
    /// Takes bytes as long as there are any, and room.
    fn feed(&mut self) -> Fed {
        let mut fed = Fed { is_news: false, attention: None };
        while self.is_open
            && self.has_room()
            && let Some(byte) = super::next_byte()
        {
            fed.is_news = true;
            let Some(pipe) = &mut self.pipe else {
                let mut show = |bytes: &[u8]| console::print_bytes(bytes);
                let attention = self.discipline.receive(byte, timer::now(), &mut show);
                fed.attention = attention.or(fed.attention);
                continue;
            };
            pipe.receive(byte);
        }
        fed
    }

    fn has_room(&self) -> bool {
        self.pipe.as_ref().map_or(self.discipline.has_room(), Pipe::has_room)
    }

    fn readiness(&self) -> Readiness {
        match &self.pipe {
            Some(pipe) => Readiness { can_read: pipe.readable() > 0, has_ended: pipe.has_ended() },
            None => Readiness { can_read: self.discipline.is_worth_a_read(), has_ended: false },
        }
    }

    fn is_ready(&self, wanted: usize, began: Duration) -> bool {
        match &self.pipe {
            Some(pipe) => pipe.readable() > 0 || pipe.has_ended(),
            None => self.discipline.is_ready(wanted, began, timer::now()),
        }
    }
}

#[cfg(feature = "ktest")]
mod tests;
