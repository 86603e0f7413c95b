//! How calls are shown that only the kernel's own table describes.

use alloc::string::String;

use linux_raw_sys::general::{
    __NR_clone as CLONE, CLONE_THREAD, CLONE_VFORK, CLONE_VM, SIGCHLD, SIGUSR1,
};

use super::line::Line;
use super::show::Shown;
use super::table;

/// The first argument of `clone`, as it is shown if it is `flags`.
fn clone_flags(flags: u32) -> String {
    let call = table::find(CLONE.into()).expect("it is known");
    let arguments = [flags.into(), 0, 0, 0, 0, 0];
    let (name, kinds) = (call.name, call.arguments);
    let shown = Shown { name, kinds, arguments, memory: &|_, _| false };
    let mut line = Line::new();
    shown.begin(&mut line);
    let text = line.text().strip_prefix("clone(").and_then(|rest| rest.split(',').next());
    String::from(text.expect("it has more than one argument"))
}

ktest::test! {
    /// What `clone` is told has names: flags, and the signal in the lowest byte.
    fn clone_is_shown_with_its_signal() {
        assert_eq!(clone_flags(SIGCHLD), "SIGCHLD");
        assert_eq!(clone_flags(CLONE_VM | CLONE_VFORK | SIGCHLD), "CLONE_VM|CLONE_VFORK|SIGCHLD");
        assert_eq!(clone_flags(CLONE_VM | CLONE_THREAD), "CLONE_VM|CLONE_THREAD");
        assert_eq!(clone_flags(SIGUSR1), "SIGUSR1");
        assert_eq!(clone_flags(0), "0");
        // A bit that nobody knows, and a signal that there is not.
        assert_eq!(clone_flags(0x1000_0000 | 0xff), "0x10000000|255");
    }
}
