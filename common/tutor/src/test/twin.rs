//! The last word about programs for another processor: this computer's own Linux.
//!
//! What emulates Linux for other processors differs from it in its errors here and there: it knows
//! its own limits, and looks at addresses before Linux does. Our programs print nothing that
//! depends on the machine. So where the emulation disagrees, Linux itself has the last word: but
//! only for the programs of which it is known why, which are in [`EXCEPTIONS`].

use super::linux::{Ended, Linux};
use super::oracle::{ENVIRONMENT, Trial, filled};
use crate::failure::Result;
use crate::kernel::{self, Recipe, Voice};
use crate::workspace::Workspace;

/// The programs that do something else in the emulation of Linux than on Linux, and what.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("try_brk", "memory that brk has given back can still be used"),
    ("try_capability", "execve of a program for another processor is ENOEXEC"),
    ("try_console", "a request to ioctl that it does not know is ENOSYS"),
    ("try_device", "a request to ioctl that it does not know is ENOSYS"),
    ("try_dup", "execve of a program for another processor is ENOEXEC"),
    ("try_execve", "execve of a program for another processor is ENOEXEC"),
    ("try_file_mapping", "lines as for try_kill"),
    ("try_folder", "getdents64 loses entries when there was no room for them"),
    ("try_futex", "there is no set_robust_list"),
    ("try_identity", "prlimit64 and sysinfo look at fewer of their arguments"),
    ("try_kill", "it prints a line of its own when a signal ends a program"),
    ("try_map", "mmap looks at its numbers before the descriptor, and maps /proc/self/stat"),
    (
        "try_memory",
        "MAP_FIXED_NOREPLACE replaces; mprotect of no bytes fails; lines as for try_kill",
    ),
    ("try_pipe", "pipe2 to a wrong address leaves both ends open"),
    ("try_proc", "/proc is that of the emulator"),
    ("try_process", "CLONE_VFORK does not wait; CLONE_PARENT_SETTID of a process does nothing"),
    ("try_read_write", "readv of no pieces looks at no descriptor"),
    ("try_script", "execve of a program for another processor is ENOEXEC"),
    ("try_self", "what /proc tells of the process is of the emulation, and stat is short"),
    ("try_signal", "lines as for try_kill"),
    ("try_thread", "lines as for try_kill"),
    (
        "try_time",
        "clock_getres looks at no address, and nanosleep has another error for a wrong one",
    ),
];

/// The program that the emulation does not always bring to its end: it loses signals to processes
/// that have just been made, and fails in assertions of its own.
const NOT_EMULATED: &str = "try_chance";

/// Whether `trial` is one that the emulation is not asked for.
pub fn is_beyond_emulation(trial: &Trial) -> bool {
    trial.words.first().is_some_and(|word| word == NOT_EMULATED)
}

/// Whether `trial` is known to do something else in the emulation.
pub fn is_exception(trial: &Trial) -> bool {
    EXCEPTIONS.iter().any(|(name, _)| trial.words.first().is_some_and(|word| word == name))
}

/// Programs of the same sources for this computer's own processor, whose Linux is no imitation.
pub struct Twin {
    linux: Linux,
    room: tempfile::TempDir,
}

impl Twin {
    /// The programs of `package`, if this computer is one of our machines, but not `arch`.
    pub fn find(workspace: &Workspace, package: &str, arch: &str) -> Result<Option<Self>> {
        let own = std::env::consts::ARCH;
        let machine = workspace.config.machines.get(own).filter(|_| own != arch);
        let Some((machine, linux)) = machine.zip(Linux::find(own)) else { return Ok(None) };
        let recipe = Recipe { package, arch: own, machine, has_tests: false, is_release: false };
        let kernel = kernel::build(workspace, recipe, Voice::Quiet)?;
        let archive = kernel.initramfs.as_deref().map_or(Ok(Vec::new()), kernel::read)?;
        Ok(Some(Self { linux, room: filled(&archive)? }))
    }

    /// What `trial` does on this computer's Linux.
    pub fn ask(&self, trial: &Trial) -> Option<Ended> {
        self.linux.execute(&trial.words, &ENVIRONMENT, &trial.input, self.room.path()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_named() {
        assert!(is_exception(&Trial::new("try_brk", &[])));
        assert!(!is_exception(&Trial::new("try_system", &[])));
        assert!(is_beyond_emulation(&Trial::new("try_chance", &[])));
        assert!(!is_beyond_emulation(&Trial::new("try_brk", &[])));
        assert!(EXCEPTIONS.is_sorted() && EXCEPTIONS.iter().all(|(_, why)| !why.is_empty()));
    }
}
