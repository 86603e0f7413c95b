//! Tests `make serve`: a browser that asks gets the book, and the server ends when it is told to.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::commands::{Finding, clean};
use super::outcome::Tested;
use crate::watch;
use crate::workspace::Workspace;

/// How long the book may take to be built and shown.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long the server may take to end.
const LEAVE: Duration = Duration::from_secs(5);

/// Runs this test.
pub fn run(workspace: &Workspace) -> Tested {
    Tested::from_result("make serve shows the book, and ends when told to", show(workspace))
}

fn show(workspace: &Workspace) -> Finding {
    let port = free_port().map_err(|error| format!("no port is free: {error}"))?;
    let tool = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = clean(Command::new(tool), workspace);
    command.arg("serve").arg(format!("port={port}"));
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| format!("{command:?}: {error}"))?;
    let shown = page(&mut child, port);
    let ended = end(&mut child);
    let shown = shown?;
    if !shown.starts_with("HTTP/1.1 200") || !shown.contains("<title>") {
        return Err(format!("this is no page:\n{}", shown.lines().take(20).collect::<String>()));
    }
    ended
}

/// A port that nobody listens on.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// What `child` answers to a browser at `port`, once it does.
fn page(child: &mut Child, port: u16) -> Result<String, String> {
    let start = Instant::now();
    loop {
        if let Ok(answer) = ask(port) {
            return Ok(answer);
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("it ended before it showed anything: {status}"));
        }
        if watch::is_interrupted() || start.elapsed() > PATIENCE {
            return Err(format!("nothing answers at port {port}"));
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn ask(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Asks `child` to end, and waits until it has.
fn end(child: &mut Child) -> Finding {
    let process = Pid::from_child(child);
    kill_process(process, Signal::TERM).map_err(|error| format!("it is gone: {error}"))?;
    let start = Instant::now();
    while start.elapsed() < LEAVE {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("it ended with {status}")),
            _ => thread::sleep(Duration::from_millis(50)),
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    Err("it did not end when it was told to".into())
}
