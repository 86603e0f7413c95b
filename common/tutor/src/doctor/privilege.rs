//! Whether this user may install packages without typing a password.

use std::process::{Command, Stdio};

use super::probe;

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

/// What a person reads before a command that needs the administrator.
pub fn typed_prefix() -> &'static str {
    prefix(is_administrator(), probe::find("sudo").is_some())
}

fn prefix(is_administrator: bool, has_sudo: bool) -> &'static str {
    match (is_administrator, has_sudo) {
        (true, _) => "",
        (false, true) => "sudo ",
        (false, false) => "as root: ",
    }
}

fn is_administrator() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sudo_is_named_only_where_it_is_there_and_needed() {
        assert_eq!(prefix(true, true), "");
        assert_eq!(prefix(true, false), "");
        assert_eq!(prefix(false, true), "sudo ");
        assert_eq!(prefix(false, false), "as root: ");
    }
}
