//! Memory on loan: a child that has its parent's, which waits meanwhile.

use core::sync::atomic::{AtomicU32, Ordering};
use core::time::Duration;

use linux_raw_sys::general;
use user::arch::{Child, clone_thread};
use user::memory::{self, PAGE, READ, WRITE};
use user::process::{self, End, Pid, execve, try_wait, wait};
use user::signal::{self, Signal};
use user::syscall::exit;
use user::{Errno, time};

use crate::check;
use crate::many::PATH;

/// What the child writes before it gives the memory back.
static WORD: AtomicU32 = AtomicU32::new(0);

/// What the kernel makes zero when the child has given the memory back.
static LENT: AtomicU32 = AtomicU32::new(0);

/// Makes a child that has the memory until it ends or becomes another program.
///
/// It has a stack of its own, which the child of a true `vfork` has not: what it does there its
/// parent would find later, and Rust has no word for that.
fn borrow(run: extern "C" fn(usize) -> !) -> Result<Pid, Errno> {
    let stack = memory::map(8 * PAGE, READ | WRITE)?;
    WORD.store(0, Ordering::SeqCst);
    LENT.store(1, Ordering::SeqCst);
    let tid = LENT.as_ptr() as usize;
    let child = Child { stack: stack + 8 * PAGE, tid, local: 0, run, argument: 0 };
    let clear = general::CLONE_CHILD_CLEARTID;
    let flags = general::CLONE_VM | general::CLONE_VFORK | general::SIGCHLD | clear;
    // SAFETY: the stack is the child's own.
    let pid = unsafe { clone_thread(flags, &child) }?;
    // SAFETY: the child has another memory by now, or none.
    unsafe { memory::unmap(stack, 8 * PAGE) }?;
    Ok(Pid(pid as i32))
}

/// Sleeps for a moment, and writes the word.
fn sleep_and_write() {
    let _ = time::sleep(Duration::from_millis(20));
    WORD.store(1, Ordering::SeqCst);
}

extern "C" fn end(_: usize) -> ! {
    sleep_and_write();
    exit(7)
}

extern "C" fn become_another(_: usize) -> ! {
    sleep_and_write();
    // It is one that takes its time.
    let _ = execve(PATH, &[PATH, c"threads", c"3"], &[]);
    exit(1)
}

extern "C" fn be_killed(_: usize) -> ! {
    sleep_and_write();
    let _ = signal::kill(process::getpid(), Signal::KILL);
    exit(1)
}

extern "C" fn sleep(_: usize) -> ! {
    let _ = time::sleep(Duration::from_secs(1_000_000));
    exit(1)
}

/// Lends its memory to children that give it back in all ways, and runs after each.
pub fn vfork() -> i32 {
    let has_written = || WORD.load(Ordering::SeqCst) == 1 && LENT.load(Ordering::SeqCst) == 0;
    let Ok(ended) = borrow(end) else { return 1 };
    let first = [has_written(), wait(ended) == Ok((ended, End::Exited(7)))];
    let Ok(other) = borrow(become_another) else { return 2 };
    let second =
        [has_written(), try_wait(other) == Ok(None), wait(other) == Ok((other, End::Exited(0)))];
    let Ok(killed) = borrow(be_killed) else { return 3 };
    let third = [has_written(), wait(killed) == Ok((killed, End::Killed(Signal::KILL)))];
    let all = [first.as_slice(), &second, &third];
    all.iter()
        .enumerate()
        .find(|(_, right)| check(right) != 0)
        .map_or(0, |(index, right)| 10 * (index as i32 + 1) + check(right))
}

/// Lends its memory to a child that does not give it back.
pub fn lend() -> i32 {
    let _ = borrow(sleep);
    1
}

extern "C" fn end_at_once(_: usize) -> ! {
    exit(0)
}

/// Makes as many as `count` children that end at once, and asks for none of them: sooner or later
/// it is told to.
pub fn bombard(count: usize) -> i32 {
    for _ in 0..count {
        match borrow(end_at_once) {
            Ok(_) => {}
            Err(error) => return i32::from(error != Errno::EAGAIN),
        }
    }
    2
}

/// Makes `count` children that end at once, which leaves room for a few. Then several processes
/// make more at the same time, such as take long to copy, until there are no more to be had.
pub fn rush(count: usize) -> i32 {
    let are_made = (0..count).all(|_| borrow(end_at_once).is_ok());
    let is_large = memory::map(200 * PAGE, READ | WRITE).is_ok();
    let makers = [(); 5].map(|()| match process::fork() {
        Ok(None) => fill_up(),
        maker => maker.ok().flatten(),
    });
    // One that cannot be made comes too late, which is nobody's fault.
    let is_right =
        |maker: Option<Pid>| maker.is_none_or(|pid| wait(pid) == Ok((pid, End::Exited(0))));
    check(&[are_made, is_large, makers.into_iter().all(is_right)])
}

/// Makes children until there are no more to be had, and gives others time to count them.
fn fill_up() -> ! {
    // Until then the others are there as well.
    let _ = time::sleep(Duration::from_millis(200));
    loop {
        match process::fork() {
            Ok(None) => exit(0),
            Ok(Some(_)) => {}
            Err(error) => {
                let _ = time::sleep(Duration::from_millis(500));
                exit(i32::from(error != Errno::EAGAIN));
            }
        }
    }
}
