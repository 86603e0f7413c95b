//! The programs in the background: who they are, and what has become of them.

use alloc::string::String;
use alloc::vec::Vec;

use user::process::{self, End, Pid};
use user::syscall::Errno;

/// A program in the background.
struct Job {
    pid: Pid,
    name: String,
}

/// All of them, and those that have ended without anybody asking how.
#[derive(Default)]
pub struct Jobs {
    all: Vec<Job>,
    ended: Vec<(Pid, End)>,
}

impl Jobs {
    /// Notes that `name` runs as `pid`, and tells the person.
    pub fn add(&mut self, pid: Pid, name: String, is_told: bool) {
        if is_told {
            println!("[{pid}]");
        }
        self.all.push(Job { pid, name });
    }

    /// Looks which of them have ended, and tells the person.
    pub fn look(&mut self, is_told: bool) {
        self.all.retain(|job| match process::try_wait(job.pid) {
            Ok(None) => true,
            Ok(Some((pid, end))) => {
                tell(pid, &job.name, end, is_told);
                self.ended.push((pid, end));
                false
            }
            Err(_) => false,
        });
    }

    /// Prints who still runs.
    pub fn show(&self) {
        for Job { pid, name } in &self.all {
            println!("[{pid}] running: {name}");
        }
    }

    /// Waits for the end of all.
    pub fn wait_for_all(&mut self, is_told: bool) {
        for job in self.all.drain(..) {
            if let Ok((pid, end)) = process::wait(job.pid) {
                tell(pid, &job.name, end, is_told);
            }
        }
    }

    /// Waits for the end of `pid`, unless it has ended already.
    pub fn wait_for(&mut self, pid: Pid) -> Result<End, Errno> {
        if let Some(index) = self.ended.iter().position(|(ended, _)| *ended == pid) {
            return Ok(self.ended.swap_remove(index).1);
        }
        self.all.retain(|job| job.pid != pid);
        process::wait(pid).map(|(_, end)| end)
    }
}

fn tell(pid: Pid, name: &str, end: End, is_told: bool) {
    match end {
        _ if !is_told => {}
        End::Exited(0) => println!("[{pid}] done: {name}"),
        end => println!("[{pid}] {end}: {name}"),
    }
}
