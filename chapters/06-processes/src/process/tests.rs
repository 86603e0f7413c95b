//! Tests of processes, by programs that came with the kernel.

use alloc::format;

use super::load::Entry;
use super::space::AddressSpace;
use super::{Exit, LoadError, Name, Pid, Process, State, elf, file};
use crate::interrupts::Masked;
use crate::memory::address::{FRAME_SIZE, VirtAddr};
use crate::memory::bitmap::Statistics;
use crate::memory::paging::Access;
use crate::memory::stack::Stack;
use crate::memory::{faults, frames, heap};
use crate::timer;

include!(concat!(env!("OUT_DIR"), "/programs.rs"));

/// Runs the program at `path` with `arguments` behind its name.
fn run(path: &str, arguments: &[&[u8]]) -> Exit {
    let mut words: [&[u8]; 4] = [path.as_bytes(), &[], &[], &[]];
    words[1..=arguments.len()].copy_from_slice(arguments);
    let process = Process::new(path, &words[..=arguments.len()], &[]);
    process.unwrap_or_else(|error| panic!("{path}: {error}")).run()
}

/// Runs `code` as a program of two pages, one for it and one for a stack.
#[allow(dead_code, reason = "one machine tries what it has no program for")]
pub fn run_code(code: &[u8]) -> Exit {
    const CODE: VirtAddr = VirtAddr(0x40_0000);
    const STACK: VirtAddr = VirtAddr(0x50_0000);
    let mut space = AddressSpace::new().expect("boot leaves free frames");
    for (page, access) in [(CODE, Access::EXECUTE), (STACK, Access::WRITE)] {
        space.map(page..page + FRAME_SIZE, access).expect("boot leaves free frames");
    }
    space.write(CODE, code).expect("it is shorter than a page");
    let stack = Stack::new().expect("boot leaves free frames");
    let entry = Entry { place: CODE, stack: STACK + FRAME_SIZE };
    let (name, state) = (Name::new("code"), State::Ready);
    Process { pid: Pid(0), parent: Pid(0), name, state, space, stack, entry }.run()
}

/// Runs the program `name` in each way that `programs.toml` has, and expects it to end as there.
fn expect_ends(name: &str) {
    let mut runs = RUNS.iter().filter(|(words, _)| words[0] == name).peekable();
    assert!(runs.peek().is_some(), "nobody knows how {name} ends");
    for (words, end) in runs {
        let mut arguments: [&[u8]; 3] = [&[]; 3];
        arguments.iter_mut().zip(&words[1..]).for_each(|(to, word)| *to = word.as_bytes());
        let found = match run(&format!("bin/{name}"), &arguments[..words.len() - 1]) {
            Exit::Exited(status) => Ok(status.into()),
            Exit::Killed(signal) => Err(signal as i32),
        };
        assert_eq!(found, *end, "{words:?}");
    }
}

/// What there is of frames and of the heap. It is asked for after a first program has run, since
/// the heap and the stacks keep some of what they had.
fn left() -> (Statistics, usize) {
    (frames::statistics(), heap::statistics().used)
}

ktest::test! {
    /// A program runs to its end, and its status is what it says.
    fn status_is_the_programs() {
        expect_ends("status");
    }

    /// Programs find their data, their arguments and what Linux tells a program at its start.
    fn programs_find_what_they_need() {
        ["hello", "primes", "auxv", "pie"].into_iter().for_each(expect_ends);
    }

    /// Each way to misbehave ends in the death of the program, alone, as Linux has it; and all that
    /// it had is given back.
    fn misbehaving_programs_die_alone() {
        run("bin/hello", &[]);
        let before = left();
        expect_ends("crash");
        assert_eq!(run("bin/status", &[b"7"]), Exit::Exited(7));
        assert_eq!(left(), before);
    }

    /// Wild pointers and unknown calls are errors, and hurt neither the program nor the kernel.
    fn wild_pointers_are_errors() {
        expect_ends("wild");
    }

    /// Floating-point and vector registers are the program's: zero at first, whatever the one
    /// before left there, and kept through traps.
    fn float_registers_belong_to_the_program() {
        assert_eq!(run("bin/float", &[]), Exit::Exited(0));
        assert_eq!(run("bin/float", &[]), Exit::Exited(0));
    }

    /// Time passes while a program computes: it is interrupted, and does not notice.
    fn programs_are_interrupted() {
        let before = timer::ticks();
        assert_eq!(run("bin/float", &[]), Exit::Exited(0));
        assert!(timer::ticks() > before + 5, "{} ticks", timer::ticks() - before);
    }

    /// What is no program is not run, and it is said why.
    fn what_is_no_program_is_refused() {
        let error = Process::new("bin/missing", &[], &[]).map(|_| ());
        assert_eq!(error, Err(LoadError::NotFound));
        let error = Process::new("etc/motd", &[], &[]).map(|_| ());
        assert!(matches!(error, Err(LoadError::Elf(_))), "{error:?}");
        assert!(elf::read(file("etc/motd").expect("it came with the kernel"), 0).is_err());
    }

    /// Arguments that have no room are refused, and nothing is lost.
    fn too_many_arguments_are_refused() {
        run("bin/hello", &[]);
        let before = left();
        let long = [b'x'; 1000];
        let error = Process::new("bin/hello", &[&long as &[u8]; 40], &[]).map(|_| ());
        assert!(matches!(error, Err(LoadError::Arguments(_))), "{error:?}");
        assert_eq!(left(), before);
    }

    /// A thousand processes come and go, and leave nothing behind. (Thirty, where the code is
    /// not optimised: they take half as long.)
    fn a_thousand_processes_leave_nothing() {
        let count = if cfg!(debug_assertions) { 30 } else { 1000 };
        run("bin/status", &[b"3"]);
        let before = left();
        for _ in 0..count {
            assert_eq!(run("bin/status", &[b"3"]), Exit::Exited(3));
        }
        assert_eq!(left(), before);
    }

    /// Whichever allocation fails while a process is made: it is an error, and nothing is lost.
    fn any_allocation_may_fail() {
        run("bin/status", &[b"3"]);
        let before = left();
        let mut count = 0;
        loop {
            let (result, has_failed) = faults::fail_at(count, || {
                Process::new("bin/status", &[b"bin/status", b"4"], &[])
            });
            if !has_failed {
                assert_eq!(result.expect("nothing failed").run(), Exit::Exited(4));
                break;
            }
            let error = result.map(|_| ());
            assert!(matches!(error, Err(LoadError::Memory(_))), "at {count}: {error:?}");
            assert_eq!(left(), before, "at {count}");
            count += 1;
        }
        assert!(count > 40, "only {count} allocations");
        assert_eq!(left(), before);
    }

    /// Who may not be interrupted may not run a program, either.
    #[must_die("no program may run while interrupts are masked")]
    fn programs_need_interrupts() {
        let process = Process::new("bin/hello", &[b"bin/hello"], &[]).expect("it is there");
        let _masked = Masked::new();
        process.run();
    }
}
