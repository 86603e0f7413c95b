//! Tries out `/proc`: whether what stands in its files has the right form, since what it says is
//! another thing each time.

#![no_std]
#![no_main]

extern crate alloc;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use linux_raw_sys::general::{self, AT_SYMLINK_NOFOLLOW, O_RDONLY, O_WRONLY};
use user::process::{getpid, getppid};
use user::raw::{self, here};
use user::report::{self, outcome, truth, value};
use user::scratch::{Scratch, names, shown, text};
use user::{Start, system, thread};

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let own = start.arguments().next().unwrap_or_default();
    let scratch = Scratch::enter("try-proc");
    links(own, &scratch);
    maps(main as *const () as usize);
    meminfo();
    uptime();
    stat();
    words(start);
    descriptors();
    processes();
    begun();
    thread();
    refused();
    scratch.leave();
    0
}

/// What was begun is read to its end as it was, and from the beginning it is told anew.
fn begun() {
    let file = raw::open(c"/proc/self/comm", O_RDONLY).expect("each process has it");
    let read = |most: usize| {
        let mut bytes = [0; 20];
        let count = raw::read(file, &mut bytes[..most]).unwrap_or(0);
        value("read: of the name", shown(&bytes[..count]));
    };
    outcome("prctl: a name", system::set_thread_name(c"before"));
    read(3);
    outcome("prctl: another", system::set_thread_name(c"afterwards"));
    read(20);
    read(20);
    report::answer("lseek: to the start", raw::lseek(file, 0, general::SEEK_SET));
    read(20);
    outcome("close: the name", raw::close(file));
}

/// All that is in the file at `path`, if it can be read.
fn all(path: &CStr) -> String {
    let (mut found, mut bytes) = (Vec::new(), [0; 1000]);
    if let Ok(file) = raw::open(path, O_RDONLY) {
        while let Ok(count @ 1..) = raw::read(file, &mut bytes) {
            found.extend_from_slice(&bytes[..count]);
        }
        outcome(format!("close: {}", path.to_string_lossy()), raw::close(file));
    }
    String::from_utf8_lossy(&found).into_owned()
}

/// The text of the link at `path`.
fn link(path: &CStr) -> String {
    let mut bytes = [0; 1000];
    let count = raw::readlinkat(here(path), &mut bytes).unwrap_or(0);
    String::from_utf8_lossy(&bytes[..count]).into_owned()
}

fn is_kind(path: &CStr, flags: u32, kind: u32) -> bool {
    let stat = raw::newfstatat(here(path), flags);
    stat.is_ok_and(|stat| stat.st_mode & raw::KIND == kind)
}

fn links(own: &CStr, scratch: &Scratch) {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().into();
    let (exe, own): (String, String) = (link(c"/proc/self/exe"), name(&own.to_string_lossy()));
    truth("readlinkat: /proc/self/exe begins at the root", exe.starts_with('/'));
    truth("readlinkat: and ends with this program", name(&exe) == own);
    truth("readlinkat: /proc/self is this process", link(c"/proc/self") == format!("{}", getpid()));
    let cwd = link(c"/proc/self/cwd");
    truth("readlinkat: /proc/self/cwd is where it is", cwd == scratch.path.to_string_lossy());
    value("readlinkat: /proc/self/root", link(c"/proc/self/root"));
    for path in [c"/proc/self", c"/proc/self/exe", c"/proc/self/cwd"] {
        let is_link = is_kind(path, AT_SYMLINK_NOFOLLOW, general::S_IFLNK);
        truth(format!("stat: {} is a link", path.to_string_lossy()), is_link);
    }
    truth("stat: /proc/self/exe leads to a file", is_kind(c"/proc/self/exe", 0, general::S_IFREG));
    truth("stat: /proc/self/cwd to a folder", is_kind(c"/proc/self/cwd", 0, general::S_IFDIR));
    let file = raw::open(c"/proc/self/exe", O_RDONLY);
    let mut bytes = [0; 4];
    let count = file.and_then(|file| raw::read(file, &mut bytes));
    truth("read: /proc/self/exe is a program", count == Ok(4) && bytes == *b"\x7fELF");
    outcome("close", file.and_then(raw::close));
}

