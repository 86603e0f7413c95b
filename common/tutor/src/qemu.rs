//! The command line of QEMU.
//!
//! The kernel's console is a character device of its own kind per use: this terminal when a person
//! runs it, a socket when a test reads it. Beside it QEMU gets up to three more lines to us: the
//! monitor (QMP), its log (standard error), and the channel for verdicts.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use build_support::Machine;

use crate::doctor;
use crate::kernel::Kernel;
use crate::prompts::Typed;

/// The word in the boot arguments that tells a kernel that its exit status is heard.
pub const EXIT_WORD: &str = "exit=host";

/// Where the kernel's console goes.
#[derive(Clone, Debug)]
pub enum Console {
    /// To this terminal; what is printed is also written to the file. Where there is a shell, all
    /// keys are the kernel's: its terminal knows what Ctrl-C means for whoever runs in the shell.
    Terminal {
        /// The file.
        copy: PathBuf,
    },
    /// To whoever started QEMU, by a socket.
    Heard,
    /// To a file.
    File(PathBuf),
}

/// The descriptors of sockets that QEMU inherits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lines {
    /// For a console that is heard.
    pub console: i32,
    /// For the verdicts of tests, if somebody hears them.
    pub verdicts: Option<i32>,
}

/// A machine to start.
#[derive(Clone, Debug)]
pub struct Launch<'a> {
    /// The architecture's name.
    pub arch: &'a str,
    /// Its numbers.
    pub machine: &'a Machine,
    /// What to load.
    pub image: PathBuf,
    /// The processor model, if not the machine's usual one.
    pub cpu: Option<&'static str>,
    /// Memory, if not the machine's usual amount.
    pub memory: Option<String>,
    /// Processors, if not the machine's usual number.
    pub cpus: Option<u64>,
    /// The boot arguments.
    pub arguments: OsString,
    /// Whether the kernel's exit status is listened for.
    pub hears_status: bool,
    /// Whether time is counted in instructions, so that each run is like the other.
    pub is_counted: bool,
    /// What QEMU's own random numbers come from in a counted run.
    pub seed: u64,
    /// The words of a command that runs QEMU with fewer rights, if it is not to be trusted: by
    /// semihosting a kernel may ask it to write files and start programs.
    pub confined_by: Vec<OsString>,
    /// The `virt` machine's hypervisor level: the kernel is entered at EL2.
    pub is_entered_at_el2: bool,
    /// The version of the `virt` machine's interrupt controller, if not its usual one.
    pub gic: Option<u64>,
    /// Whether memory is in two pieces with distances, as on large machines.
    pub is_numa: bool,
    /// A file to load beside the kernel.
    pub initrd: Option<PathBuf>,
    /// Bytes to put into memory before the start: where, and the file that holds them.
    pub dirt: Option<(u64, PathBuf)>,
    /// Where the console goes.
    pub console: Console,
    /// What is typed when the kernel asks for it. The clock of such a run is the one on the wall:
    /// a kernel that waits for somebody to type must not find that a year has passed.
    pub typed: Vec<Typed>,
    /// What there is to read, in such a run, before the end of the input.
    pub input: Vec<u8>,
    /// Whether the run ends in a shell, which goes on until it has no more to read.
    pub has_shell: bool,
    /// What starts the lines on the channel for verdicts that its tests have sent.
    pub nonce: Option<String>,
}

impl<'a> Launch<'a> {
    /// The plain start of `kernel`, with its programs: status heard, time as it flies.
    pub fn new(arch: &'a str, machine: &'a Machine, kernel: &Kernel, console: Console) -> Self {
        Self {
            arch,
            machine,
            image: kernel.image.clone(),
            cpu: None,
            memory: None,
            cpus: None,
            arguments: OsString::new(),
            hears_status: true,
            is_counted: false,
            seed: 1,
            confined_by: Vec::new(),
            is_entered_at_el2: false,
            gic: None,
            is_numa: false,
            initrd: kernel.initramfs.clone(),
            dirt: None,
            console,
            typed: Vec::new(),
            input: Vec::new(),
            has_shell: kernel.has_shell,
            nonce: None,
        }
    }

    /// The boot arguments, as the kernel gets them.
    pub fn boot_arguments(&self) -> OsString {
        let word = if self.hears_status { EXIT_WORD } else { "" };
        let words = [OsStr::new(word), &self.arguments];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(OsStr::new(" "))
    }

    /// All that is typed at a console that is heard: if it is not the reader's input, then behind
    /// it comes what ends the shell, or the run would never end.
    pub fn all_typed(&self) -> Vec<Typed> {
        let has_input = self.typed.contains(&Typed::INPUT);
        let end = (self.has_shell && !has_input).then_some(Typed::END);
        self.typed.iter().copied().chain(end).collect()
    }

    /// QEMU, told all this.
    pub fn command(&self, lines: &Lines) -> Command {
        let words = self.confined_by.iter().map(OsString::as_os_str);
        let mut words = words.chain([OsStr::new(&self.machine.qemu)]);
        let mut qemu = Command::new(words.next().expect("one word at least is there"));
        qemu.args(words);
        self.add_machine(&mut qemu);
        self.add_image(&mut qemu);
        self.add_console(&mut qemu, lines);
        self.add_exit(&mut qemu, lines.verdicts);
        if !self.confined_by.is_empty() && cfg!(target_os = "linux") {
            qemu.args(["-sandbox", "on,spawn=deny"]);
        }
        qemu
    }

