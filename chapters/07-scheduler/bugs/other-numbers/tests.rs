//! What holds when nobody has another's numbers.

use ktest::expect;

use super::policy::Level;
use crate::process::{self, Exit, Process};

ktest::test! {
    /// Two programs compute with a pattern in all registers that only programs use, beside one that
    /// has none there. Each ends with 0 if it finds its own at the end.
    fn numbers_stay_with_their_program() {
        let start = |path| {
            let process = Process::new(path, &[], &[]).expect("it is in the archive");
            process.start(Level::Normal).expect("there is memory")
        };
        let hog = start("bin/hog");
        let pids = ["bin/float", "bin/float"].map(start);
        for pid in pids {
            let exit = process::wait(pid);
            expect("how a program ends that looks at its registers", exit, Exit::Exited(0));
        }
        process::wait(hog);
    }
}
