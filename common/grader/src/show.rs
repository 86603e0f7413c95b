//! What a person is told of a task that was graded.

use tutor::ui::{BAD, DIM, GOOD, STRONG, WARN, styled};

use crate::verdict::{Broken, Graded, Kind, Outcome, Tried};

/// Lines of what the compiler or the coroner says that are shown.
const LINES: usize = 40;

/// Columns of a line that are shown.
const COLUMNS: usize = 400;

/// Prints what `graded` came to, and why.
pub fn graded(graded: &Graded) {
    let Graded { call, title, points, out_of, seed, seconds, .. } = graded;
    let style = if graded.is_solved() { GOOD } else { BAD };
    let headline = styled(style, graded.outcome.headline());
    let about = styled(DIM, format_args!("seed={seed}, {seconds:.1} s"));
    anstream::println!(
        "\n{} {headline}, {points}/{out_of} points  {about}",
        styled(STRONG, format_args!("{call} {title}:"))
    );
    if let Outcome::DidNotCompile(said) = &graded.outcome {
        lines(said, "  ");
    }
    match graded.outcome {
        Outcome::Broken(Kind::NotStarted) => hole(graded),
        _ => graded.promises.iter().for_each(promise),
    }
    if let Some((_, hint)) = &graded.hint {
        anstream::println!("\n{} {hint}", styled(WARN, "hint:"));
    }
}

/// Prints the first hole that was met: the others are behind it.
fn hole(graded: &Graded) {
    let broken = graded.promises.iter().flat_map(|one| &one.broken);
    if let Some(hole) = broken.into_iter().find(|one| one.kind == Kind::NotStarted) {
        anstream::println!("  {}", short(&hole.what));
        lines(&hole.report, "  ");
    }
    let kept = graded.promises.iter().filter(|one| one.broken.is_empty()).count();
    anstream::println!("  {kept} of {} promises are kept so far", graded.promises.len());
}

fn promise(tried: &Tried) {
    let Tried { says, broken, .. } = tried;
    if broken.is_empty() {
        anstream::println!("  {} {says}", styled(GOOD, "kept  "));
        return;
    }
    anstream::println!("  {} {}", styled(BAD, "broken"), styled(STRONG, says));
    let mut told: Vec<Broken> = Vec::new();
    for one in broken {
        let same = Broken { machine: String::new(), ..one.clone() };
        match told.contains(&same) {
            true => anstream::println!("    on {}: the same", one.machine),
            false => detail(one),
        }
        told.push(same);
    }
}

fn detail(broken: &Broken) {
    let Broken { machine, kind, what, input, expected, seen, report } = broken;
    anstream::println!("    on {machine}: {}: {}", kind.name(), short(what));
    for (name, value) in [("input", input), ("expected", expected), ("seen", seen)] {
        if let Some(value) = value {
            anstream::println!("      {name:8}  {}", short(value));
        }
    }
    lines(report, "      ");
}

/// `text`, or the beginning of it if nobody would read it to the end.
fn short(text: &str) -> String {
    match text.char_indices().nth(COLUMNS) {
        None => text.into(),
        Some((end, _)) => format!("{} …", &text[..end]),
    }
}

fn lines(text: &str, indent: &str) {
    for line in text.lines().take(LINES) {
        anstream::println!("{indent}{}", short(line));
    }
    if let Some(more) = text.lines().count().checked_sub(LINES).filter(|more| *more > 0) {
        anstream::println!("{indent}… {more} more lines");
    }
}
