//! Runs the tests inside a kernel, and judges them by what arrives on the channel for verdicts.
//!
//! Tests that return share a boot. One that fails takes the kernel with it; then the machine starts
//! again behind it. A test that must die gets a boot of its own. Each boot has a new nonce, counts
//! time in instructions, and starts with dirt in the memory that the kernel's bss will lie in.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

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
        Ok(Self { arch, machine, workspace, kernel, set, seed: None, count, dirt })
    }

    /// The same, with cases made from `seed`.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// Runs all tests whose name contains `only`.
    pub fn run(&self, only: &str) -> Result<Vec<Tested>> {
        if only.is_empty() {
            return self.run_those(|_| true);
        }
        let list = match self.list("ktest.from=999999")? {
            Ok(boot) => boot,
            Err(results) => return Ok(results),
        };
        let mut results = Vec::new();
        for (index, (name, must_die)) in list.tests.iter().filter(|it| it.1.0.contains(only)) {
            let boot = self.boot_only(*index)?;
            results.push(match must_die {
                None => judge_return(name, *index, &boot),
                Some(how) => judge_death(name, *index, how, &boot),
            });
        }
        Ok(results)
    }

    /// Runs all tests whose name `is_wanted`, in as few boots as can be.
    pub fn run_those(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Tested>> {
        let first = match self.list("ktest.from=0")? {
            Ok(boot) => boot,
            Err(results) => return Ok(results),
        };
        let mut results = Vec::new();
        if first.tests.len() as u64 != self.count {
            let why = format!("{} of {} tests are listed", first.tests.len(), self.count);
            results.push(Tested::failed("all tests are run", why));
        }
        results.extend(self.run_together(&first)?.into_iter().filter(|test| is_wanted(&test.name)));
        for (index, (name, must_die)) in first.tests.iter().filter(|it| is_wanted(&it.1.0)) {
            if let Some(how) = must_die {
                results.push(judge_death(name, *index, how, &self.boot_only(*index)?));
            }
        }
        Ok(results)
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

    /// Runs the tests that return, in as few boots as can be; `first` is the boot that began with
    /// the first of them.
    fn run_together(&self, first: &Boot) -> Result<Vec<Tested>> {
        let mut results = Vec::new();
        let mut later: Option<Boot> = None;
        let (mut from, mut hangs) = (0, 0);
        loop {
            let boot = later.as_ref().unwrap_or(first);
            let mut tests = boot.tests.range(from..).filter(|(_, (_, how))| how.is_none());
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
                results.extend(boot.not_begun(from));
                return Ok(results);
            }
            later = Some(self.boot(&format!("ktest.from={from}"))?);
        }
    }

    fn boot_only(&self, index: usize) -> Result<Boot> {
        self.boot(&format!("ktest.only={index}"))
    }

    /// Starts the kernel with `words` in its boot arguments, and follows it to its end.
    fn boot(&self, words: &str) -> Result<Boot> {
        let nonce = format!("{:016x}", RandomState::new().hash_one(words));
        let mut launch = Launch::new(self.arch, self.machine, &self.kernel.image, Console::Heard);
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
