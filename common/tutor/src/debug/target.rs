//! The machine that is debugged: QEMU with its processor stopped, and a door for the debugger.

use std::ffi::OsString;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::inherit;
use crate::qemu::{self, Launch, Lines};

/// How long QEMU may take to open its door.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// Where a debugger comes in.
pub enum Door {
    /// A socket in the file system: no port is taken, and nobody else can reach it.
    Socket(PathBuf),
    /// A port of this computer, which a debugger must be told.
    Port(u16),
}

impl Door {
    /// What gdb calls it.
    pub fn address(&self) -> String {
        match self {
            Self::Socket(path) => path.display().to_string(),
            Self::Port(port) => format!("localhost:{port}"),
        }
    }

    /// What QEMU calls it.
    fn device(&self) -> OsString {
        let mut device = match self {
            Self::Socket(path) => {
                let mut device = OsString::from("unix:");
                device.push(qemu::quoted(path));
                device
            }
            Self::Port(port) => format!("tcp:127.0.0.1:{port}").into(),
        };
        device.push(",server=on,wait=off");
        device
    }

    /// Whether somebody is behind it. (Knocking would count as the debugger's visit.)
    fn is_taken(&self) -> bool {
        match self {
            Self::Socket(path) => path.exists(),
            Self::Port(port) => TcpListener::bind(("127.0.0.1", *port)).is_err(),
        }
    }
}

/// A running QEMU, which ends with this.
pub struct Target {
    child: Child,
}

impl Target {
    /// Starts QEMU, and waits until it can be debugged.
    pub fn start(launch: &Launch, door: &Door) -> Result<Self> {
        if door.is_taken() {
            let address = door.address();
            let message = format!("{address} is taken: by another program, or not for you to use");
            return Err(Failure::failed(message));
        }
        let mut qemu = launch.command(&Lines::default());
        // Stopped at first; and when the kernel dies the machine stays, to be looked at.
        qemu.args(["-S", "-no-shutdown", "-gdb"]).arg(door.device());
        inherit::pass_on(&mut qemu, &[]);
        if matches!(door, Door::Socket(_)) {
            // The keyboard and its Ctrl-C belong to the debugger on this terminal.
            qemu.stdin(Stdio::null()).process_group(0);
        }
        let child = qemu.spawn().map_err(|error| {
            Failure::failed(format!("cannot start {}: {error}", launch.machine.qemu))
        })?;
        let mut target = Self { child };
        target.await_door(door)?;
        Ok(target)
    }

    /// Whether QEMU has ended; takes a moment to look.
    pub fn has_ended(&mut self) -> bool {
        thread::sleep(GLANCE);
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// The exit status of QEMU, if it has ended and has one.
    pub fn status(&mut self) -> Option<i32> {
        self.child.try_wait().ok().flatten()?.code()
    }

    fn await_door(&mut self, door: &Door) -> Result<()> {
        let start = Instant::now();
        while !door.is_taken() {
            if self.has_ended() {
                // It has said why.
                return Err(Failure::failed("QEMU did not start"));
            }
            if start.elapsed() > PATIENCE {
                return Err(Failure::failed("QEMU does not let a debugger in"));
            }
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_taken_while_somebody_listens() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("some port is free");
        let door = Door::Port(listener.local_addr().expect("it has one").port());
        assert!(door.is_taken());
        drop(listener);
        // A program that another test starts has the listener too, until it becomes that program.
        let start = Instant::now();
        while door.is_taken() {
            assert!(start.elapsed() < PATIENCE, "nobody listens any more");
            thread::sleep(GLANCE);
        }
    }

    #[test]
    fn a_socket_is_taken_when_it_is_there() {
        let folder = tempfile::tempdir().expect("there is room");
        let door = Door::Socket(folder.path().join("gdb"));
        assert!(!door.is_taken());
        let _listener = std::os::unix::net::UnixListener::bind(folder.path().join("gdb"));
        assert!(door.is_taken());
    }

    #[test]
    fn commas_in_a_path_are_doubled_for_qemu() {
        let device = Door::Socket("/tmp/a,b".into()).device();
        assert_eq!(device, "unix:/tmp/a,,b,server=on,wait=off");
    }
}
