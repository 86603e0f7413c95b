//! Tests the benchmarks: few repetitions, since it is not the numbers that are looked at, but
//! whether everything is measured and whether they repeat.

use build_support::Machine;

use super::outcome::Tested;
use crate::bench::{self, Measurement, OPERATIONS, Operation};
use crate::failure::Result;
use crate::kernel::Voice;
use crate::workspace::Workspace;

/// The boot arguments.
const FEW: &str = "repetitions=10";

/// Runs these tests on `arch`.
pub fn run(workspace: &Workspace, arch: &str, machine: &Machine) -> Result<Vec<Tested>> {
    let kernel = bench::build(workspace, arch, machine, Voice::Quiet)?;
    let measure = || bench::measure(workspace, arch, machine, &kernel, FEW);
    let (first, second) = (measure()?, measure()?);
    let difference = bench::difference(&first, &second);
    Ok(vec![
        Tested::from_result("each operation is measured", has_all(&first)),
        Tested::from_result("two runs count the same", difference.map_or(Ok(()), Err)),
    ])
}

/// Whether each operation was measured, of the kernel too, and each at a cost.
fn has_all(measurements: &[Measurement]) -> std::result::Result<(), String> {
    for Operation { name, .. } in OPERATIONS {
        let mut all = measurements.iter().filter(|it| it.operation == *name);
        if !all.any(|it| it.by == "kernel") {
            return Err(format!("{name}: not measured of the kernel"));
        }
    }
    match measurements.iter().find(|it| it.instructions == 0) {
        Some(free) => Err(format!("{}/{}: cannot cost nothing", free.operation, free.by)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurement(operation: &str, by: &str, instructions: u64) -> Measurement {
        Measurement { operation: operation.into(), by: by.into(), count: 10, instructions }
    }

    #[test]
    fn all_operations_must_be_there_and_cost_something() {
        let mut all: Vec<Measurement> =
            OPERATIONS.iter().map(|it| measurement(it.name, "kernel", 9)).collect();
        assert_eq!(has_all(&all), Ok(()));
        all[0].instructions = 0;
        assert!(has_all(&all).is_err());
        all[0] = measurement("frame", "stack", 9);
        assert!(has_all(&all).is_err());
    }
}
