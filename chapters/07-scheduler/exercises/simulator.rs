//! The simulated machine on which the chapter's own policy is tried: programs run on it tick by
//! tick, under any policy, and what they did can be drawn.
//!
//! The files are those of the tests of the chapter; here they are only put where the properties of
//! exercises find them.

#[path = "../../../common/host-tests/tests/scheduler/books.rs"]
pub mod books;
#[path = "../../../common/host-tests/tests/scheduler/machine.rs"]
pub mod machine;
#[path = "../../../common/host-tests/tests/scheduler/program.rs"]
pub mod program;
#[path = "../../../common/host-tests/tests/scheduler/timeline.rs"]
pub mod timeline;
#[path = "../../../common/host-tests/tests/scheduler/workload.rs"]
pub mod workload;

#[path = "../src/scheduler"]
pub mod scheduler {
    pub mod policy;
}
