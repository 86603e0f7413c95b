//! Where the image lies in memory: not always where it was linked to lie.
//!
//! A loader follows its own rules, and `load_address` in `build-config.toml` must agree with them.
//! If it does not, the kernel's code may well run, since much of it does not care where it lies;
//! but all its addresses are wrong, and none that the processor shows is one of the file's. So the
//! code around the processor is looked for in the file. What is found there, at a distance of whole
//! pages, tells where the image begins; that it begins with the file's first bytes is the proof.

use super::image::Extent;
use super::machine::Place;
use super::report::Report;
use super::scene::Scene;

/// Images lie at multiples of this.
const PAGE: u64 = 4096;

/// So much code is looked for, and so many bytes at the start are the proof.
const CODE_BYTES: usize = 16;
const PROOF_BYTES: usize = 64;

/// The report on an image that lies at a wrong place, or where no memory is; `None` if it lies
/// right, as far as can be seen from a processor that executed something at `executed`. (Code that
/// it was not allowed to fetch may be another view of the image, and proves nothing.)
pub(super) fn examine(scene: &mut Scene, executed: Option<u64>) -> Option<Report> {
    let extent = scene.image.extent()?;
    let outside = executed.filter(|pc| !scene.image.is_code(*pc));
    match outside.and_then(|pc| Some((find(scene, &extent, pc)?, pc))) {
        Some((at, _)) if at == extent.physical.start => None,
        Some((at, pc)) => Some(elsewhere(scene, &extent, at, pc)),
        None => missing(scene, &extent).map(|gap| beyond_memory(scene, &extent, gap)),
    }
}

/// An address of the image at which there is no memory.
fn missing(scene: &mut Scene, extent: &Extent) -> Option<u64> {
    let ends = [extent.physical.start, extent.physical.end.wrapping_sub(1)];
    ends.into_iter().find(|address| scene.machine.physical_place(*address) == Place::Nothing)
}

/// Where the image begins in memory, if the code at `pc` is the kernel's.
fn find(scene: &mut Scene, extent: &Extent, pc: u64) -> Option<u64> {
    /// Code of which there is more than this tells nothing.
    const CANDIDATES: usize = 8;
    let code = scene.machine.bytes(pc, CODE_BYTES)?;
    let proof = scene.image.bytes(extent.linked, PROOF_BYTES)?.to_vec();
    let linked: Vec<u64> = scene.image.find_code(&code).collect();
    let starts = linked.into_iter().map(|it| pc.wrapping_sub(it).wrapping_add(extent.linked));
    let mut starts = starts.filter(|start| start.is_multiple_of(PAGE)).take(CANDIDATES);
    starts.find(|start| scene.machine.bytes(*start, PROOF_BYTES).as_ref() == Some(&proof))
}

fn elsewhere(scene: &mut Scene, extent: &Extent, at: u64, pc: u64) -> Report {
    let meant = extent.physical.start;
    let headline = format!("the image lies at {at:#x} but was linked to lie at {meant:#x}");
    let spots = scene.image.spots(pc.wrapping_sub(at).wrapping_add(extent.linked));
    let spot = spots.first().map_or("code of the kernel".to_string(), |spot| spot.to_string());
    let report = Report::new(headline)
        .happened_at(format!("{pc:#x}, which holds the code of {spot}"))
        .saw("the kernel's own code, at addresses that are not the kernel's");
    scene.way(report, &[]).look_at(format!(
        "load_address in build-config.toml: the loader decides, and has put the image at {at:#x}"
    ))
}

fn beyond_memory(scene: &mut Scene, extent: &Extent, missing: u64) -> Report {
    let (start, end) = (extent.physical.start, extent.physical.end);
    let headline = format!("the image was linked to lie at {start:#x}, where memory is missing");
    let report = Report::new(headline).saw(format!(
        "the image reaches from {start:#x} to {end:#x}, and at {missing:#x} there is no memory"
    ));
    let report = match scene.machine.end_of_memory_below(end) {
        Some(end) => report.saw(format!("memory ends at {end:#x}")),
        None => report,
    };
    scene.way(report, &[]).look_at(
        "load_address in build-config.toml, and how much memory the machine has: `memory` there, \
         or mem=",
    )
}
