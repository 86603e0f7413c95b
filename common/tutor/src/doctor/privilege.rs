//! Whether this user may install packages without typing a password.

use std::process::{Command, Stdio};

/// How a command that needs the administrator is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privilege {
    /// As it is: we are the administrator, or none is needed.
    Own,
    /// By sudo, which asks for nothing.
    Sudo,
    /// Not by us: sudo would ask for a password, or is not there.
    Password,
}

impl Privilege {
    /// What this user may do.
    pub fn detect() -> Self {
        if is_administrator() {
            return Self::Own;
        }
        let sudo = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
        if sudo.is_ok_and(|status| status.success()) { Self::Sudo } else { Self::Password }
    }

    /// The words that come before a command that we run.
    pub fn prefix(self) -> &'static [&'static str] {
        match self {
            Self::Sudo => &["sudo", "-n"],
            Self::Own | Self::Password => &[],
        }
    }
}

/// What a person types before a command that needs the administrator.
pub fn typed_prefix() -> &'static str {
    if is_administrator() { "" } else { "sudo " }
}

fn is_administrator() -> bool {
    rustix::process::geteuid().is_root()
}
