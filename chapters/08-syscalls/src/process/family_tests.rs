//! Tests of processes that make others, by the program `family`: whoever comes goes, however it
//! ends, and nothing is left behind.

use alloc::format;
use alloc::vec::Vec;
use core::time::Duration;

use super::run::PROCESSES;
use super::tests::left;
use super::{Exit, Pid, Process, Signal, children, end, wait};
use crate::memory::address::FRAME_SIZE;
use crate::memory::bitmap::Statistics;
use crate::memory::frames::FrameRun;
use crate::memory::{faults, frames};
use crate::scheduler::policy::Level;
use crate::scheduler::table;
use crate::timer;

/// The program `family`, in the way `way` with `number`.
fn family(way: &str, number: usize) -> Process {
    let number = format!("{number}");
    let words: [&[u8]; 3] = [b"bin/family", way.as_bytes(), number.as_bytes()];
    let process = Process::new("bin/family", &words, &[b"NAME=value"]);
    process.unwrap_or_else(|error| panic!("family: {error}"))
}

/// The status of a program of ours that panics.
const PANIC: u8 = 101;

/// Starts `family`, in the way `way` with `number`.
fn start(way: &str, number: usize) -> Pid {
    family(way, number).start(Level::Normal).unwrap_or_else(|error| panic!("family: {error}"))
}

/// Lets `family` run, in the way `way` with `number`.
fn run(way: &str, number: usize) -> Exit {
    wait(start(way, number))
}

/// How many processes there are.
fn count() -> usize {
    PROCESSES.lock().len()
}

/// How many threads there are, of programs and of the kernel.
fn threads() -> usize {
    let mut index = 0;
    core::iter::from_fn(|| table::next(&mut index)).count()
}

/// Waits until `is_so`, which must come soon.
#[track_caller]
fn wait_until(is_so: impl Fn() -> bool) {
    let deadline = timer::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(timer::now() < deadline, "it is not so");
        timer::sleep_until(timer::now() + Duration::from_millis(2));
    }
}

/// Sleeps so long that all threads of a process are where they want to be.
fn settle(pid: Pid, count: usize) {
    wait_until(|| table::threads_of(pid) >= count);
    timer::sleep_until(timer::now() + Duration::from_millis(100));
}

/// Expects that `act` leaves nothing behind, after it was done often enough: what heap and stacks
/// keep they have by then. What is lost is lost each time. Nobody is left, either.
#[track_caller]
pub fn leaves_nothing(act: impl Fn()) {
    let mut before = None;
    for _ in 0..4 {
        let now = left_by(&act);
        if before.replace(now) == Some(now) {
            return;
        }
    }
    panic!("something is left each time: {before:?}");
}

/// What is left when `act` is over, and nobody whom it has made is left.
#[track_caller]
pub fn left_by(act: impl FnOnce()) -> (Statistics, usize) {
    let kernel = threads();
    act();
    wait_until(|| count() == 0 && threads() == kernel);
    left()
}

/// Takes frames until no more than `rest` are free: what takes all of them takes less long then.
pub fn leave_frames(rest: usize) -> Vec<FrameRun> {
    let mut taken = Vec::new();
    loop {
        let Statistics { free, largest_run, .. } = frames::statistics();
        let count = largest_run.min(free.saturating_sub(rest));
        let Ok(run) = frames::allocate_run(count.max(1), FRAME_SIZE) else { return taken };
        if count == 0 {
            return taken;
        }
        taken.push(run);
    }
}

/// So many where the code is optimised, and a few where it is not.
fn many(count: usize) -> usize {
    if cfg!(debug_assertions) { count / 20 } else { count }
}

