//! What the terminal promises to those who read.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;

use ktest::Chance;

use super::super::settings::{InputFlags, LocalFlags, OutputFlags};
use super::{Readiness, close, feed, news, open, read, readable, readiness, settings};
use super::{set_settings, wait_for_news};
use crate::input::TYPED;
use crate::interrupts::Masked;
use crate::process::send::{self, To};
use crate::process::signal::Signal;
use crate::process::{self, Exit, Name, Pid, Process};
use crate::scheduler::Handle;
use crate::scheduler::policy::Level;
use crate::scheduler::table;
use crate::sync::Lock;
use crate::{scheduler, timer};

/// Calls `act` while the terminal is open, as `arguments` have it.
fn with_terminal(arguments: &str, act: impl FnOnce()) {
    open(arguments);
    act();
    close();
    open("");
    close();
}

/// Makes the terminal one without lines, in which no byte means anything or is shown.
fn make_raw() {
    let mut settings = settings();
    settings.local = LocalFlags::empty();
    settings.input = InputFlags::empty();
    set_settings(settings);
}

/// Types `text`, without a device.
fn type_text(text: &[u8]) {
    for byte in text {
        let masked = Masked::new();
        TYPED.push(*byte).expect("whoever is tested makes room at once");
        drop(masked);
        feed();
    }
}

/// Reads as much as `most` bytes.
fn read_bytes(most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let result = read(most, |chunk| {
        bytes.extend_from_slice(chunk);
        Ok::<(), ()>(())
    });
    assert_eq!(result, Ok(Ok(bytes.len())));
    bytes
}

/// Lines that readers have got.
static LINES: Lock<Vec<Vec<u8>>> = Lock::new(Vec::new());

/// Who waits, and how many have found something.
static FOUND: AtomicUsize = AtomicUsize::new(0);

fn read_lines(count: usize) {
    for _ in 0..count {
        let line = read_bytes(1000);
        LINES.lock().push(line);
    }
}

fn wait_for_something(_: usize) {
    wait_for_news(news(), None).expect("nobody ends the kernel's own threads");
    FOUND.fetch_add(1, Ordering::Relaxed);
}

fn spawn(work: fn(usize), argument: usize) -> Handle {
    scheduler::spawn("test", Level::Realtime, work, argument).expect("there is memory for a thread")
}

/// Starts a program that reads, and lets it come to where it does.
fn start_reader() -> Pid {
    let reader = Process::new("bin/reads", &[b"reads"], &[]).expect("it came with the kernel");
    let pid = reader.start(Level::Normal).expect("there is memory for a thread");
    timer::sleep_until(timer::now() + Duration::from_millis(300));
    pid
}

/// Waits until there are `count` programs called `sleep`.
fn wait_for_sleepers(count: usize) {
    let deadline = timer::now() + Duration::from_secs(60);
    let name = Name::new("sleep");
    loop {
        let mut index = 0;
        let rows = core::iter::from_fn(|| table::next(&mut index));
        if rows.filter(|row| row.name == name).count() == count {
            return;
        }
        assert!(timer::now() < deadline, "there are not {count}");
        timer::sleep_until(timer::now() + Duration::from_millis(10));
    }
}

