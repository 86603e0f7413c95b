//! Tests of `/proc`, by a program that sleeps meanwhile.

use alloc::vec::Vec;

use super::{Entry, Item, Subject};
use crate::file::status::Kind;
use crate::file::tree::{Listed, Place, TREE};
use crate::file::walk::{LastLink, walk};
use crate::file::{FileError, open};
use crate::memory::{faults, frames, heap};
use crate::process::{Exit, Pid, Process, Signal, end, wait};
use crate::scheduler::policy::Level;

/// Lets `act` have the number of a process that does nothing for a while.
fn with_sleeper<T>(act: impl FnOnce(Pid) -> T) -> T {
    let process = Process::new("bin/sleep", &[b"bin/sleep", b"1000"], &[]);
    let process = process.unwrap_or_else(|error| panic!("sleep: {error}"));
    let pid = process.start(Level::Normal).expect("there is memory for a thread");
    let result = act(pid);
    end(pid, Exit::Killed(Signal::Kill));
    wait(pid);
    result
}

/// All that is listed in `folder` behind `.` and `..`.
fn list(folder: Entry) -> Vec<Listed> {
    let mut place = 2;
    let next = || {
        let listed = folder.listed(place).expect("there is memory")?;
        place = listed.next;
        Some(listed)
    };
    core::iter::from_fn(next).collect()
}

/// What `item` tells of the process `pid`, as words.
fn words(pid: Pid, item: Item) -> Vec<Vec<u8>> {
    let text = item.text(pid).expect("it runs");
    let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.map(<[u8]>::to_vec).collect()
}

/// What is at `path`.
fn find(path: &[u8]) -> Result<Place, FileError> {
    let tree = TREE.lock();
    walk(&tree, Place::ROOT, path, LastLink::Follow)?.existing(&tree)
}

fn path(text: &str, pid: Pid) -> Vec<u8> {
    text.replace("PID", &alloc::format!("{pid}")).into_bytes()
}

