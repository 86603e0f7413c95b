//! Any file: the loader accepts it if, and only if, it keeps the rules.
//!
//! The first byte chooses a good file, and the others are its changes: what is not 0 is a change.
//! So most of what is tried is nearly a program. If it chooses none, the others are the file.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

/// What the kernel's build takes from `build-config.toml`.
mod config {
    pub const LOAD_ADDRESS: u64 = 0x4020_0000;
}

#[path = "../../chapters/06-processes/src/memory"]
#[allow(dead_code, reason = "the kernel uses what nothing here does")]
mod memory {
    pub mod address;
    pub mod layout;
    pub mod paging;
}

#[path = "../../chapters/06-processes/src/process"]
mod process {
    pub mod elf;
    pub mod layout;
}

#[path = "../../common/host-tests/tests/processes/model.rs"]
mod model;

static GOOD: LazyLock<Vec<(Vec<u8>, u16)>> = LazyLock::new(|| {
    let good = elf_corpus::good().into_iter();
    good.map(|good| (good.program.bytes(), good.machine)).collect()
});

fuzz_target!(|data: &[u8]| {
    let Some((&choice, changes)) = data.split_first() else { return };
    match GOOD.get(usize::from(choice)) {
        Some((good, machine)) => {
            let mut file = good.clone();
            file.iter_mut().zip(changes).for_each(|(byte, change)| *byte ^= change);
            check(&file, *machine);
        }
        None => check(changes, 62),
    }
});

fn check(file: &[u8], machine: u16) {
    let (model, answer) = (model::File::new(file), process::elf::read(file, machine));
    let is_good = model.as_ref().is_some_and(|model| model.is_good(machine));
    assert_eq!(answer.is_ok(), is_good, "{answer:?}");
    match (model, answer) {
        (Some(model), Ok(elf)) => model.check(&elf),
        (_, Err(error)) => assert!(error.to_string().is_ascii()),
        _ => {}
    }
}
