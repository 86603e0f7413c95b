//! Any arguments: what a program reads on its stack is what it was given.

#![no_main]

use arbitrary::Arbitrary;
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
#[allow(dead_code, reason = "the kernel uses what nothing here does")]
mod process {
    pub mod arguments;
}

#[path = "../../common/host-tests/tests/processes/reader.rs"]
mod reader;

use reader::{Memory, Told};

/// What a program is told, where, and how much room there is.
#[derive(Arbitrary, Debug)]
struct Case {
    arguments: Vec<Vec<u8>>,
    environment: Vec<Vec<u8>>,
    name: Vec<u8>,
    platform: Vec<u8>,
    random: [u8; 16],
    auxiliary: Vec<(u8, u64)>,
    top: u64,
    room: u16,
}

fuzz_target!(|case: Case| {
    // Those that are laid out here are 15 and higher.
    let pairs = case.auxiliary.iter().map(|&(key, value)| (u64::from(key % 14) + 1, value));
    let told = Told {
        arguments: case.arguments,
        environment: case.environment,
        name: case.name,
        platform: case.platform,
        random: case.random,
        auxiliary: pairs.collect(),
    };
    let mut room = vec![0xaa; case.room.into()];
    match told.lay_out(&mut room, case.top) {
        Ok(pointer) => {
            assert!(pointer.0.is_multiple_of(16));
            let (found, _) = Memory { bytes: &room, top: case.top }.read(pointer.0);
            assert_eq!(found, told);
        }
        Err(error) => {
            assert!(room.iter().all(|&byte| byte == 0xaa), "{error}");
        }
    }
});
