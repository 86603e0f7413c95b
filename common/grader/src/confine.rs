//! Runs a program with few rights: it may read, and that is all.
//!
//! A student's code runs in two places outside the compiler. In QEMU, where a kernel that asks by
//! semihosting can have the host write files and start programs; and on the host itself, as a
//! property. Both are started by way of this program, under the name `confined`, which gives up
//! rights and then becomes the other one. What the system has no means for is left out: Landlock is
//! Linux's, and so are namespaces without a network.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use rustix::process::{Resource, Rlimit, setrlimit};
use tutor::failure::{Failure, Result};

/// The most that a confined program may have of what.
const LIMITS: &[(Resource, u64)] = &[
    (Resource::Cpu, 60),
    (Resource::Fsize, 1 << 20),
    (Resource::As, 8 << 30),
    (Resource::Core, 0),
];

/// The words that start a program without a network, where the system can; none where it cannot.
const WITHOUT_NETWORK: &[&str] = &["unshare", "--user", "--map-current-user", "--net", "--"];

/// The words that start a confined program; the program's own come behind them.
pub fn words() -> Vec<OsString> {
    let mut words = without_network();
    let own = std::env::current_exe().unwrap_or_else(|_| "grader".into());
    words.extend([own.into(), "confined".into()]);
    words
}

/// The words that start a program without a network; none where the system cannot, or has none
/// already.
pub fn without_network() -> Vec<OsString> {
    let words = if has_namespaces() { WITHOUT_NETWORK } else { &[] };
    words.iter().map(OsString::from).collect()
}

/// Whether a program can be started without a network.
fn has_namespaces() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let mut trial = Command::new(WITHOUT_NETWORK[0]);
        trial.args(&WITHOUT_NETWORK[1..]).arg("true");
        trial.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        trial.status().is_ok_and(|status| status.success())
    })
}

/// Gives up rights, and becomes the program that `words` name.
pub fn become_confined(words: &[OsString]) -> Result<()> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Failure::usage("confined: a program must be named"));
    };
    for (resource, limit) in LIMITS {
        let limit = Rlimit { current: Some(*limit), maximum: Some(*limit) };
        // A lower limit that is there already is as good.
        let _ = setrlimit(*resource, limit);
    }
    die_with_parent();
    read_only(&[Path::new("/dev/null"), Path::new("/dev/shm")]);
    let error = Command::new(program).args(arguments).exec();
    Err(Failure::failed(format!("cannot start {}: {error}", program.display())))
}

/// Does not outlive whoever started this, where the system can see to it.
fn die_with_parent() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

/// Limits what this process and its children may use, before files of a stranger are compiled.
pub fn limit_build() {
    for (resource, limit) in
        [(Resource::Cpu, 300), (Resource::Fsize, 1 << 30), (Resource::As, 16 << 30)]
    {
        let limit = Rlimit { current: Some(limit), maximum: Some(limit) };
        let _ = setrlimit(resource, limit);
    }
}

/// Lets this process and its children write nowhere but in `writable`, where the system can.
#[cfg(target_os = "linux")]
pub fn read_only(writable: &[&Path]) {
    use landlock::{
        ABI, Access, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, path_beneath_rules,
    };
    let abi = ABI::V3;
    let restrict = || -> std::result::Result<(), landlock::RulesetError> {
        Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(["/"], AccessFs::from_read(abi)))?
            .add_rules(path_beneath_rules(writable, AccessFs::from_all(abi)))?
            .restrict_self()?;
        Ok(())
    };
    // A system without it has the other limits still.
    let _ = restrict();
}

/// Does nothing: this system has no such means.
#[cfg(not(target_os = "linux"))]
pub fn read_only(_writable: &[&Path]) {}
