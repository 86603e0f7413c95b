//! Processes of Rust's standard library: started, written to, read from, and waited for.
//!
//! The programs are the system's own, a shell and `cat`, which are on every Linux.

use std::error::Error;
use std::io::{self, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

/// So many bytes do not fit into a pipe.
const MANY: usize = 300_000;

fn main() -> Result<(), Box<dyn Error>> {
    show("both", &shell("echo to one; echo to the other >&2; exit 3").output()?);
    show("nothing", &shell(":").output()?);
    show("a variable", &shell("echo $WORD").env("WORD", "a word").output()?);
    println!("a status: {:?}", shell("exit 7").status()?.code());
    println!("no program: {:?}", Command::new("no-such-program").output().map_err(|it| it.kind()));
    let sent: Vec<u8> = (0..MANY).map(|number| (number % 251) as u8).collect();
    let output = through("cat", &sent)?;
    println!("through cat: {}, {}", output.stdout.len(), output.stdout == sent);
    Ok(())
}

/// The shell, which is to do `what`.
fn shell(what: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", what]).stdin(Stdio::null());
    command
}

fn show(what: &str, output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (one, other) = (text(&output.stdout), text(&output.stderr));
    println!("{what}: {:?}, {one:?}, {other:?}", output.status.code());
}

/// What `program` makes of `bytes`, which it reads while it writes.
fn through(program: &str, bytes: &[u8]) -> io::Result<Output> {
    let pipe = Stdio::piped;
    let mut child = Command::new(program).stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn()?;
    let input = child.stdin.take();
    thread::scope(|scope| {
        scope.spawn(move || input.map(|mut input| input.write_all(bytes)));
        child.wait_with_output()
    })
}
