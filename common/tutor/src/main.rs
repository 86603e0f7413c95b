//! The program of the host tool; all of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    tutor::main()
}
