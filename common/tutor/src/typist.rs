//! What the tests of a kernel ask to be typed at it.
//!
//! ```text
//! type <count> <seed>       bytes at the serial console, as `Chance` makes them from the seed
//! press <key>-<key> <key>   keys of the machine's keyboard, by QEMU's names
//! ```
//!
//! Bytes are made while they are written: a kernel may ask for as many as it likes.

use ktest::Chance;
use serde_json::{Value, json};

use crate::session::Session;

/// So many keys of one request are pressed.
const KEYS: usize = 256;

/// How long a key is held, and the pause behind it, in milliseconds of the machine's time.
const HOLD: u64 = 10;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Type `count` bytes, made from `seed`.
    Type {
        /// How many.
        count: u64,
        /// What they are made from.
        seed: u64,
    },
    /// Press keys: those of each list together.
    Press(Vec<Vec<String>>),
}

impl Request {
    /// The request in `line`, which has no nonce any more.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        match words.next()? {
            "type" => {
                let mut number = || words.next()?.parse().ok();
                Some(Self::Type { count: number()?, seed: number()? })
            }
            "press" => {
                let keys = words.map(|word| word.split('-').map(str::to_string).collect());
                Some(Self::Press(keys.take(KEYS).collect()))
            }
            _ => None,
        }
    }

    /// Does it.
    pub fn fulfil(self, session: &mut Session) {
        match self {
            Self::Type { count, seed } => {
                let mut chance = Chance::from_seed(seed);
                session.type_in((0..count).map(move |_| chance.byte()));
            }
            Self::Press(keys) => {
                for keys in keys {
                    session.qmp.execute("send-key", pressed(&keys));
                }
            }
        }
    }
}

/// What QEMU is told to press `keys` together. It keeps the order, and the pauses between.
fn pressed(keys: &[String]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|key| json!({ "type": "qcode", "data": key })).collect();
    json!({ "keys": keys, "hold-time": HOLD })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_understood() {
        assert_eq!(Request::parse(" type 100 7"), Some(Request::Type { count: 100, seed: 7 }));
        let keys = vec![vec!["shift".to_string(), "h".into()], vec!["ret".into()]];
        assert_eq!(Request::parse("press shift-h ret"), Some(Request::Press(keys)));
    }

    #[test]
    fn what_is_no_request_is_none() {
        for line in ["", "type", "type 7", "type -1 7", "type x 7", "start 3", "ok 3 17"] {
            assert_eq!(Request::parse(line), None, "{line}");
        }
    }

    #[test]
    fn keys_are_named_in_qemus_way() {
        let told = pressed(&["shift".into(), "h".into()]);
        assert_eq!(told["keys"][1], json!({ "type": "qcode", "data": "h" }));
        assert_eq!(told["hold-time"], HOLD);
    }
}
