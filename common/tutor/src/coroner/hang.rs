//! A kernel that did not end: where it loops, or sleeps, or switched the machine off.
//!
//! A loop shows itself in samples. The functions that all of them have in common, from the entry
//! down, lead to the one in which the loop is; below it the samples differ.

use std::time::Duration;

use super::fault;
use super::image::Spot;
use super::machine::Registers;
use super::report::Report;
use super::scene::Scene;

/// How many samples are taken, and the time between two.
const SAMPLES: usize = 20;
const PAUSE: Duration = Duration::from_millis(5);

/// A look at the running machine.
struct Sample {
    /// Where it waits, the pc is that of the instruction that waits: it may have moved on already.
    registers: Registers,
    is_waiting: bool,
    returns: Vec<u64>,
}

/// The report on a machine that was still running after `limit`, such as `30 s`.
pub(super) fn limit(scene: &mut Scene, limit: &str) -> Report {
    let samples = take_samples(scene, SAMPLES);
    let Some(last) = samples.last() else {
        return Report::new(format!("it did not end within {limit}"))
            .look_at("nothing more is known: QEMU does not answer");
    };
    let in_program = samples.iter().filter(|sample| sample.registers.is_user).count();
    if in_program > 0 {
        return program(&samples, in_program, limit);
    }
    if samples.iter().all(|sample| !scene.image.is_code(sample.registers.pc)) {
        return fault::examine(scene);
    }
    // A tick may come at any look: who waits for something else takes it and waits again.
    if let Some(sample) = samples.iter().rev().find(|sample| sample.is_waiting) {
        return waiting(scene, sample, &format!("it still waits for an interrupt after {limit}"));
    }
    let registers = last.registers.clone();
    let common = common_function(scene, &samples);
    let name = common.as_ref().map_or("unknown code", |spot| spot.name());
    let headline = format!("it did not end within {limit}: it runs in {}", told(&common));
    let report = scene.place(Report::new(headline), registers.pc);
    let report = report.saw(format!("no exception that stopped it; {}", masked(&registers)));
    let report = summary(scene, &samples).into_iter().fold(report, Report::saw);
    scene
        .way(report, &last.returns)
        .look_at(format!("the loop in `{name}`: what is to end it, and can that still happen?"))
}

/// The report on a machine that sleeps and cannot be woken.
pub(super) fn asleep(scene: &mut Scene) -> Report {
    match take_samples(scene, 1).last() {
        Some(last) => waiting(scene, last, "it sleeps for ever"),
        None => {
            Report::new("it sleeps for ever").look_at("nothing more is known: QEMU does not answer")
        }
    }
}

/// The report on a kernel that did what it should, and gave the processor to a program: in
/// `in_program` of `samples` it had it.
fn program(samples: &[Sample], in_program: usize, limit: &str) -> Report {
    let places = samples.iter().filter(|sample| sample.registers.is_user);
    let places = places.map(|sample| sample.registers.pc);
    let (least, most) =
        places.fold((u64::MAX, 0), |(least, most), pc| (least.min(pc), most.max(pc)));
    let place =
        if least == most { format!("{least:#x}") } else { format!("{least:#x}..{most:#x}") };
    let count = samples.len();
    Report::new(format!("it did not end within {limit}: a program runs, and not the kernel"))
        .happened_at(format!("{place}: the program's code"))
        .saw(format!("of {count} looks at it, {in_program} times the program"))
        .look_at("the program: does it end on Linux? strace=1 shows which calls it made last")
}

fn waiting(scene: &mut Scene, sample: &Sample, headline: &str) -> Report {
    let Sample { registers, returns, .. } = sample;
    let spot = scene.own_spot(registers.pc, returns);
    let report = Report::new(format!("{headline}, in {}", told(&spot)));
    let report = scene
        .place(report, registers.pc)
        .saw(format!("an instruction to wait for an interrupt; {}", masked(registers)));
    let advice = if registers.is_masked {
        "what should have run instead; or who was to switch interrupts on"
    } else {
        "which device was to interrupt, and whether it is switched on"
    };
    scene.way(report, returns).look_at(advice)
}

/// The report on a machine that was switched off without a status.
pub(super) fn powered_off(scene: &mut Scene) -> Report {
    let Some(registers) = scene.machine.registers() else {
        return Report::new("the machine was switched off without a status");
    };
    let returns = scene.returns(registers.pc, Some(&registers));
    let spot = scene.own_spot(registers.pc, &returns);
    let headline = format!("the machine was switched off without a status, in {}", told(&spot));
    let report = scene.place(Report::new(headline), registers.pc);
    scene.way(report, &returns).look_at(
        "`power_off` gives the host a status only once it knows that the boot arguments have \
         exit=host",
    )
}

/// Looks at the machine several times; leaves it stopped.
fn take_samples(scene: &mut Scene, count: usize) -> Vec<Sample> {
    let mut samples = Vec::new();
    for index in 0..count {
        if index > 0 {
            scene.machine.go_on();
            std::thread::sleep(PAUSE);
        }
        scene.machine.stop();
        let Some(mut registers) = scene.machine.registers() else { break };
        let waiting_at = scene.machine.waiting_at(&registers);
        registers.pc = waiting_at.unwrap_or(registers.pc);
        let returns = scene.returns(registers.pc, Some(&registers));
        samples.push(Sample { registers, is_waiting: waiting_at.is_some(), returns });
    }
    samples
}

/// The innermost of our functions that every sample was in, at the line of the last sample.
fn common_function(scene: &Scene, samples: &[Sample]) -> Option<Spot> {
    let mut stacks = samples.iter().rev().map(|sample| stack(scene, sample));
    let mut common = stacks.next()?;
    for stack in stacks {
        let is_same = |(a, b): &(&Spot, &Spot)| a.function == b.function;
        let length = common.iter().zip(&stack).take_while(is_same).count();
        common.truncate(length);
    }
    common.pop()
}

/// Our functions that a sample was in, the outermost first.
fn stack(scene: &Scene, sample: &Sample) -> Vec<Spot> {
    let calls = sample.returns.iter().map(|address| address.wrapping_sub(1));
    let mut spots: Vec<Spot> = std::iter::once(sample.registers.pc)
        .chain(calls)
        .flat_map(|address| scene.image.spots(address))
        .filter(|spot| spot.is_ours)
        .collect();
    spots.reverse();
    spots
}

/// Where the samples were, if that is more than one function.
fn summary(scene: &Scene, samples: &[Sample]) -> Option<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for sample in samples {
        let spot = scene.own_spot(sample.registers.pc, &sample.returns);
        let name = spot.map_or("unknown code".to_string(), |spot| format!("`{}`", spot.name()));
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let told = counts.iter().take(3).map(|(name, count)| format!("{count} times in {name}"));
    let told: Vec<String> = told.collect();
    (counts.len() > 1).then(|| format!("of {} looks at it, {}", samples.len(), told.join(", ")))
}

fn masked(registers: &Registers) -> &'static str {
    if registers.is_masked { "interrupts are masked" } else { "interrupts are not masked" }
}

fn told(spot: &Option<Spot>) -> String {
    spot.as_ref().map_or("code that is unknown".to_string(), Spot::to_string)
}
