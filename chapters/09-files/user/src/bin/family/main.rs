//! Makes processes and threads, in the way that its first argument names: shows that all of them
//! come and go as they should.
//!
//! Each way has its own status for each thing that can be wrong, counted from 1; 0 is right. What
//! is left behind afterwards nobody can see from in here: the kernel's tests look.

#![no_std]
#![no_main]

extern crate alloc;

mod ends;
mod loan;
mod many;
mod numbers;

use user::{Start, println};

/// A way to make processes and threads. The number is the program's second argument.
struct Way {
    name: &'static str,
    run: fn(&Start, usize) -> i32,
}

const fn way(name: &'static str, run: fn(&Start, usize) -> i32) -> Way {
    Way { name, run }
}

/// All of them.
static WAYS: [Way; 20] = [
    way("forks", |_, count| many::forks(count)),
    way("execs", |_, count| many::execs(count)),
    way("threads", |_, count| many::threads(count)),
    way("both", |_, count| many::both_exec(count)),
    way("bomb", |_, _| many::bomb()),
    way("bombard", |_, count| loan::bombard(count)),
    way("rush", |_, count| loan::rush(count)),
    way("scarce", |start, _| many::scarce(start)),
    way("exit", |_, status| ends::exit(status as i32)),
    way("wait", |_, _| ends::wait_for_ever()),
    way("fault", |_, _| ends::fault()),
    way("exec", |_, _| ends::exec()),
    way("is", |_, pid| ends::is(pid)),
    way("orphans", |_, count| ends::orphans(count)),
    way("vfork", |_, _| loan::vfork()),
    way("lend", |_, _| loan::lend()),
    way("number", |_, place| numbers::number(place)),
    way("first", |_, _| numbers::thread_is_first()),
    way("clones", |_, _| numbers::clones()),
    way("until", |_, milliseconds| numbers::until(milliseconds)),
];

#[unsafe(no_mangle)]
fn main(start: &Start) -> i32 {
    let name = start.argument(1).unwrap_or_default();
    let number = start.argument(2).and_then(|text| text.parse().ok()).unwrap_or(0);
    match WAYS.iter().find(|way| way.name == name) {
        Some(way) => (way.run)(start, number),
        None => {
            println!("family: needs a way to make processes, one of");
            WAYS.iter().for_each(|way| println!("  {}", way.name));
            2
        }
    }
}

/// Stops at the first thing that is wrong: the result is the number of it, from 1 on.
pub(crate) fn check(things: &[bool]) -> i32 {
    things.iter().position(|is_right| !is_right).map_or(0, |index| index as i32 + 1)
}
