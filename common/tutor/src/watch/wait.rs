//! A wait that does not end: a kernel that idles, and nothing will wake it.
//!
//! It uses up neither instructions nor processor time, and the clock on the wall tells nothing. But
//! where time is counted, QEMU leaps to the next alarm as soon as the processor waits, so a wait
//! that can end is over at once. One that is found at each of many looks, with the same in all
//! registers, lasts for ever if the machine's clock stands, for no alarm is set; or if it has leapt
//! by more than any kernel waits, for then only the tick comes, and it wakes nobody.

/// How many looks that takes: ten seconds' worth.
pub const GLANCES: u32 = 40;

/// In nanoseconds, a dozen times what any kernel waits on its own clock.
const LONGEST: u64 = 60 * 1_000_000_000;

/// The wait in which the machine was found last, if it was.
#[derive(Default)]
pub struct Wait {
    /// What all registers were.
    registers: Option<String>,
    /// The machine's clock at the first look, in nanoseconds, and at the last.
    clock: Option<(u64, u64)>,
    /// How often it was found again.
    glances: u32,
}

impl Wait {
    /// Takes one more look: all `registers` if the machine waits, and its clock.
    pub fn look(&mut self, registers: Option<String>, clock: Option<u64>) {
        if registers.is_none() || registers != self.registers {
            *self = Self { registers, clock: clock.map(|now| (now, now)), glances: 0 };
            return;
        }
        self.glances += 1;
        self.clock = self.clock.zip(clock).map(|((first, _), now)| (first, now));
    }

    /// Whether it will never end.
    pub fn is_endless(&self) -> bool {
        let leapt = self.clock.map(|(first, last)| last.abs_diff(first));
        self.glances >= GLANCES && leapt.is_some_and(|time| time == 0 || time > LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a wait is endless in which a machine was found again so often, its clock at `last`.
    fn is_endless(glances: u32, last: Option<u64>) -> bool {
        let mut wait = Wait::default();
        wait.look(Some("PC=1".into()), Some(1_000));
        (0..glances).for_each(|_| wait.look(Some("PC=1".into()), last));
        wait.is_endless()
    }

    #[test]
    fn it_is_endless_if_the_clock_stands_or_has_leapt() {
        assert!(is_endless(GLANCES, Some(1_000)), "no alarm is set");
        assert!(is_endless(GLANCES, Some(LONGEST + 1_001)), "only the tick comes");
        assert!(!is_endless(GLANCES, Some(LONGEST)), "a busy computer has not come to the alarm");
        assert!(!is_endless(GLANCES, None), "nobody knows the time");
        assert!(!is_endless(GLANCES - 1, Some(1_000)));
    }

    #[test]
    fn another_state_or_none_is_another_wait() {
        for other in [Some("PC=2".into()), None] {
            let mut wait = Wait::default();
            (0..GLANCES).for_each(|_| wait.look(Some("PC=1".into()), Some(0)));
            wait.look(other, Some(0));
            wait.look(Some("PC=1".into()), Some(0));
            wait.look(Some("PC=1".into()), Some(0));
            assert!(!wait.is_endless());
        }
        let mut running = Wait::default();
        (0..=GLANCES).for_each(|_| running.look(None, Some(0)));
        assert!(!running.is_endless());
    }
}