/// A line of `maps`: where it begins and ends, and what may be done there.
fn range(line: &str) -> Option<(usize, usize, &str)> {
    let mut fields = line.split_ascii_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let rights = fields.next().filter(|rights| rights.len() == 4)?;
    usize::from_str_radix(fields.next()?, 16).ok()?;
    fields.next()?.split_once(':')?;
    fields.next()?.parse::<u64>().ok()?;
    let number = |text| usize::from_str_radix(text, 16).ok();
    Some((number(start)?, number(end)?, rights))
}

fn maps(code: usize) {
    let all = all(c"/proc/self/maps");
    let ranges: Vec<_> = all.lines().filter_map(range).collect();
    truth("maps: there are lines", !all.is_empty());
    truth("maps: each has the form", ranges.len() == all.lines().count());
    truth("maps: each ends behind its start", ranges.iter().all(|(start, end, _)| start < end));
    truth("maps: in order", ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0));
    let rights_of = |address: usize| {
        let found = ranges.iter().find(|(start, end, _)| (*start..*end).contains(&address));
        found.map_or("none", |(.., rights)| *rights)
    };
    value("maps: rights of code", rights_of(code));
    let local = 0;
    value("maps: rights of the stack", rights_of(&raw const local as usize));
    value("maps: rights of texts", rights_of(c"a text".as_ptr() as usize));
    value("maps: rights of nowhere", rights_of(report::NOWHERE));
    truth("maps: the stack is called so", all.lines().any(|line| line.ends_with("[stack]")));
}

fn meminfo() {
    let all = all(c"/proc/meminfo");
    for name in ["MemTotal", "MemFree", "MemAvailable"] {
        let line = all.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        truth(format!("meminfo: {name} is a number of kB"), number.is_some_and(|kb| kb > 0));
    }
}

fn uptime() {
    let all = all(c"/proc/uptime");
    let numbers: Vec<&str> = all.split_ascii_whitespace().collect();
    value("uptime: numbers", numbers.len());
    let is_number = |text: &&str| {
        let parts = text.split_once('.');
        parts.is_some_and(|(whole, part)| whole.parse::<u64>().is_ok() && part.len() == 2)
    };
    truth("uptime: with two digits behind the point", numbers.iter().all(is_number));
    truth("uptime: one line", all.ends_with('\n') && all.lines().count() == 1);
}

fn stat() {
    for path in [text("/proc/self/stat"), text(&format!("/proc/{}/stat", getpid()))] {
        let all = all_quietly(&path);
        let (number, rest) = all.split_once(" (").unwrap_or_default();
        let (name, rest) = rest.rsplit_once(") ").unwrap_or_default();
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        truth("stat: the number", number == format!("{}", getpid()));
        value("stat: the name", name);
        value("stat: what it does", fields.first().copied().unwrap_or_default());
        truth("stat: the parent", fields.get(1).copied() == Some(&*format!("{}", getppid())));
        truth("stat: fields", fields.len() >= 40);
        let are_numbers = fields.iter().skip(1).all(|field| field.parse::<i128>().is_ok());
        truth("stat: are numbers", are_numbers);
    }
}

/// As [`all`], of a path that has a number in it which must not be printed.
fn all_quietly(path: &CStr) -> String {
    let Ok(file) = raw::open(path, O_RDONLY) else { return String::new() };
    let mut bytes = [0; 2000];
    let count = raw::read(file, &mut bytes).unwrap_or(0);
    let _ = raw::close(file);
    String::from_utf8_lossy(&bytes[..count]).into_owned()
}

fn words(start: &Start) {
    let all = all(c"/proc/self/cmdline");
    let given: Vec<_> = start.arguments().map(|word| word.to_string_lossy()).collect();
    let found: Vec<&str> = all.split_terminator('\0').collect();
    truth("cmdline: the words", found == given);
    value("comm", self::all(c"/proc/self/comm").trim_end());
}

fn descriptors() {
    let Ok(folder) = raw::open(c"/proc/self/fd", O_RDONLY) else {
        return value("fd", "cannot be opened");
    };
    let found = names(folder).unwrap_or_default();
    truth(
        "fd: has the first three",
        ["0", "1", "2"].iter().all(|one| found.contains(&(*one).into())),
    );
    truth("fd: has itself", found.contains(&format!("{folder}")));
    truth("fd: not others", !found.contains(&"77".into()));
    outcome("close", raw::close(folder));
}