    fn add_machine(&self, qemu: &mut Command) {
        let level = if self.is_entered_at_el2 { ",virtualization=on" } else { "" };
        let gic = self.gic.map_or(String::new(), |version| format!(",gic-version={version}"));
        let disks = if self.looks_for_disks() { ",sata=off" } else { "" };
        qemu.args(["-M", &format!("{}{level}{gic}{disks}", self.machine.machine)]);
        qemu.args(["-cpu", self.cpu.unwrap_or(&self.machine.cpu), "-accel", "tcg"]);
        qemu.args(["-m", self.memory.as_ref().unwrap_or(&self.machine.memory)]);
        if self.is_numa {
            self.add_nodes(qemu);
        }
        let cpus = self.cpus.unwrap_or(self.machine.cpus.into());
        qemu.args(["-smp", &cpus.to_string()]);
        qemu.args(["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]);
        if let Some(firmware) = self.small_firmware() {
            qemu.args(["-bios", firmware]);
        }
        if self.is_counted {
            qemu.args(["-icount", "shift=0,sleep=off", "-seed", &self.seed.to_string()]);
            qemu.args(["-rtc", "base=2024-01-01,clock=vm"]);
        }
    }

    /// The machine's small firmware, if there is one that will do: it passes the kernel no initrd.
    fn small_firmware(&self) -> Option<&str> {
        let firmware = self.machine.firmware.as_deref().filter(|_| self.initrd.is_none());
        firmware.filter(|firmware| doctor::has_firmware(&self.machine.qemu, firmware))
    }

    /// Whether the machine starts with the firmware of a whole PC. That looks for disks before it
    /// starts a kernel; where it finds no place for any it is done in a sixth of the time.
    fn looks_for_disks(&self) -> bool {
        self.machine.firmware.is_some() && self.small_firmware().is_none()
    }

    /// Two NUMA nodes of 64 MiB each.
    fn add_nodes(&self, qemu: &mut Command) {
        for node in 0..2 {
            let memory = format!("memory-backend-ram,id=memory{node},size=64M");
            qemu.args(["-object", &memory]);
            qemu.args(["-numa", &format!("node,nodeid={node},memdev=memory{node}")]);
        }
    }

    fn add_image(&self, qemu: &mut Command) {
        qemu.arg("-kernel").arg(&self.image);
        let arguments = self.boot_arguments();
        if !arguments.is_empty() {
            qemu.arg("-append").arg(arguments);
        }
        if let Some(initrd) = &self.initrd {
            qemu.arg("-initrd").arg(initrd);
        }
        if let Some((address, file)) = &self.dirt {
            let mut loader = OsString::from(format!("loader,force-raw=on,addr={address:#x},file="));
            loader.push(quoted(file));
            qemu.arg("-device").arg(loader);
        }
    }

    fn add_console(&self, qemu: &mut Command, lines: &Lines) {
        let (device, file) = match &self.console {
            Console::Terminal { copy } => {
                let signals = if self.has_shell { "off" } else { "on" };
                let device = format!("stdio,id=console,mux=on,signal={signals},logfile=");
                (device, copy.as_path())
            }
            Console::Heard => (format!("socket,id=console,fd={}", lines.console), Path::new("")),
            Console::File(file) => ("file,id=console,path=".into(), file.as_path()),
        };
        let mut device = OsString::from(device);
        device.push(quoted(file));
        qemu.arg("-chardev").arg(device).args(["-serial", "chardev:console"]);
        if matches!(self.console, Console::Terminal { .. }) {
            qemu.args(["-mon", "chardev=console,mode=readline"]);
        }
    }

    /// The ways out: the kernel's status, and the channel on which its tests report.
    fn add_exit(&self, qemu: &mut Command, verdicts: Option<i32>) {
        if let Some(number) = verdicts {
            qemu.args(["-chardev", &format!("socket,id=verdicts,fd={number}")]);
        }
        if !self.hears_status {
            return;
        }
        match (self.arch, verdicts) {
            ("aarch64", None) => qemu.args(["-semihosting-config", "enable=on,target=native"]),
            ("aarch64", Some(_)) => {
                qemu.args(["-semihosting-config", "enable=on,target=native,chardev=verdicts"])
            }
            (_, None) => qemu.args(["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]),
            (_, Some(_)) => qemu
                .args(["-device", "isa-debug-exit,iobase=0xf4,iosize=4"])
                .args(["-device", "isa-debugcon,iobase=0xe9,chardev=verdicts"]),
        };
    }
}

/// `path` as a value among QEMU's options, where a comma would end it.
pub fn quoted(path: &Path) -> OsString {
    let bytes = path.as_os_str().as_bytes().iter();
    let bytes = bytes.flat_map(|byte| std::iter::repeat_n(*byte, 1 + usize::from(*byte == b',')));
    OsString::from_vec(bytes.collect())
}

#[cfg(test)]
mod tests;
