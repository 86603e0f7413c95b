//! Tries out threads: what they share and what they do not, and how they and the process end.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use linux_raw_sys::general;
use user::arch::{FloatRegisters, thread_pointer};
use user::futex::Mutex;
use user::process::{self, End, Pid, getpid, getppid, gettid};
use user::signal::{Signal, kill};
use user::thread::{self, Thread};
use user::{Start, report, syscall, system, time};

#[unsafe(no_mangle)]
fn main(_: &Start) -> i32 {
    who_a_thread_is();
    what_is_shared();
    what_is_not();
    many();
    numbers();
    ends();
    processes();
    0
}

/// Runs `work` in a thread.
///
/// # Panics
///
/// When there cannot be one: nothing else can be tried out then.
fn start<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Thread<T> {
    thread::spawn(work).expect("the kernel has room for a thread")
}

/// What `work` gives in a thread.
///
/// # Panics
///
/// When it gives nothing.
fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    start(work).join().expect("a thread that returns leaves a result")
}

fn for_ever() {
    loop {
        // How long it sleeps is no matter.
        let _ = time::sleep(Duration::from_secs(100));
    }
}

fn who_a_thread_is() {
    let ids = start(|| (getpid(), gettid(), getppid()));
    let number = ids.pid();
    let ids = ids.join().unwrap_or((Pid(0), Pid(0), Pid(0)));
    report::truth("thread: gettid is what clone answered", ids.1 == number);
    report::truth("thread: gettid is not the first thread's", ids.1 != gettid());
    report::truth("thread: getpid is the process's", ids.0 == getpid());
    report::truth("thread: getppid is the process's", ids.2 == getppid());
    let thread = start(thread_pointer);
    let local = thread.local();
    report::truth("thread: CLONE_SETTLS is its pointer", thread.join() == Some(local));
    report::truth("thread: the first one's stays", thread_pointer() != local);
    report::outcome("thread: is waited for by wait4", process::try_wait(Pid::ANY));
}

fn what_is_shared() {
    let word = Arc::new(AtomicU32::new(1));
    let inner = Arc::clone(&word);
    in_thread(move || inner.store(2, Ordering::Relaxed));
    report::value("thread: memory is shared", word.load(Ordering::Relaxed));
    let made = in_thread(|| vec![7_u8; 100_000]);
    report::value("thread: pages that it mapped stay", made[99_999]);
    let counter = Arc::new(Mutex::new(0));
    let add = |counter: Arc<Mutex<u32>>| move || (0..1000).for_each(|_| *counter.lock() += 1);
    let threads: Vec<_> = (0..4).map(|_| start(add(Arc::clone(&counter)))).collect();
    let ended = threads.into_iter().filter_map(Thread::join).count();
    report::value("thread: so many ended", ended);
    report::value("thread: four count to 1000 under a mutex", *counter.lock());
    let counter = Arc::new(Mutex::new(0));
    let holder = counter.lock();
    let thread = start(add(Arc::clone(&counter)));
    let _ = time::sleep(Duration::from_millis(30));
    report::value("thread: a held mutex is waited for", *holder);
    drop(holder);
    thread.join();
    report::value("thread: and got", *counter.lock());
}

fn what_is_not() {
    let mut pattern = FloatRegisters::FIRST;
    pattern.vectors[7] = u128::MAX / 3;
    pattern.set();
    let is_own = start(|| {
        let mut other = FloatRegisters::FIRST;
        other.vectors[7] = 5;
        other.set();
        (0..10).for_each(|_| time::yield_now());
        FloatRegisters::get() == other
    });
    (0..10).for_each(|_| time::yield_now());
    let is_kept = FloatRegisters::get() == pattern;
    FloatRegisters::FIRST.set();
    report::truth("thread: its registers are its own", is_own.join() == Some(true));
    report::truth("thread: and the first one's", is_kept);
    report::outcome("prctl: a name", system::set_thread_name(c"first"));
    let name = in_thread(|| {
        let inherited = system::thread_name();
        let _ = system::set_thread_name(c"second");
        inherited
    });
    report::truth(
        "thread: its name is that of its maker",
        name == Ok(*b"first\0\0\0\0\0\0\0\0\0\0\0"),
    );
    let is_kept = system::thread_name() == Ok(*b"first\0\0\0\0\0\0\0\0\0\0\0");
    report::truth("thread: which keeps its own", is_kept);
}

