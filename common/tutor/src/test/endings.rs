//! Tests how runs end that do not end by themselves: by their time limit, by Ctrl-C, by a `kill`.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::commands::{Finding, clean, contains, text, tutor};
use super::outcome::Tested;
use super::terminal;
use crate::failure::Result;
use crate::kernel::{self, Kernel, Recipe, Voice};
use crate::workspace::Workspace;

/// Runs all these tests.
pub fn run(workspace: &Workspace) -> Result<Vec<Tested>> {
    let kernel = broken_kernel(workspace)?;
    let signalled = |signal| signal_ends(workspace, &kernel, signal);
    Ok(vec![
        Tested::from_result("a run that hangs is stopped and explained", hang(workspace, &kernel)),
        Tested::from_result("Ctrl-C leaves no QEMU behind", signalled(Signal::INT)),
        Tested::from_result("nor does a kill", signalled(Signal::KILL)),
        Tested::from_result("Ctrl-C at a terminal ends a run", at_a_terminal(workspace, &kernel)),
    ])
}

fn broken_kernel(workspace: &Workspace) -> Result<Kernel> {
    let arch = "aarch64";
    let machine = &workspace.config.machines[arch];
    let recipe =
        Recipe { package: "broken-kernel", arch, machine, has_tests: false, is_release: false };
    kernel::build(workspace, recipe, Voice::Quiet)
}

/// The words that boot `kernel` so that it never ends.
fn endless(kernel: &Kernel) -> [String; 3] {
    let elf = kernel.elf.display().to_string();
    ["boot".into(), elf, "bootargs=death=endless_loop".into()]
}

fn hang(workspace: &Workspace, kernel: &Kernel) -> Finding {
    let words = endless(kernel);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = tutor(workspace, &words, &["timeout=2"])?;
    if output.status.code() != Some(1) {
        return Err(format!("{}, and not 1:\n{}", output.status, text(&output)));
    }
    contains(&text(&output), &["endless_loop", "2 s"])
}

fn at_a_terminal(workspace: &Workspace, kernel: &Kernel) -> Finding {
    let words = endless(kernel);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    terminal::without_shell(workspace, &words, "on aarch64")
}

/// Sends `signal` to this tool while a kernel runs.
fn signal_ends(workspace: &Workspace, kernel: &Kernel, signal: Signal) -> Finding {
    let tool = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = clean(Command::new(tool), workspace);
    command.args(endless(kernel)).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let result = wait_for_console(&mut child).and_then(|()| {
        let pid = Pid::from_child(&child);
        kill_process(pid, signal).map_err(|error| error.to_string())
    });
    // If the signal did not end it, the kernel's time limit does.
    let status = child.wait().map_err(|error| error.to_string())?;
    result?;
    if signal == Signal::INT && status.code() != Some(130) {
        return Err(format!("{status}, and not 130"));
    }
    let image = kernel.image.display().to_string();
    let start = Instant::now();
    while is_anyone_running(&image) {
        if start.elapsed() > Duration::from_secs(5) {
            return Err(format!("a QEMU with {image} is still there"));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Waits for the kernel's first character.
fn wait_for_console(child: &mut Child) -> Finding {
    let console = child.stdout.as_mut().ok_or("no console")?;
    match console.read(&mut [0]) {
        Ok(1) => Ok(()),
        _ => Err("the kernel said nothing".into()),
    }
}

/// Whether a process has `word` on its command line, as far as `/proc` tells.
fn is_anyone_running(word: &str) -> bool {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut lines =
        processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.any(|line| line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes()))
}
