//! The day that a number of seconds means.
//!
//! Years are taken to begin in March: then the day that only some of them have is the last one, and
//! the months before it have a regular pattern, 153 days in each five. Four hundred years have the
//! same number of days always. (ISO 8601; the time is UTC, since nobody has told us of a zone.)

use core::fmt;
use core::time::Duration;

/// Days in 400 years.
const ERA: u64 = 146_097;

/// Days from the first of March of the year 0 to the start of 1970.
const BEFORE_1970: u64 = 719_468;

/// A time of a day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    year: u64,
    month: u64,
    day: u64,
    minute: u64,
}

impl Moment {
    /// What is `time` after the start of 1970.
    pub fn new(time: Duration) -> Self {
        let days = time.as_secs() / 86_400 + BEFORE_1970;
        let (era, day_of_era) = (days / ERA, days % ERA);
        // Every 4 years one has a day more, but not every 100, but every 400.
        let leap_days = day_of_era / 1_460 + day_of_era / (ERA - 1) - day_of_era / 36_524;
        let year_of_era = (day_of_era - leap_days) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let months_since_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
        let month = (months_since_march + 2) % 12 + 1;
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        Self { year, month, day, minute: time.as_secs() % 86_400 / 60 }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { year, month, day, minute } = self;
        write!(f, "{year:04}-{month:02}-{day:02} {:02}:{:02}", minute / 60, minute % 60)
    }
}