fn many() {
    let sum: u32 = (0..200).map(|number| in_thread(move || number)).sum();
    report::value("thread: 200, one after the other", sum);
    let threads: Vec<_> = (0..20).map(|number| start(move || number)).collect();
    let sum: u32 = threads.into_iter().filter_map(Thread::join).sum();
    report::value("thread: 20 at once", sum);
    let nested = in_thread(|| in_thread(|| in_thread(|| 3) + 1) + 1);
    report::value("thread: of a thread of a thread", nested);
}

/// What is asked about a process by its number may be asked by that of any of its threads.
fn numbers() {
    in_thread(|| ask_about("its own number", gettid()));
    ask_about("the first one's number", gettid());
    in_thread(|| ask_about("the process's number", getpid()));
    let held = Arc::new(Mutex::new(()));
    let inner = Arc::clone(&held);
    let holder = held.lock();
    let thread = start(move || drop(inner.lock()));
    let number = thread.pid();
    ask_about("another's number", number);
    report::outcome("wait4: another's number", process::try_wait(number));
    drop(holder);
    thread.join();
    // The word that says so is cleared a little before its number means nobody.
    let is_gone = || kill(number, Signal::NONE).is_err();
    (0..100).find(|_| is_gone() || time::sleep(Duration::from_millis(10)).is_err());
    ask_about("the number of one that has ended", number);
    report::child("kill: a thread's number means its process", || {
        in_thread(|| kill(gettid(), Signal::TERM).map_or(3, |_| 4))
    });
}

fn ask_about(what: &str, who: Pid) {
    let number = who.0 as usize;
    let (mut set, mut rights) = ([0_u64; 128], [0_u32; 6]);
    let (bytes, place) = (size_of_val(&set), set.as_mut_ptr() as usize);
    let mut header = [general::_LINUX_CAPABILITY_VERSION_3, who.0 as u32];
    let header = [header.as_mut_ptr() as usize, rights.as_mut_ptr() as usize];
    for (call, asked, arguments) in [
        ("sched_getaffinity", general::__NR_sched_getaffinity, &[number, bytes, place][..]),
        ("sched_setaffinity", general::__NR_sched_setaffinity, &[number, bytes, place]),
        ("sched_getscheduler", general::__NR_sched_getscheduler, &[number]),
        ("sched_getparam", general::__NR_sched_getparam, &[number, place]),
        ("prlimit64", general::__NR_prlimit64, &[number, general::RLIMIT_STACK as usize]),
        ("capget", general::__NR_capget, &header),
        ("capset", general::__NR_capset, &header),
        ("kill", general::__NR_kill, &[number]),
    ] {
        // SAFETY: the kernel writes to what is handed over as changeable, and there is room for it.
        let found = unsafe { report::ask_silently(asked, arguments) };
        report::outcome(format_args!("{call}: {what}"), found);
    }
}

fn ends() {
    report::child("thread: exit_group in it ends all", || {
        in_thread(|| -> () { syscall::exit(7) });
        1
    });
    report::child("thread: the end of the first one's work ends all", || {
        start(for_ever);
        8
    });
    report::child("thread: one that touches what it must not", || {
        in_thread(|| overflow(black_box(0)));
        1
    });
    report::child("thread: exit of the first, and the second goes on", || {
        start(|| {
            let _ = time::sleep(Duration::from_millis(30));
            report::value("thread: the second goes on", "yes");
        });
        exit_thread()
    });
    let sleeper = report::start_child(|| {
        (0..3).for_each(|_| drop(start(for_ever)));
        for_ever();
        1
    });
    let _ = time::sleep(Duration::from_millis(50));
    report::outcome("kill: SIGKILL to four threads", kill(sleeper, Signal::KILL));
    report::ended("kill: all of them", sleeper);
    report::child("thread: one that computes is ended as well", || {
        start(|| {
            loop {
                black_box(());
            }
        });
        let _ = time::sleep(Duration::from_millis(30));
        10
    });
}

/// Calls itself until its stack is full, and steps onto the guard.
fn overflow(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { overflow(depth + 1) + frame[1] }
}

/// Ends this thread alone.
fn exit_thread() -> i32 {
    // SAFETY: what is on the stack stays there, and nobody misses it.
    let refused = unsafe { report::ask_silently(general::__NR_exit, &[0]) };
    report::answer("exit", refused);
    1
}

fn processes() {
    report::child("thread: makes a process, of one thread", || {
        start(for_ever);
        in_thread(|| {
            let pid = report::start_child(|| i32::from(getpid() != gettid()));
            report::truth("thread: which it waits for", is_good(report::reap(pid)));
        });
        0
    });
    let pid = report::start_child(|| 0);
    let end = in_thread(move || report::reap(pid));
    report::truth("thread: waits for another thread's child", is_good(end));
}

fn is_good(end: Option<End>) -> bool {
    end == Some(End::Exited(0))
}
