//! Signals: what a process is told by others, or ended for, by Linux's names and numbers.
//!
//! Linux, `man 7 signal`.

use core::fmt;

use linux_raw_sys::general;

/// What a process did to be killed, or what was sent to it, as Linux names it. Beyond these are the
/// real-time signals, which have numbers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Signal {
    /// The terminal is gone.
    Hangup = general::SIGHUP,
    /// `^C` was typed.
    Interrupt = general::SIGINT,
    /// `^\` was typed.
    Quit = general::SIGQUIT,
    /// An instruction that is none, or not for programs.
    Illegal = general::SIGILL,
    /// A breakpoint, and no debugger.
    Trap = general::SIGTRAP,
    /// The program gives up.
    Abort = general::SIGABRT,
    /// An access that memory cannot serve, such as a misaligned one.
    Bus = general::SIGBUS,
    /// Arithmetic without a result.
    Arithmetic = general::SIGFPE,
    /// The end, whatever the program has to say about it.
    Kill = general::SIGKILL,
    /// Whatever programs agree on.
    User1 = general::SIGUSR1,
    /// An access to memory that is not the program's.
    Segmentation = general::SIGSEGV,
    /// Whatever else programs agree on.
    User2 = general::SIGUSR2,
    /// Nobody reads what is written.
    Pipe = general::SIGPIPE,
    /// A time has come.
    Alarm = general::SIGALRM,
    /// Somebody wants the program to end.
    Terminate = general::SIGTERM,
    /// Nothing any more.
    StackFault = general::SIGSTKFLT,
    /// A child has ended.
    Child = general::SIGCHLD,
    /// Who was stopped goes on.
    Continue = general::SIGCONT,
    /// A stop, whatever the program has to say about it.
    Stop = general::SIGSTOP,
    /// `^Z` was typed.
    TerminalStop = general::SIGTSTP,
    /// Somebody reads from the terminal who is not in front.
    TerminalInput = general::SIGTTIN,
    /// Somebody writes to the terminal who is not in front.
    TerminalOutput = general::SIGTTOU,
    /// A connection has something urgent.
    Urgent = general::SIGURG,
    /// The program has run for longer than it may.
    ProcessorTime = general::SIGXCPU,
    /// A file has become larger than it may.
    FileSize = general::SIGXFSZ,
    /// The program has run for some time.
    VirtualAlarm = general::SIGVTALRM,
    /// It, and the kernel for it, have run for some time.
    Profile = general::SIGPROF,
    /// The window has another size.
    Window = general::SIGWINCH,
    /// A descriptor is ready.
    Io = general::SIGIO,
    /// The power fails.
    Power = general::SIGPWR,
    /// A system call that the program may not make.
    SystemCall = general::SIGSYS,
}

impl Signal {
    /// All of them, in order: the first has number 1.
    pub const ALL: [Self; 31] = [
        Self::Hangup,
        Self::Interrupt,
        Self::Quit,
        Self::Illegal,
        Self::Trap,
        Self::Abort,
        Self::Bus,
        Self::Arithmetic,
        Self::Kill,
        Self::User1,
        Self::Segmentation,
        Self::User2,
        Self::Pipe,
        Self::Alarm,
        Self::Terminate,
        Self::StackFault,
        Self::Child,
        Self::Continue,
        Self::Stop,
        Self::TerminalStop,
        Self::TerminalInput,
        Self::TerminalOutput,
        Self::Urgent,
        Self::ProcessorTime,
        Self::FileSize,
        Self::VirtualAlarm,
        Self::Profile,
        Self::Window,
        Self::Io,
        Self::Power,
        Self::SystemCall,
    ];
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Hangup => "SIGHUP",
            Self::Interrupt => "SIGINT",
            Self::Quit => "SIGQUIT",
            Self::Illegal => "SIGILL",
            Self::Trap => "SIGTRAP",
            Self::Abort => "SIGABRT",
            Self::Bus => "SIGBUS",
            Self::Arithmetic => "SIGFPE",
            Self::Kill => "SIGKILL",
            Self::User1 => "SIGUSR1",
            Self::Segmentation => "SIGSEGV",
            Self::User2 => "SIGUSR2",
            Self::Pipe => "SIGPIPE",
            Self::Alarm => "SIGALRM",
            Self::Terminate => "SIGTERM",
            Self::StackFault => "SIGSTKFLT",
            Self::Child => "SIGCHLD",
            Self::Continue => "SIGCONT",
            Self::Stop => "SIGSTOP",
            Self::TerminalStop => "SIGTSTP",
            Self::TerminalInput => "SIGTTIN",
            Self::TerminalOutput => "SIGTTOU",
            Self::Urgent => "SIGURG",
            Self::ProcessorTime => "SIGXCPU",
            Self::FileSize => "SIGXFSZ",
            Self::VirtualAlarm => "SIGVTALRM",
            Self::Profile => "SIGPROF",
            Self::Window => "SIGWINCH",
            Self::Io => "SIGIO",
            Self::Power => "SIGPWR",
            Self::SystemCall => "SIGSYS",
        })
    }
}
