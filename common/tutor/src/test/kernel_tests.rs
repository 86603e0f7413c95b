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
//! and the other ways run the tests that return, which look at what differs there; and of the later
//! chapters only the last kernel is tried in these, since it has all tests of those before it.
//!
//! Which tests there are is read from the kernel's file, so that no boot is needed to ask.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use build_support::Machine;

use super::boot::{Boot, judge_death, judge_return};
use super::listed::{self, Listed};
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
    /// The tests that the kernel's file has.
    listed: Vec<Listed>,
    dirt: Option<(u64, PathBuf)>,
    /// How many machines run at once.
    at_once: usize,
    /// Whether the tests that must die are booted.
    has_deaths: bool,
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
        let listed = listed::tests(&elf).map_err(not_a_kernel)?;
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
        Ok(Self { arch, machine, workspace, kernel, set, seed, listed, dirt, at_once, has_deaths })
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
            return self.run_those(|_, _| true);
        }
        let wanted = self.listed.iter().filter(|test| test.name.contains(only));
        self.run_alone(&wanted.filter(|test| self.takes(test)).collect::<Vec<_>>())
    }

    /// Runs all tests whose name `is_wanted`, in as few boots as can be. The others are not even
    /// begun: some of a later chapter take seconds. It is asked again after each failure, with what
    /// has come of the tests so far, since that may settle what others were to show.
    pub fn run_those(&self, is_wanted: impl Fn(&str, &[Tested]) -> bool) -> Result<Vec<Tested>> {
        let mut results = self.run_together(&is_wanted)?;
        if results.iter().any(|test| test.name == START) {
            return Ok(results);
        }
        let deaths = self.listed.iter().filter(|test| test.must_die.is_some() && self.takes(test));
        let deaths: Vec<_> = deaths.filter(|test| is_wanted(&test.name, &results)).collect();
        results.extend(self.run_alone(&deaths)?);
        Ok(results)
    }

    /// Whether `test` is of those that this suite runs.
    fn takes(&self, test: &Listed) -> bool {
        self.has_deaths || test.must_die.is_none()
    }

    /// Boots each of `tests` alone, several at once.
    fn run_alone(&self, tests: &[&Listed]) -> Result<Vec<Tested>> {
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

    fn run_one(&self, test: &Listed) -> Result<Tested> {
        let boot = self.boot(&format!("ktest.only={}", test.index))?;
        Ok(match &test.must_die {
            None => judge_return(&test.name, test.index, &boot),
            Some(how) => judge_death(&test.name, test.index, how, &boot),
        })
    }

    /// Runs the tests that return and are wanted, in as few boots as can be.
    fn run_together(&self, is_wanted: &dyn Fn(&str, &[Tested]) -> bool) -> Result<Vec<Tested>> {
        let mut results = Vec::new();
        let (mut from, mut hangs) = (0, 0);
        loop {
            let left = self.returning(from).filter(|test| is_wanted(&test.name, &results));
            let left: Vec<&Listed> = left.collect();
            if left.is_empty() {
                return Ok(results);
            }
            let boot = self.boot(&self.words_for(from, &left))?;
            if let Some(wrong) = self.misheard(&boot).filter(|_| from == 0) {
                return Ok(vec![wrong]);
            }
            hangs += usize::from(boot.has_hung());
            let end = left.iter().position(|test| {
                results.push(judge_return(&test.name, test.index, &boot));
                !results[results.len() - 1].has_passed()
            });
            let Some(end) = end else { return Ok(results) };
            if hangs >= PATIENCE {
                results.extend(boot.not_begun(&left[end + 1..]));
                return Ok(results);
            }
            from = left[end].index + 1;
        }
    }

    /// The tests that return, from index `from` on.
    fn returning(&self, from: usize) -> impl Iterator<Item = &Listed> {
        self.listed.iter().skip(from).filter(|test| test.must_die.is_none())
    }

    /// The boot arguments for `these` of the tests that return, from index `from` on.
    fn words_for(&self, from: usize, these: &[&Listed]) -> String {
        if these.len() == self.returning(from).count() {
            return format!("ktest.from={from}");
        }
        let these: Vec<String> = these.iter().map(|test| test.index.to_string()).collect();
        format!("ktest.from={from} ktest.these={}", these.join(","))
    }

    /// What is wrong with `boot`, if the kernel did not tell its tests there, or told of others
    /// than its file has.
    fn misheard(&self, boot: &Boot) -> Option<Tested> {
        let why = match boot.tests.is_empty() {
            true => "the kernel did not reach its tests",
            false if boot.tests == self.listed => return None,
            false => "the kernel does not have the tests that its file has",
        };
        Some(Tested::failed(START, format!("{why}\n{}", boot.account)).in_a_run(&boot.run))
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