fn processes() {
    let Ok(folder) = raw::open(c"/proc", O_RDONLY) else { return };
    let found = names(folder).unwrap_or_default();
    for name in ["self", "meminfo", "uptime", "1"] {
        truth(format!("proc: has {name}"), found.iter().any(|one| one == name));
    }
    truth("proc: has this process", found.contains(&format!("{}", getpid())));
    outcome("close", raw::close(folder));
    let pid = report::start_child(|| 0);
    let path = text(&format!("/proc/{pid}/stat"));
    let _ = report::reap(pid);
    outcome("openat: of a process that is gone", raw::open(&path, O_RDONLY));
}

/// A thread is found by its number, though it is not listed; most that is told is its process's.
fn thread() {
    let (Ok([reader, writer]), Ok([done, tell])) = (raw::pipe2(0), raw::pipe2(0)) else { return };
    let thread = thread::spawn(move || {
        let named = system::set_thread_name(c"other");
        let told = raw::write(tell, b"x");
        (named, told, raw::read(reader, &mut [0]))
    });
    let thread = thread.expect("there can be a thread");
    outcome("read: it is called so", raw::read(done, &mut [0]));
    let (pid, tid) = (getpid(), thread.pid());
    let path = |name: &str| text(&format!("/proc/{tid}{name}"));
    let folder = raw::open(c"/proc", O_RDONLY).expect("it is there");
    let is_listed = names(folder).is_ok_and(|names| names.contains(&format!("{tid}")));
    truth("getdents64: a thread is listed", is_listed);
    truth("stat: a thread has a folder", is_kind(&path(""), 0, general::S_IFDIR));
    value("comm: of a thread", all_quietly(&path("/comm")).trim_end());
    value("comm: of its process", all_quietly(c"/proc/self/comm").trim_end());
    let stat = all_quietly(&path("/stat"));
    truth("stat: the thread's number", stat.starts_with(&format!("{tid} (other) ")));
    let status = all_quietly(&path("/status"));
    let has = |line: &str, number| status.contains(&format!("\n{line}:\t{number}\n"));
    truth("status: the number of the process", has("Tgid", pid));
    truth("status: the number of the thread", has("Pid", tid));
    truth("status: the parent", has("PPid", getppid()));
    truth("readlinkat: cwd of both", link(&path("/cwd")) == link(c"/proc/self/cwd"));
    let opened = raw::openat(here(&path("/fd")), O_RDONLY, 0).and_then(|fd| {
        truth("fd: of both", names(fd).is_ok_and(|names| names.contains(&format!("{fd}"))));
        raw::close(fd)
    });
    outcome("close: fd", opened);
    outcome("chdir: a thread", raw::chdir(&path("")));
    outcome("openat: a file from there", raw::open(c"stat", O_RDONLY).and_then(raw::close));
    let before = raw::open(&path("/comm"), O_RDONLY);
    outcome("openat: of a thread", before);
    outcome("write: it may end", raw::write(writer, b"x"));
    truth("read: it has ended", thread.join() == Some((Ok(()), Ok(1), Ok(1))));
    // It is told to have ended a moment before it has.
    while raw::open(&path("/comm"), O_RDONLY).and_then(raw::close).is_ok() {
        user::time::yield_now();
    }
    outcome("openat: of a thread that has ended", raw::open(&path("/comm"), O_RDONLY));
    outcome("read: what was open", before.and_then(|comm| raw::read(comm, &mut [0])));
    let rest = [reader, writer, done, tell, folder].map(raw::close);
    outcome(
        "close: all",
        rest.into_iter().chain([before.and_then(raw::close)]).try_fold(0, |_, one| one),
    );
}

fn refused() {
    outcome("openat: no such file", raw::open(c"/proc/self/nothing", O_RDONLY));
    outcome("openat: no such process", raw::open(c"/proc/1999999999/stat", O_RDONLY));
    outcome("openat: a number that begins with 0", raw::open(c"/proc/01/stat", O_RDONLY));
    outcome("openat: a folder to write", raw::open(c"/proc/self", O_WRONLY));
    outcome("chdir: a file", raw::chdir(c"/proc/uptime"));
    outcome("chdir: a process", raw::chdir(c"/proc/self"));
    outcome("stat: a path from there", raw::stat(c"stat"));
    outcome("stat: one up", raw::stat(c"../uptime"));
}