ktest::test! {
    /// `/proc` has what it tells of the system, and the processes in the order of their numbers.
    fn root_lists_processes_in_order() {
        with_sleeper(|first| with_sleeper(|second| {
            let all = list(Entry::Root);
            let place = |entry| all.iter().position(|listed| listed.place == Place::Proc(entry));
            assert_eq!(place(Entry::Itself), Some(0));
            let [memory, first, second] = [
                Entry::System(Subject::Memory), Entry::Process(first), Entry::Process(second),
            ].map(place);
            assert!(memory < first && first < second, "{memory:?} {first:?} {second:?}");
        }));
    }

    /// Whatever a folder lists is found by its name, and what has another name is not.
    fn what_is_listed_is_found() {
        with_sleeper(|pid| {
            for folder in [Entry::Root, Entry::Process(pid), Entry::Of(pid, Item::Descriptors)] {
                let all = list(folder);
                assert!(all.len() >= 3, "{folder:?}");
                for listed in all {
                    assert_eq!(folder.find(listed.name.bytes()), Some(listed.place), "{listed:?}");
                }
                for name in [b"" as &[u8], b"nothing", b"00", b"-1", b"4294967296"] {
                    assert_eq!(folder.find(name), None, "{name:?}");
                }
            }
        });
    }

    /// All that is to be read can be.
    fn all_texts_can_be_read() {
        with_sleeper(|pid| {
            let all = [list(Entry::Root), list(Entry::Process(pid))].concat();
            for Listed { place, name, .. } in all {
                let Place::Proc(entry) = place else { panic!("{place:?}") };
                if entry.kind() == Kind::Regular {
                    assert!(!entry.text().expect("it is there").is_empty(), "{name:?}");
                }
            }
        });
    }

    /// `stat` has the 52 words of Linux, each in its place.
    fn stat_is_as_on_linux() {
        with_sleeper(|pid| {
            let words = words(pid, Item::Stat);
            assert_eq!(words.len(), 52);
            let number = alloc::format!("{pid}");
            assert_eq!(words[0], number.as_bytes());
            assert_eq!(words[1], b"(sleep)");
            assert!([b"R", b"S"].contains(&words[2].as_slice().try_into().expect("a letter")));
            assert_eq!(words[19], b"1", "threads");
            assert_eq!(words[24], b"18446744073709551615", "the limit of memory");
        });
    }

    /// The arguments are told with a zero behind each, and the program by its path.
    fn program_and_arguments_are_told() {
        with_sleeper(|pid| {
            assert_eq!(Item::Arguments.text(pid), Ok(b"bin/sleep\x001000\x00".to_vec()));
            assert_eq!(Item::Name.text(pid), Ok(b"sleep\n".to_vec()));
            let exe = Entry::Of(pid, Item::Program).target_path(&TREE.lock());
            assert_eq!(exe, Ok(b"/bin/sleep".to_vec()));
        });
    }

    /// The links lead to the files themselves; what is open has a number there.
    fn links_lead_to_files() {
        with_sleeper(|pid| {
            assert_eq!(find(&path("/proc/PID/exe", pid)), find(b"/bin/sleep"));
            assert_eq!(find(&path("/proc/PID/cwd", pid)), Ok(Place::ROOT));
            assert_eq!(find(&path("/proc/PID/cwd/bin/sleep", pid)), find(b"/bin/sleep"));
            assert_eq!(find(&path("/proc/PID/fd/2", pid)), find(b"/dev/console"));
            assert_eq!(find(&path("/proc/PID/fd/3", pid)), Err(FileError::NotFound));
            assert_eq!(find(&path("/proc/PID/fd/../../meminfo", pid)), find(b"/proc/meminfo"));
            assert_eq!(find(b"/proc/self"), Err(FileError::NotFound), "the kernel is no process");
            let tree = TREE.lock();
            let terminal = Entry::Descriptor(pid, 2).target_path(&tree);
            assert_eq!(terminal, Ok(b"/dev/console".to_vec()));
        });
    }

    /// `maps` has a line for each part of memory, in order, and none overlap.
    fn maps_are_in_order() {
        with_sleeper(|pid| {
            let text = Item::Maps.text(pid).expect("it runs");
            let text = core::str::from_utf8(&text).expect("the path is plain");
            let mut before = 0;
            for line in text.lines() {
                let (range, rest) = line.split_once(' ').expect("there is more");
                let (start, end) = range.split_once('-').expect("a range");
                let [start, end] =
                    [start, end].map(|word| u64::from_str_radix(word, 16).expect("a number"));
                assert!(before <= start && start < end, "{line}");
                assert!(rest.as_bytes()[3] == b'p', "{line}");
                before = end;
            }
            let program = text.lines().find(|line| line.ends_with("/bin/sleep"));
            assert_eq!(program.and_then(|line| line.find('/')), Some(73), "{text}");
            assert!(text.lines().any(|line| line.contains(" r-xp ")), "{text}");
            assert!(text.ends_with("[stack]\n"), "{text}");
        });
    }

    /// What is told of a process that has ended is an error, and its folder is empty.
    fn ended_processes_are_gone() {
        let pid = with_sleeper(|pid| pid);
        for item in [Item::Stat, Item::Maps, Item::Arguments] {
            assert_eq!(item.text(pid), Err(FileError::NoProcess), "{item:?}");
            assert_eq!(Entry::Process(pid).find(item.name().as_bytes()), None, "{item:?}");
        }
        let listed = Entry::Process(pid).listed(2).map(|listed| listed.is_some());
        assert_eq!(listed, Err(FileError::NotFound));
        let open = list(Entry::Of(pid, Item::Descriptors)).len();
        assert_eq!(open, 0);
        assert_eq!(find(&path("/proc/PID", pid)), Err(FileError::NotFound));
        let target = Entry::Of(pid, Item::Program).target().map(|_| ());
        assert_eq!(target, Err(FileError::NotFound));
    }

    /// Whichever allocation fails while something is told: it is an error, and nothing is lost.
    fn any_text_may_fail() {
        with_sleeper(|pid| {
            let entries = [
                Entry::Of(pid, Item::Maps), Entry::Of(pid, Item::Stat),
                Entry::Of(pid, Item::Arguments), Entry::System(Subject::Memory),
            ];
            for entry in entries {
                let mut count = 0;
                loop {
                    let before = (frames::statistics(), heap::statistics().used);
                    let (result, has_failed) = faults::fail_at(count, || entry.text().map(drop));
                    assert_eq!((frames::statistics(), heap::statistics().used), before);
                    assert_eq!(result.is_err(), has_failed, "{entry:?} at {count}");
                    if result.is_ok() {
                        break;
                    }
                    assert_eq!(result, Err(FileError::NoMemory), "{entry:?} at {count}");
                    count += 1;
                }
                assert!(count > 0, "{entry:?}: nothing was asked for");
            }
        });
    }

    /// Nothing below `/proc` can be made, removed or written.
    fn proc_cannot_be_changed() {
        use linux_raw_sys::general::{O_CREAT, O_RDONLY, O_WRONLY};
        let root = crate::file::Held::root();
        let open = |path: &[u8], flags| open::open(&root, path, flags, 0o666).map(drop);
        assert_eq!(open(b"/proc/new", O_CREAT | O_WRONLY), Err(FileError::NotFound));
        assert_eq!(open(b"/proc/meminfo", O_WRONLY), Err(FileError::Denied));
        assert_eq!(open(b"/proc", O_WRONLY), Err(FileError::IsAFolder));
        assert_eq!(open(b"/proc/meminfo", O_RDONLY), Ok(()));
    }
}
