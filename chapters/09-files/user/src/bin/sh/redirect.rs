//! Redirections: what descriptors stand for while a command runs.
//!
//! Before one is changed, a second descriptor is made for what it stands for, above all that a
//! person names and closed in programs. From that it gets its meaning back.
//!
//! ```text
//!  before           1 ──> terminal
//!  > file           1 ──> file        10 ──> terminal
//!  after            1 ──> terminal
//! ```

use alloc::ffi::CString;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use user::descriptor::{F_GETFD, F_SETFD, close, dup_from, dup3, fcntl};
use user::file::{O_APPEND, O_CLOEXEC, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY, open};
use user::syscall::Errno;

use crate::tree::{How, Redirect};
use crate::words::{self, Values};

/// Where second descriptors are.
const ABOVE: usize = 10;

/// Who may use a new file: everybody, but for nobody does it become a program.
const MODE: u32 = 0o666;

/// A redirection that is not possible.
pub struct Failure {
    target: Vec<u8>,
    error: Errno,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", String::from_utf8_lossy(&self.target), self.error)
    }
}

/// Redirections that hold until this is dropped.
#[derive(Default)]
pub struct Redirections {
    /// Descriptors, and second ones for what they stood for, if it was anything.
    saved: Vec<(usize, Option<usize>)>,
}

impl Redirections {
    /// Makes `redirects`, one after the other.
    pub fn make(redirects: &[Redirect], values: &dyn Values) -> Result<Self, Failure> {
        let mut made = Self::default();
        for redirect in redirects {
            let target = words::text(&redirect.target, values);
            if let Err(error) = made.add(redirect, &target) {
                return Err(Failure { target, error });
            }
        }
        Ok(made)
    }

    /// Lets them hold for ever.
    pub fn keep(mut self) {
        for (_, second) in self.saved.drain(..) {
            second.map(close);
        }
    }

    fn add(&mut self, redirect: &Redirect, target: &[u8]) -> Result<(), Errno> {
        let flags = match redirect.how {
            How::Read => O_RDONLY,
            How::Write => O_WRONLY | O_CREAT | O_TRUNC,
            How::Append => O_WRONLY | O_CREAT | O_APPEND,
            How::Copy => return self.copy(redirect.descriptor, target),
        };
        let path = CString::new(target).map_err(|_| Errno::EINVAL)?;
        let opened = open(&path, flags | O_CLOEXEC, MODE)?;
        self.save(redirect.descriptor, Some(opened));
        connect(opened, redirect.descriptor)
    }

    /// Makes `descriptor` stand for what the one in `target` stands for; for nothing, if it is `-`.
    fn copy(&mut self, descriptor: usize, target: &[u8]) -> Result<(), Errno> {
        if target == b"-" {
            self.save(descriptor, None);
            // There may have been none.
            let _ = close(descriptor);
            return Ok(());
        }
        let number = str::from_utf8(target).ok().and_then(|digits| digits.parse().ok());
        let source = number.ok_or(Errno::EBADF)?;
        fcntl(source, F_GETFD, 0)?;
        if source != descriptor {
            self.save(descriptor, None);
            dup3(source, descriptor, 0)?;
        }
        Ok(())
    }

    /// Notes what `descriptor` stands for, unless it is `opened`, which was not there before.
    fn save(&mut self, descriptor: usize, opened: Option<usize>) {
        let second = match opened {
            Some(opened) if opened == descriptor => None,
            _ => dup_from(descriptor, ABOVE).ok(),
        };
        self.saved.push((descriptor, second));
    }
}

impl Drop for Redirections {
    fn drop(&mut self) {
        for (descriptor, second) in self.saved.drain(..).rev() {
            // What cannot be given back stays as it is: there is nobody to tell.
            let _ = match second {
                Some(second) => connect(second, descriptor),
                None => close(descriptor),
            };
        }
    }
}

/// Makes `descriptor` stand for what `source`, which is given back, stands for, also in programs.
pub fn connect(source: usize, descriptor: usize) -> Result<(), Errno> {
    if source == descriptor {
        fcntl(descriptor, F_SETFD, 0)?;
        return Ok(());
    }
    dup3(source, descriptor, 0)?;
    close(source)
}
