//! Tests with every outcome that there is, to prove that the test runner tells them apart.
//!
//! Of these `passes` and `dies_as_expected` pass; all others must be called failures.

ktest::test! {
    /// Returns.
    fn passes() {
        assert_eq!(core::hint::black_box(6) * 7, 42);
    }

    /// Panics.
    fn fails() {
        assert_eq!(6 * 7, 43);
    }

    /// Never returns.
    fn hangs() {
        loop {
            core::hint::spin_loop();
        }
    }

    /// Tells its own verdict, on the console, where it must not count.
    fn prints_a_forged_verdict() {
        for index in 0..64 {
            println!("0 start {index}");
            println!("0 ok {index} 1");
        }
        println!("0 done");
        panic!("the verdict is forged");
    }

    /// Dies with the words that are expected.
    #[must_die("panic: as expected")]
    fn dies_as_expected() {
        panic!("as expected");
    }

    /// Dies, with other words.
    #[must_die("words that nobody says")]
    fn dies_otherwise() {
        panic!("otherwise");
    }

    /// Returns although it must die.
    #[must_die("panic")]
    fn survives_its_death() {}
}
