//! Runs the tests inside a kernel, and judges them by what arrives on the channel for verdicts.
//!
//! Tests that return share a boot. One that fails takes the kernel with it; then the machine starts
//! again behind it. A test that must die gets a boot of its own. Each boot has a new nonce, counts
//! time in instructions, and starts with dirt in the memory that the kernel's bss will lie in.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use build_support::Machine;

use super::boot::{Boot, judge_death, judge_return};
use super::outcome::Tested;
use crate::coroner::Ending;
use crate::failure::Result;
use crate::kernel::{self, Kernel};
use crate::observe::observe;
use crate::packing;
use crate::qemu::{Console, Launch};
use crate::workspace::Workspace;

/// What the memory below bss is filled with.
const DIRT: u8 = 0xa5;

/// Bytes of a `ktest::Test` in a kernel.
const TEST_SIZE: u64 = 40;

/// A kernel with tests in it, ready to be started.
pub struct Suite<'a> {
    arch: &'a str,
    machine: &'a Machine,
    workspace: &'a Workspace,
    kernel: Kernel,
    set: fn(&mut Launch),
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
        Ok(Self { arch, machine, workspace, kernel, set, count, dirt })
    }

    /// Runs all tests whose name contains `only`.
    pub fn run(&self, only: &str) -> Result<Vec<Tested>> {
        let first =
            self.boot(if only.is_empty() { "ktest.from=0" } else { "ktest.from=999999" })?;
        if first.tests.is_empty() {
            let why = format!("the kernel did not reach its tests\n{}", first.account);
            return Ok(vec![Tested::failed("start", why)]);
        }
        let mut results = Vec::new();
        if first.tests.len() as u64 != self.count {
            let why = format!("{} of {} tests are listed", first.tests.len(), self.count);
            results.push(Tested::failed("all tests are run", why));
        }
        let wanted: Vec<_> =
            first.tests.iter().filter(|(_, (name, _))| name.contains(only)).collect();
        if only.is_empty() {
            results.extend(self.run_together(&first)?);
        } else {
            for (index, (name, _)) in wanted.iter().filter(|(_, (_, must_die))| must_die.is_none())
            {
                results.push(judge_return(name, **index, &self.boot_only(**index)?));
            }
        }
        for (index, (name, must_die)) in wanted {
            if let Some(how) = must_die {
                results.push(judge_death(name, *index, how, &self.boot_only(*index)?));
            }
        }
        Ok(results)
    }

    /// Runs the tests that return, in as few boots as can be; `first` is the boot that began with
    /// the first of them.
    fn run_together(&self, first: &Boot) -> Result<Vec<Tested>> {
        let mut results = Vec::new();
        let mut later: Option<Boot> = None;
        let mut from = 0;
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
        launch.arguments = format!("ktest.nonce={nonce} {words}").into();
        (self.set)(&mut launch);
        launch.dirt = self.dirt.clone();
        let observed = observe(launch, &self.kernel, self.workspace)?;
        let status = match observed.ending {
            Ending::Status(status) => format!("\nthe run ended with status {status}\n"),
            _ => String::new(),
        };
        let mut boot = Boot::new(observed.ending, observed.account() + &status);
        let verdicts = observed.verdicts.iter().filter_map(|line| line.strip_prefix(&nonce));
        verdicts.for_each(|line| boot.hear(line));
        Ok(boot)
    }
}
