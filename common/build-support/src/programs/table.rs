//! How the programs end: `user/programs.toml` as types.
//!
//! One table is for both who run them: the host tool, on Linux, and a kernel's tests, which get it
//! as Rust code. A program that ends otherwise on Linux is wrong itself.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

/// The name of the file, in the folder of the programs.
const FILE: &str = "programs.toml";

/// Signals by their names, from 1 on. (signal(7); the numbers are the same on both machines.)
const SIGNALS: [&str; 31] = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
];

/// The number of the signal called `name`.
pub fn signal(name: &str) -> Option<i32> {
    (1..).zip(SIGNALS).find(|(_, known)| *known == name).map(|(number, _)| number)
}

/// All of `programs.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    run: Vec<Line>,
}

/// A run of a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    words: Vec<String>,
    end: Ends,
}

/// How a run ends, on all machines or on each.
#[derive(Deserialize)]
#[serde(untagged)]
enum Ends {
    Same(Written),
    Each(BTreeMap<String, Written>),
}

/// An end, as it is written.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Written {
    Status(u8),
    Signal(String),
}

/// How a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

/// A run of a program, and how it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The program's name and its arguments.
    pub words: Vec<String>,
    /// How it ends.
    pub end: End,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status}"),
            Self::Signal(number) => match SIGNALS.get(number.wrapping_sub(1) as usize) {
                Some(name) => write!(f, "{name}"),
                None => write!(f, "signal {number}"),
            },
        }
    }
}

/// The runs of the programs of `chapter` on `arch`; none if it has no programs.
pub fn runs(chapter: &Path, arch: &str) -> Result<Vec<Run>, String> {
    let path = chapter.join(super::FOLDER).join(FILE);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).map_err(|e| super::cannot("read", &path, &e))?;
    parse(&text, arch).map_err(|message| format!("{}: {message}", path.display()))
}

fn parse(text: &str, arch: &str) -> Result<Vec<Run>, String> {
    let table: Table = toml::from_str(text).map_err(|error| error.message().replace('\n', ", "))?;
    table.run.into_iter().map(|line| run(line, arch)).collect()
}

fn run(line: Line, arch: &str) -> Result<Run, String> {
    let words = line.words.join(" ");
    let written = match line.end {
        Ends::Same(written) => Some(written),
        Ends::Each(mut each) => each.remove(arch),
    };
    let end = match written {
        None => Err(format!("`{words}` has no end for {arch}")),
        Some(Written::Status(status)) => Ok(End::Status(status.into())),
        Some(Written::Signal(name)) => {
            let unknown =
                || format!("`{words}` ends with `{name}`; there are {}", SIGNALS.join(", "));
            signal(&name).map(End::Signal).ok_or_else(unknown)
        }
    }?;
    Ok(Run { words: line.words, end })
}

/// The table as Rust code, for a kernel's tests.
pub fn code(runs: &[Run]) -> String {
    let mut code = String::from(
        "/// Runs of programs: the words, and how it ends: a status, or the number of a signal.\n\
         #[allow(dead_code, reason = \"only tests use it\")]\n\
         pub const RUNS: &[(&[&str], Result<i32, i32>)] = &[\n",
    );
    for Run { words, end } in runs {
        let end = match end {
            End::Status(status) => format!("Ok({status})"),
            End::Signal(number) => format!("Err({number})"),
        };
        // Writing to a text cannot fail.
        let _ = writeln!(code, "    (&{words:?}, {end}),");
    }
    code + "];\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [[run]]
        words = ["status", "42"]
        end = 42
        [[run]]
        words = ["crash", "divide"]
        end = { aarch64 = 0, x86_64 = "SIGFPE" }
    "#;

    #[test]
    fn each_machine_has_its_ends() {
        let ends = |arch| {
            let runs = parse(TEXT, arch).expect("it is right");
            runs.into_iter().map(|run| run.end).collect::<Vec<_>>()
        };
        assert_eq!(ends("aarch64"), [End::Status(42), End::Status(0)]);
        assert_eq!(ends("x86_64"), [End::Status(42), End::Signal(8)]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let refusal = |text: &str, arch| parse(text, arch).expect_err("it is wrong");
        assert!(refusal(TEXT, "riscv64").contains("`crash divide` has no end for riscv64"));
        let unknown = refusal(&TEXT.replace("SIGFPE", "SIGFEP"), "x86_64");
        assert!(unknown.contains("`SIGFEP`") && unknown.contains("SIGFPE"), "{unknown}");
        assert!(refusal(&TEXT.replace("words", "wards"), "x86_64").contains("wards"));
    }

    #[test]
    fn kernels_get_it_as_code() {
        let code = code(&parse(TEXT, "x86_64").expect("it is right"));
        assert!(code.contains("    (&[\"status\", \"42\"], Ok(42)),\n"), "{code}");
        assert!(code.contains("    (&[\"crash\", \"divide\"], Err(8)),\n"), "{code}");
    }

    #[test]
    fn ends_have_names() {
        let words = [End::Status(3), End::Signal(11), End::Signal(40)].map(|end| end.to_string());
        assert_eq!(words, ["status 3", "SIGSEGV", "signal 40"]);
    }
}
