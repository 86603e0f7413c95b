//! A child that is left behind, and what the table has of it afterwards.

use core::time::Duration;

use crate::process::{self, Exit, Pid, Process, Signal};
use crate::scheduler::policy::Level;
use crate::timer;

/// How many times a child is left behind.
const ROUNDS: usize = 3;

/// Longer than a parent needs for its child, and a child to see that its parent is gone.
const WHILE: Duration = Duration::from_millis(200);

fn sleep() {
    timer::sleep_until(timer::now() + WHILE);
}

/// Starts a program that makes a child, kills it, and waits for its end and for that of the child.
/// The result is its number.
fn leave_a_child_behind() -> Pid {
    let words: [&[u8]; 3] = [b"bin/family", b"wait", b"0"];
    let process = Process::new("bin/family", &words, &[]).expect("it came with the kernel");
    let parent = process.start(Level::Normal).expect("there is memory");
    sleep();
    process::end(parent, Exit::Killed(Signal::Terminate));
    process::wait(parent);
    sleep();
    parent
}

/// Leaves children behind, and shows what is left of them.
pub fn show() {
    for round in 1..=ROUNDS {
        println!("nursery: round {round}: process {} had a child", leave_a_child_behind());
        let ended = (0..).map_while(process::ended);
        let count = ended.inspect(|row| println!("{row}")).count();
        println!("nursery: round {round}: {count} that ended in the table");
    }
}

#[cfg(feature = "ktest")]
ktest::test! {
    /// A child whose parent has ended is gone when it has ended itself.
    fn nobodys_child_is_forgotten() {
        let parent = leave_a_child_behind();
        let left = process::ended(0).and_then(|row| row.pid);
        ktest::expect(("killed with a child:", parent, "which is left"), left, None);
    }
}
