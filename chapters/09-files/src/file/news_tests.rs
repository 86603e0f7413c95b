//! Who asks before they read and write is told the truth, and of each change.

use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;

use linux_raw_sys::general::O_NONBLOCK;

use super::{count, wait};
use crate::file::description::Readiness;
use crate::file::pipe::tests::{pipe, read, write};
use crate::file::pipe::{ATOMIC, SIZE};
use crate::scheduler::policy::Level;
use crate::scheduler::{Handle, spawn};
use crate::timer;

const NOTHING: Readiness =
    Readiness { can_read: false, can_write: false, is_hung_up: false, is_broken: false };

/// How many who waited have heard something.
static HEARD: AtomicUsize = AtomicUsize::new(0);

/// Waits for news: so many milliseconds, or for ever if there are none.
fn listen(milliseconds: usize) {
    let patience = Duration::from_millis(milliseconds as u64);
    let deadline = (milliseconds > 0).then(|| timer::now() + patience);
    wait(count(), deadline).expect("nobody ends the kernel's own threads");
    HEARD.fetch_add(1, Ordering::Relaxed);
}

/// Expects that `act` is heard of at once: by one who waits for ever, and one who would not.
#[track_caller]
fn is_heard<T>(act: impl FnOnce() -> T) -> T {
    HEARD.store(0, Ordering::Relaxed);
    let waiting = [0, 3_600_000].map(|patience| {
        spawn("test", Level::Realtime, listen, patience).expect("there is memory for a thread")
    });
    assert_eq!(HEARD.load(Ordering::Relaxed), 0);
    let result = act();
    waiting.into_iter().for_each(Handle::join);
    result
}

ktest::test! {
    /// What an end says of itself, from empty to full and without the other end.
    fn pipe_says_when_it_is_ready() {
        let [reader, writer] = pipe(O_NONBLOCK);
        let states = || [reader.readiness(), writer.readiness()];
        let readable = Readiness { can_read: true, ..NOTHING };
        let writable = Readiness { can_write: true, ..NOTHING };
        assert_eq!(states(), [NOTHING, writable]);
        assert_eq!(write(&writer, &[0; SIZE - ATOMIC]), Ok(SIZE - ATOMIC));
        assert_eq!(states(), [readable, writable]);
        assert_eq!(write(&writer, &[0]), Ok(1));
        assert_eq!(states(), [readable, NOTHING], "a piece of 4096 bytes would wait");
        drop(writer);
        assert_eq!(reader.readiness(), Readiness { is_hung_up: true, ..readable });
        assert_eq!(read(&reader, SIZE).map(|bytes| bytes.len()), Ok(SIZE - ATOMIC + 1));
        assert_eq!(reader.readiness(), Readiness { is_hung_up: true, ..NOTHING });
        let [reader, writer] = pipe(0);
        drop(reader);
        assert_eq!(writer.readiness(), Readiness { is_broken: true, ..writable });
    }

    /// Who asks about pipes hears of what is written and read, and of ends that go.
    fn pipe_tells_its_news() {
        let [reader, writer] = pipe(0);
        assert_eq!(is_heard(|| write(&writer, b"x")), Ok(1));
        assert_eq!(is_heard(|| read(&reader, 10)).as_deref(), Ok(b"x".as_slice()));
        is_heard(|| drop(writer));
        let [other, writer] = pipe(0);
        is_heard(|| drop(other));
        drop((reader, writer));
    }

    /// Who waits for nothing waits as long as it said, and what was told before is no news.
    fn pipe_news_are_told_once() {
        let [_reader, writer] = pipe(0);
        assert_eq!(write(&writer, b"x"), Ok(1));
        let deadline = timer::now() + Duration::from_millis(30);
        assert_eq!(wait(count(), Some(deadline)), Ok(()));
        assert!(timer::now() >= deadline);
        let seen = count();
        assert_eq!(write(&writer, b"x"), Ok(1));
        assert_eq!(wait(seen, None), Ok(()), "it came before the wait");
    }
}
