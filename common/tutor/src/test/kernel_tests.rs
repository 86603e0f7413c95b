//! Runs the tests inside a kernel, and judges them by what arrives on the channel for verdicts.
//!
//! Tests that return share a boot. One that fails takes the kernel with it; then the machine starts
//! again behind it. A test that must die gets a boot of its own; as many of those run at once as
//! this computer has processors. Each boot has a new nonce, counts time in instructions, and starts
//! with dirt in the memory that the kernel's bss will lie in.
//!
//! Not every way to run the tests boots those that must die. A death is the same with any amount of
//! memory, at whichever level the kernel was entered, and with either interrupt controller; another
//! compiler's output is another kernel. So the machine as it is and the optimised kernel boot them,
//! and the other ways run the tests that return, which look at what differs there.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use build_support::Machine;

use super::boot::{Boot, judge_death, judge_return};
use super::outcome::{Run, Tested};
use crate::coroner::Ending;
use crate::failure::Result;
use crate::kernel::{self, Kernel};
use crate::observe::{Observed, observe};
use crate::packing;
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;

/// What the memory below bss is filled with.
const DIRT: u8 = 0xa5;

/// Bytes of a `ktest::Test` in a kernel.
const TEST_SIZE: u64 = 40;

/// The boot arguments for none of the tests that return.
const NONE: &str = "ktest.from=999999";

/// After so many boots that never came to an end, the tests that are left are not begun.
const PATIENCE: usize = 2;

/// The name of the test that a kernel which does not reach its tests fails.
pub const START: &str = "start";

/// A kernel with tests in it, ready to be started.
pub struct Suite<'a> {
    arch: &'a str,
    machine: &'a Machine,
    workspace: &'a Workspace,
    kernel: Kernel,
    set: fn(&mut Launch),
    /// What the tests' made-up cases come from, if not from where they usually do.
    seed: Option<u64>,
    /// How many tests the kernel's file has.
    count: u64,
    dirt: Option<(u64, PathBuf)>,
    /// How many machines run at once.
    at_once: usize,
    /// Whether the tests that must die are booted.
    has_deaths: bool,
}

/// A test that is booted alone.
struct Alone<'a> {
    index: usize,
    name: &'a str,
    /// How it must die, if it must.
    must_die: Option<&'a str>,
}

impl<'a> Suite<'a> {
    /// Prepares `kernel`, built with its tests, for the machine that `set` makes.
    pub fn new(
        workspace: &'a Workspace,
        arch: &'a str,
        machine: &'a Machine,
        kernel: &Kernel,
        set: fn(&mut Launch),
    ) -> Result<Self> {
        let elf = kernel::read(&kernel.elf)?;
        let not_a_kernel = |why| kernel::not_a_kernel(&kernel.elf, why);
        let bss = packing::bss(&elf).map_err(not_a_kernel)?;
        let bytes = packing::distance(&elf, "__ktest_start", "__ktest_end").unwrap_or(0);
        let count = bytes / TEST_SIZE;
        let mut kernel = kernel.clone();
        if kernel.image == kernel.elf {
            kernel.image = kernel.elf.with_extension("without-bss");
            kernel::write(&kernel.image, &packing::without_bss(&elf).map_err(not_a_kernel)?)?;
        }
        let file = kernel.elf.with_extension("dirt");
        kernel::write(&file, &vec![DIRT; (bss.end - bss.start) as usize])?;
        let dirt = (!bss.is_empty()).then_some((bss.start, file));
        let at_once = thread::available_parallelism().map_or(1, usize::from);
        let (seed, has_deaths) = (None, true);
        Ok(Self { arch, machine, workspace, kernel, set, seed, count, dirt, at_once, has_deaths })
    }

    /// The same, one machine after the other: for who runs several suites at once.
    pub fn in_turn(self) -> Self {
        Self { at_once: 1, ..self }
    }

    /// The same, without the tests that must die.
    pub fn without_deaths(self) -> Self {
        Self { has_deaths: false, ..self }
    }

    /// The same, with cases made from `seed`.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Runs all tests whose name contains `only`.
    pub fn run(&self, only: &str) -> Result<Vec<Tested>> {
        if only.is_empty() {
            return match self.list("ktest.from=0")? {
                Ok(first) => self.run_listed(&first, Some(&first), "", |_| true),
                Err(results) => Ok(results),
            };
        }
        let list = match self.list(NONE)? {
            Ok(boot) => boot,
            Err(results) => return Ok(results),
        };
        let wanted = self.alone(&list, |name| name.contains(only));
        self.run_alone(&wanted.collect::<Vec<_>>())
    }

