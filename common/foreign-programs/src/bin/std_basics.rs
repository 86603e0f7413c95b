//! Words, variables, input and collections: what most programs need of Rust's standard library.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().collect();
    println!("words: {words:?}");
    let mut variables: Vec<(String, String)> = env::vars().collect();
    variables.sort();
    println!("variables: {variables:?}");
    count_lines();
    println!("squares: {}", squares(1000));
    eprintln!("this goes to standard error");
    print!("and this line has no end");
    // Nobody reads what could not be written.
    let _ = io::stdout().flush();
    ExitCode::from(words.len() as u8)
}

/// Counts how often each line of the input comes.
fn count_lines() {
    let mut lines = BTreeMap::new();
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        *lines.entry(line).or_insert(0) += 1;
    }
    for (line, count) in lines {
        println!("{count} times {line:?}");
    }
}

/// The sum of so many squares, by way of a table that grows.
fn squares(count: u64) -> u64 {
    let table: HashMap<u64, u64> = (0..count).map(|number| (number, number * number)).collect();
    table.values().sum()
}
