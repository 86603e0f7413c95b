//! What holds when nobody sleeps with a lock.

use ktest::expect;

use super::policy::Level;
use crate::process::{self, Exit, Process};

ktest::test! {
    /// Two programs run while somebody waits for the first of them, and then for the other.
    fn who_waits_holds_nothing() {
        let pids = [(); 2].map(|()| {
            let process = Process::new("bin/hello", &[], &[]).expect("it is in the archive");
            process.start(Level::Normal).expect("there is memory")
        });
        for pid in pids {
            process::wait_for_end(pid);
            expect("how a program ends", process::wait(pid), Exit::Exited(0));
        }
    }
}