    /// Runs all tests whose name `is_wanted`, in as few boots as can be. The others are not even
    /// begun: some of a later chapter take seconds.
    pub fn run_those(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Tested>> {
        let list = match self.list(NONE)? {
            Ok(boot) => boot,
            Err(results) => return Ok(results),
        };
        let these = self.alone(&list, &is_wanted).filter(|test| test.must_die.is_none());
        let these: Vec<String> = these.map(|test| test.index.to_string()).collect();
        let words = format!(" ktest.these={}", these.join(","));
        let first = match these.is_empty() {
            true => None,
            false => Some(self.boot(&format!("ktest.from=0{words}"))?),
        };
        self.run_listed(&list, first.as_ref(), &words, is_wanted)
    }

    /// Runs those tests of `list` whose name `is_wanted`; `first` is the boot that began with the
    /// first of those that return, and `words` is what it was told beside that.
    fn run_listed(
        &self,
        list: &Boot,
        first: Option<&Boot>,
        words: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Tested>> {
        let mut results = Vec::new();
        if list.tests.len() as u64 != self.count {
            let why = format!("{} of {} tests are listed", list.tests.len(), self.count);
            results.push(Tested::failed("all tests are run", why));
        }
        if let Some(first) = first {
            results.extend(self.run_together(first, words, &is_wanted)?);
        }
        let deaths = self.alone(list, is_wanted).filter(|test| test.must_die.is_some());
        results.extend(self.run_alone(&deaths.collect::<Vec<_>>())?);
        Ok(results)
    }

    /// The tests of `list` whose name `is_wanted`, as far as this suite has them.
    fn alone<'b>(
        &self,
        list: &'b Boot,
        is_wanted: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = Alone<'b>> {
        let tests = list.tests.iter().map(|(index, (name, must_die))| {
            let must_die = must_die.as_deref();
            Alone { index: *index, name, must_die }
        });
        let has_deaths = self.has_deaths;
        tests.filter(move |test| is_wanted(test.name) && (has_deaths || test.must_die.is_none()))
    }

    /// Boots each of `tests` alone, several at once.
    fn run_alone(&self, tests: &[Alone]) -> Result<Vec<Tested>> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<Vec<(usize, Tested)>> {
            let mut results = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(test) = tests.get(place) else { return Ok(results) };
                // After a failure of our own, or Ctrl-C, the others begin no more either.
                let tested = self.run_one(test);
                let tested = tested.inspect_err(|_| next.store(tests.len(), Ordering::Relaxed))?;
                results.push((place, tested));
            }
        };
        let mut results = thread::scope(|scope| {
            let count = self.at_once.min(tests.len());
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
            let ended = threads.into_iter().map(|thread| thread.join().expect("it does not panic"));
            ended.collect::<Result<Vec<_>>>()
        })?
        .concat();
        results.sort_by_key(|(place, _)| *place);
        Ok(results.into_iter().map(|(_, tested)| tested).collect())
    }

    fn run_one(&self, test: &Alone) -> Result<Tested> {
        let boot = self.boot(&format!("ktest.only={}", test.index))?;
        Ok(match test.must_die {
            None => judge_return(test.name, test.index, &boot),
            Some(how) => judge_death(test.name, test.index, how, &boot),
        })
    }

    /// A boot with `words` that got as far as to list the tests; else what is wrong.
    fn list(&self, words: &str) -> Result<std::result::Result<Boot, Vec<Tested>>> {
        let boot = self.boot(words)?;
        if !boot.tests.is_empty() {
            return Ok(Ok(boot));
        }
        let why = format!("the kernel did not reach its tests\n{}", boot.account);
        Ok(Err(vec![Tested::failed(START, why).in_a_run(&boot.run)]))
    }

    /// Runs the tests that return and are wanted, in as few boots as can be; `first` is the boot
    /// that began with the first of them.
    fn run_together(
        &self,
        first: &Boot,
        words: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Tested>> {
        let mut results = Vec::new();
        let mut later: Option<Boot> = None;
        let (mut from, mut hangs) = (0, 0);
        loop {
            let boot = later.as_ref().unwrap_or(first);
            let tests = boot.tests.range(from..).filter(|(_, (_, how))| how.is_none());
            let mut tests = tests.filter(|(_, (name, _))| is_wanted(name));
            let next = tests.find_map(|(index, (name, _))| {
                let result = judge_return(name, *index, boot);
                let is_over = !result.has_passed();
                results.push(result);
                is_over.then_some(index + 1)
            });
            let Some(next) = next else { return Ok(results) };
            from = next;
            hangs += usize::from(boot.has_hung());
            if hangs >= PATIENCE {
                let others = boot.not_begun(from).into_iter();
                results.extend(others.filter(|test| is_wanted(&test.name)));
                return Ok(results);
            }
            later = Some(self.boot(&format!("ktest.from={from}{words}"))?);
        }
    }

    /// Starts the kernel with `words` in its boot arguments, and follows it to its end.
    fn boot(&self, words: &str) -> Result<Boot> {
        let nonce = format!("{:016x}", RandomState::new().hash_one(words));
        let mut launch = Launch::new(self.arch, self.machine, &self.kernel, Console::Heard);
        let seed = self.seed.map_or(String::new(), |seed| format!(" ktest.seed={seed}"));
        launch.arguments = format!("ktest.nonce={nonce} {words}{seed}").into();
        launch.nonce = Some(nonce.clone());
        launch.seed = self.seed.unwrap_or(launch.seed);
        (self.set)(&mut launch);
        launch.dirt = self.dirt.clone();
        let observed = observe(launch, &self.kernel, self.workspace)?;
        let status = match observed.ending {
            Ending::Status(status) => format!("\nthe run ended with status {status}\n"),
            _ => String::new(),
        };
        let account = observed.account() + &status;
        let Observed { console, ending, report, .. } = &observed;
        let run = Run { ending: *ending, console: console.clone(), report: report.clone() };
        let mut boot = Boot::new(run, account);
        let verdicts = observed.verdicts.iter().filter_map(|line| line.strip_prefix(&nonce));
        verdicts.for_each(|line| boot.hear(line));
        Ok(boot)
    }
}