ktest::test! {
    /// A thousand children leave nothing behind, and none is waited for twice.
    fn a_thousand_children_come_and_go() {
        leaves_nothing(|| assert_eq!(run("forks", many(1000)), Exit::Exited(0)));
    }

    /// A process becomes two hundred programs in turn, and keeps the memory of none.
    fn two_hundred_programs_in_turn() {
        leaves_nothing(|| assert_eq!(run("execs", many(200)), Exit::Exited(0)));
    }

    /// Threads come and go.
    fn threads_come_and_go() {
        leaves_nothing(|| assert_eq!(run("threads", many(400)), Exit::Exited(0)));
    }

    /// Of two threads that become another program at once one does, and what the other has prepared
    /// is given back.
    fn one_of_two_becomes_another() {
        leaves_nothing(|| assert_eq!(run("both", many(200)), Exit::Exited(0)));
    }

    /// A process ends when it wants to, whatever its threads wait for.
    fn exit_ends_all_that_wait() {
        leaves_nothing(|| assert_eq!(run("exit", 42), Exit::Exited(42)));
    }

    /// A process ends when it is told to, whatever its threads wait for; and once, as it was told
    /// first.
    fn end_ends_all_that_wait() {
        leaves_nothing(|| {
            let pid = start("wait", 0);
            settle(pid, 7);
            assert!(end(pid, Exit::Killed(Signal::Terminate)));
            end(pid, Exit::Exited(1));
            assert_eq!(wait(pid), Exit::Killed(Signal::Terminate));
            assert!(!end(pid, Exit::Exited(1)), "it has ended");
        });
    }

    /// The fault of one thread is the end of all.
    fn fault_ends_all_that_wait() {
        leaves_nothing(|| assert_eq!(run("fault", 0), Exit::Killed(Signal::Segmentation)));
    }

    /// A thread that is not the first becomes another program: the others are gone, and it is the
    /// first from there on.
    fn any_thread_becomes_another() {
        leaves_nothing(|| assert_eq!(run("exec", 0), Exit::Exited(5)));
    }

    /// A process that is told to end before its thread has begun does not begin for long.
    fn end_may_come_first() {
        leaves_nothing(|| {
            let pid = start("wait", 0);
            assert!(end(pid, Exit::Killed(Signal::Kill)));
            assert_eq!(wait(pid), Exit::Killed(Signal::Kill));
        });
    }

    /// Children whose parent has ended are forgotten when they end, where there is no first
    /// process.
    fn orphans_are_forgotten() {
        leaves_nothing(|| assert_eq!(run("orphans", 10), Exit::Exited(10)));
    }

    /// Where there is a first process, it is their parent, and waits for them as for its own. When
    /// it ends, nobody is.
    fn orphans_go_to_the_first_process() {
        leaves_nothing(|| {
            let first = family("orphans", 10);
            children::set_init(first.pid());
            let pid = first.start(Level::Normal).unwrap_or_else(|error| panic!("family: {error}"));
            assert_eq!(wait(pid), Exit::Exited(20));
            assert!(!children::is_init(pid), "there is no first process any more");
        });
    }

    /// Memory that was lent comes back when the child has ended, has become another program or was
    /// killed, and not before.
    fn lent_memory_comes_back() {
        leaves_nothing(|| assert_eq!(run("vfork", 0), Exit::Exited(0)));
    }

    /// Whoever has lent its memory is ended like others; the child keeps what it needs.
    fn lender_can_be_ended() {
        leaves_nothing(|| {
            let pid = start("lend", 0);
            wait_until(|| count() == 2);
            let child = PROCESSES.lock().iter().map(Process::pid).find(|other| *other != pid);
            assert!(end(pid, Exit::Killed(Signal::Kill)));
            assert_eq!(wait(pid), Exit::Killed(Signal::Kill));
            timer::sleep_until(timer::now() + Duration::from_millis(20));
            assert!(end(child.expect("there are two"), Exit::Killed(Signal::Kill)));
        });
    }

    /// A number is written where the program may write, and nowhere else: not in the kernel.
    fn numbers_are_written_where_the_program_may() {
        static OURS: [u32; 2] = [0xdead_beef; 2];
        let place = &raw const OURS as usize;
        leaves_nothing(|| assert_eq!(run("number", place), Exit::Exited(0)));
        // SAFETY: it is ours; the compiler must not know what is in it.
        assert_eq!(unsafe { (&raw const OURS).read_volatile() }, [0xdead_beef; 2]);
    }

    /// The number of a thread is in its place before the thread runs.
    fn number_comes_before_its_thread() {
        leaves_nothing(|| assert_eq!(run("first", 0), Exit::Exited(0)));
    }

    /// Processes make processes until there are no more to be had, and no more: whoever is told to
    /// end ends, and all comes back.
    fn bomb_is_defused() {
        leaves_nothing(|| {
            let _taken = leave_frames(many(100_000));
            let pid = start("bomb", 0);
            let mut before = 0;
            // It is done when nothing comes any more.
            while before == 0 || before != count() {
                before = count();
                timer::sleep_until(timer::now() + Duration::from_millis(300));
            }
            assert!((5..=600).contains(&before), "{before} processes");
            // Others can still run: this one needs no other.
            let pids = || PROCESSES.lock().iter().find(|one| !one.has_ended()).map(Process::pid);
            while let Some(next) = pids() {
                end(next, Exit::Killed(Signal::Kill));
                let has_ended = |one: &Process| one.pid() != next || one.has_ended();
                wait_until(|| PROCESSES.lock().iter().all(has_ended));
            }
            assert_eq!(wait(pid), Exit::Killed(Signal::Kill));
        });
    }

    /// Children that have ended count as long as nobody has asked for them.
    fn ended_children_count() {
        leaves_nothing(|| assert_eq!(run("bombard", 2000), Exit::Exited(0)));
    }

    /// There are never more than there may be, also if several make the last one at the same time.
    /// (Where there is memory for so many.)
    fn no_more_than_there_may_be() {
        if frames::statistics().free < 16 * 1024 {
            return;
        }
        let pid = start("rush", 490);
        let mut most = 0;
        while PROCESSES.lock().iter().any(|one| one.pid() == pid && !one.has_ended()) {
            most = most.max(count());
            timer::sleep_until(timer::now() + Duration::from_millis(20));
        }
        assert_eq!((wait(pid), most), (Exit::Exited(0), 512));
    }

    /// Of children that do not tell of their end by SIGCHLD only who asks for such hears.
    fn clones_are_waited_for_apart() {
        leaves_nothing(|| assert_eq!(run("clones", 0), Exit::Exited(0)));
    }

    /// Wherever memory is refused while processes, threads and programs are made: it is an error to
    /// whoever asks, and nothing is lost.
    fn any_allocation_may_fail_in_a_program() {
        run("scarce", 0);
        run("scarce", 0);
        let before = left();
        let step = if cfg!(debug_assertions) { 31 } else { 7 };
        let (mut at, mut panics) = (2, 0);
        loop {
            let process = family("scarce", 0);
            let (started, has_failed) = faults::fail_at(at, || {
                process.start(Level::Normal).map(wait)
            });
            if let Ok(exit) = started {
                // One whose heap gets no memory cannot but panic.
                let is_right = matches!(exit, Exit::Exited(0 | PANIC));
                assert!(is_right, "at {at}: {exit:?}");
                panics += usize::from(exit == Exit::Exited(PANIC));
            }
            assert_eq!(count(), 0, "at {at}");
            assert_eq!(left(), before, "at {at}");
            if !has_failed {
                break;
            }
            at += step;
        }
        assert!(at > 100, "only {at} allocations");
        assert!(panics < 5, "{panics} panics");
    }
}
