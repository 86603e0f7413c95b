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

    /// The host types what a test asks for, byte by byte.
    fn hears_what_it_asked_for() {
        ktest::type_to_me(10_000, 7);
        let mut chance = ktest::Chance::new(7);
        for index in 0..10_000 {
            assert_eq!(crate::deaths::machine::typed(), chance.byte(), "byte {index}");
        }
        ktest::type_to_me(1, 8);
        assert_eq!(crate::deaths::machine::typed(), ktest::Chance::new(8).byte());
    }

    /// Returns although it must die.
    #[must_die("panic")]
    fn survives_its_death() {}
}

#[cfg(target_arch = "x86_64")]
mod keyboard {
    use crate::deaths::machine::scan_code;

    ktest::test! {
        /// The host presses and releases the keys that a test asks for.
        fn feels_the_keys_it_asked_for() {
            ktest::press("shift-h ret");
            let codes: [u8; 9] = core::array::from_fn(|_| scan_code());
            // Of the second set, as the controller passes them on after a reset.
            let expected = [0x12, 0x33, 0xf0, 0x33, 0xf0, 0x12, 0x5a, 0xf0, 0x5a];
            assert_eq!(codes, expected);
        }
    }
}
