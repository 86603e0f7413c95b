//! How the programs end: `user/programs.toml` as types.
//!
//! It also names the symbolic links to programs that have several names.
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
    #[serde(default)]
    link: Vec<Names>,
}

/// Symbolic links to one target.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    target: String,
    names: Vec<String>,
    /// The exercise that adds them, if they are not always there.
    exercise: Option<String>,
}

/// A symbolic link among the files that a kernel carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its path, from the root on.
    pub name: String,
    /// Where it leads.
    pub target: String,
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
    read(chapter, |text| parse(text, arch))
}

/// The symbolic links among the files of `chapter` that takes `exercises`, sorted; none if it has
/// no programs.
pub fn links(chapter: &Path, exercises: &[String]) -> Result<Vec<Link>, String> {
    read(chapter, |text| parse_links(text, exercises))
}

/// What `parse` finds in the table of `chapter`.
fn read<T>(
    chapter: &Path,
    parse: impl Fn(&str) -> Result<Vec<T>, String>,
) -> Result<Vec<T>, String> {
    let path = chapter.join(super::FOLDER).join(FILE);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).map_err(|e| super::cannot("read", &path, &e))?;
    parse(&text).map_err(|message| format!("{}: {message}", path.display()))
}

fn parse(text: &str, arch: &str) -> Result<Vec<Run>, String> {
    table(text)?.run.into_iter().map(|line| run(line, arch)).collect()
}

fn parse_links(text: &str, exercises: &[String]) -> Result<Vec<Link>, String> {
    let mut links = Vec::new();
    let is_there = |line: &Names| line.exercise.iter().all(|name| exercises.contains(name));
    for Names { target, names, .. } in table(text)?.link.into_iter().filter(is_there) {
        for name in names {
            if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
                return Err(format!("`{name}` is no path from the root on, such as `bin/ls`"));
            }
            links.push(Link { name, target: target.clone() });
        }
    }
    links.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(links)
}

fn table(text: &str) -> Result<Table, String> {
    toml::from_str(text).map_err(|error| error.message().replace('\n', ", "))
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
    fn links_come_sorted_and_with_their_target() {
        assert_eq!(parse_links(TEXT, &[]), Ok(Vec::new()));
        let links = |names: &str| {
            let link = format!("[[link]]\ntarget = \"tools\"\nnames = [{names}]");
            parse_links(&format!("{TEXT}\n{link}"), &[])
        };
        let link = |name: &str| Link { name: name.into(), target: "tools".into() };
        assert_eq!(links("'bin/ls', 'bin/['"), Ok(vec![link("bin/["), link("bin/ls")]));
        for wrong in ["/bin/ls", "bin/../ls", "./ls", "bin/"] {
            let refusal = links(&format!("'{wrong}'")).expect_err("it is no such path");
            assert!(refusal.contains(&format!("`{wrong}`")), "{refusal}");
        }
    }

    #[test]
    fn links_of_an_exercise_are_there_when_it_is() {
        let link = "[[link]]\ntarget = \"tools\"\nnames = [\"bin/tee\"]\nexercise = \"09-tee\"";
        let count = |exercises: &[&str]| {
            let exercises: Vec<String> = exercises.iter().map(|name| name.to_string()).collect();
            parse_links(&format!("{TEXT}\n{link}"), &exercises).map(|links| links.len())
        };
        assert_eq!((count(&[]), count(&["09-other"])), (Ok(0), Ok(0)));
        assert_eq!(count(&["09-other", "09-tee"]), Ok(1));
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
