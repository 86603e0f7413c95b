//! Tests of threads.

ktest::test! {
    /// A thread that is spawned runs, and ends.
    fn threads_run() {
    }
}