ktest::test! {
    /// A hundred thousand bytes get to a reader who dawdles, each once and in order.
    fn nothing_sent_is_lost() {
        const COUNT: usize = 100_000;
        with_terminal("", || {
            make_raw();
            let mut expected = Chance::new(8);
            ktest::type_to_me(COUNT, 8);
            let mut done = 0;
            while done < COUNT {
                if done % 7 == 0 {
                    timer::sleep_until(timer::now() + Duration::from_millis(10));
                }
                for byte in read_bytes(5_000) {
                    assert_eq!(byte, expected.byte(), "byte {done}");
                    done += 1;
                }
            }
            assert_eq!(readable(), 0);
        });
    }

    /// The same as a pipe: what is quoted comes through, and the end comes when it is sent.
    fn pipes_end() {
        with_terminal("quiet piped", || {
            assert!(super::is_pipe());
            let nothing = Readiness { can_read: false, has_ended: false };
            assert_eq!(readiness(), nothing);
            type_text(b"a\r\x16\x04\x16\x16\x03b");
            assert_eq!(readiness(), Readiness { can_read: true, has_ended: false });
            assert_eq!((readable(), read_bytes(4)), (6, b"a\r\x04\x16".to_vec()));
            type_text(b"\x04more\x04");
            assert_eq!(readiness(), Readiness { can_read: true, has_ended: true });
            assert_eq!(read_bytes(100), b"\x03b");
            assert_eq!(read_bytes(100), b"");
            assert_eq!(read_bytes(100), b"");
        });
    }

    /// A line can be read when it is complete, as it is then, and in parts.
    fn lines_come_complete() {
        with_terminal("", || {
            type_text(b"lx\x7fs -l");
            assert!(!readiness().can_read && readable() == 0);
            type_text(b"\rnext\n");
            assert!(readiness().can_read);
            assert_eq!(read_bytes(3), b"ls ");
            assert_eq!(read_bytes(300), b"-l\n");
            assert_eq!(read_bytes(300), b"next\n");
            assert!(!readiness().can_read);
        });
    }

    /// A line longer than what is taken in one go is still one reader's alone, whoever else waits.
    fn lines_are_not_torn() {
        const READERS: usize = 4;
        with_terminal("", || {
            let readers = [2; READERS].map(|count| spawn(read_lines, count));
            for number in 0..2 * READERS {
                let letter = b'a' + number as u8;
                type_text(&[letter; 700]);
                type_text(b"\n");
            }
            readers.into_iter().for_each(Handle::join);
            let mut lines = core::mem::take(&mut *LINES.lock());
            lines.sort();
            assert_eq!(lines.len(), 2 * READERS);
            for (number, line) in lines.iter().enumerate() {
                let letter = b'a' + number as u8;
                assert_eq!(line.len(), 701, "{letter}");
                assert!(line[..700].iter().all(|byte| *byte == letter));
            }
        });
    }

    /// A read that waits no longer than a time ends with nothing when that is over.
    fn patience_ends() {
        with_terminal("", || {
            make_raw();
            let mut settings = settings();
            (settings.keys[6], settings.keys[5]) = (0, 2);
            set_settings(settings);
            let start = timer::now();
            assert_eq!(read_bytes(10), b"");
            let waited = timer::now() - start;
            assert!(waited >= Duration::from_millis(200), "{waited:?}");
            assert!(waited < Duration::from_millis(400), "{waited:?}");
            type_text(b"x");
            assert_eq!(read_bytes(10), b"x");
        });
    }

    /// Who waits for news hears of what is typed, and not beyond a deadline.
    fn news_are_heard() {
        with_terminal("", || {
            FOUND.store(0, Ordering::Relaxed);
            let waiters = [0; 3].map(|argument| spawn(wait_for_something, argument));
            assert_eq!(FOUND.load(Ordering::Relaxed), 0);
            type_text(b"x");
            waiters.into_iter().for_each(Handle::join);
            let deadline = timer::now() + Duration::from_millis(50);
            assert_eq!(wait_for_news(news(), Some(deadline)), Ok(()));
            assert!(timer::now() >= deadline);
        });
    }

    /// What a program has set is there for the next one to find.
    fn settings_stay() {
        with_terminal("", || {
            let mut other = settings();
            other.output = OutputFlags::empty();
            other.keys[0] = 5;
            set_settings(other);
            assert_eq!(settings(), other);
        });
        assert_ne!(settings().keys[0], 5);
    }

    /// A process that is killed while it reads ends, and takes nothing from the next reader.
    fn readers_can_be_killed() {
        with_terminal("", || {
            let pid = start_reader();
            send::send(None, To::One(pid), Signal::Kill.into());
            assert_eq!(process::wait(pid), Exit::Killed(Signal::Kill));
            type_text(b"left\n");
            assert_eq!(read_bytes(5), b"left\n");
        });
    }

    /// `^C` ends whoever runs, also if nobody reads what was typed before it.
    fn control_c_ends_programs() {
        with_terminal("", || {
            let pids = [(); 2].map(|()| start_reader());
            type_text(b"unfinished\x03");
            for pid in pids {
                assert_eq!(process::wait(pid), Exit::Killed(Signal::Interrupt));
            }
            assert_eq!(readable(), 0);
        });
    }

    /// `^C` ends what the shell waits for, and neither the shell nor what runs in the background.
    fn control_c_ends_what_is_in_front() {
        with_terminal("", || {
            let shell = Process::new("bin/sh", &[b"sh"], &[b"PATH=/bin"]);
            let shell = shell.expect("it came with the kernel");
            let shell = shell.start(Level::Normal).expect("there is memory for a thread");
            type_text(b"sleep 1001 &\rsleep 1002\r");
            wait_for_sleepers(2);
            type_text(b"\x03");
            wait_for_sleepers(1);
            type_text(b"\x03kill -KILL $!\rexit 7\r");
            assert_eq!(process::wait(shell), Exit::Exited(7));
        });
    }

    /// A program gets the lines that are typed, and ends when the input does.
    fn programs_read_lines() {
        with_terminal("", || {
            let pid = start_reader();
            type_text(b"one\rtwo\rthree\x7f\r\x04");
            assert_eq!(process::wait(pid), Exit::Exited(3));
        });
    }
}
