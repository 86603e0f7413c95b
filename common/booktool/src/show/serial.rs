//! `{{#serial}}`: what a chapter prints, recorded on each machine.

use super::for_each_machine;
use crate::Result;
use crate::book::Book;
use crate::html::listing::console;
use crate::page::Page;
use crate::recordings;

/// The recorded console, or a part of it, as HTML.
pub fn expand(arguments: &[String], book: &Book, _page: &Page) -> Result<String> {
    let chapter = book.chapter(&arguments[0])?;
    let bounds = match &arguments[1..] {
        [] => None,
        [from, to] => Some((from.as_str(), to.as_str())),
        _ => return Err("an excerpt has two texts: of its first line, and of its last".into()),
    };
    let machines: Vec<&str> = book.machines().collect();
    for_each_machine(&machines, |arch| {
        let text = recordings::console(&book.root, chapter, arch)?;
        let shown = match bounds {
            None => text,
            Some((from, to)) => excerpt(&text, from, to).map_err(|why| format!("{arch}: {why}"))?,
        };
        let command = format!("make chapter={} arch={arch} run", chapter + 1);
        Ok(console(&command, &shown))
    })
}

/// The lines of `text` from the first that contains `from` to the next that contains `to`.
fn excerpt(text: &str, from: &str, to: &str) -> Result<String> {
    let lines: Vec<&str> = text.lines().collect();
    let find = |start: usize, words: &str| {
        let at = lines[start..].iter().position(|line| line.contains(words));
        at.map(|at| start + at).ok_or_else(|| format!("no line of the console has `{words}`"))
    };
    let first = find(0, from)?;
    let last = find(first, to).map_err(|why| format!("{why} from `{from}` on"))?;
    Ok(lines[first..=last].join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::expanded;
    use super::excerpt;

    const CONSOLE: &str = "one\nwalk to x\n  level 0\n  level 3\nlevel 3 again\n";

    #[test]
    fn an_excerpt_has_both_its_ends() {
        let walk = Ok("walk to x\n  level 0\n  level 3\n".to_string());
        assert_eq!(excerpt(CONSOLE, "walk to", "level 3"), walk);
        assert_eq!(excerpt(CONSOLE, "walk to", "walk to"), Ok("walk to x\n".into()));
    }

    #[test]
    fn a_text_that_is_not_printed_is_an_error() {
        let none = excerpt(CONSOLE, "stroll to", "level 3").expect_err("nobody says so");
        assert!(none.contains("`stroll to`"), "{none}");
        let behind = excerpt(CONSOLE, "walk to", "one").expect_err("it comes before");
        assert!(behind.contains("`one` from `walk to` on"), "{behind}");
    }

    #[test]
    fn both_machines_are_shown() {
        let html = expanded("{{#serial 03 \"walk to\" \"level 3\"}}\n").expect("both print it");
        assert_eq!(html.matches("level 0: table").count(), 2, "{html}");
        assert!(html.contains("make chapter=3 arch=x86_64 run") && !html.contains("goodbye"));
        assert!(expanded("{{#serial 03}}\n").expect("it is recorded").contains("goodbye"));
    }

    #[test]
    fn wrong_arguments_are_told() {
        for (page, why) in [
            ("{{#serial 99}}\n", "no chapter 99"),
            ("{{#serial 03 \"walk to\"}}\n", "two texts"),
            ("{{#serial 03 \"walk\" \"unheard of\"}}\n", "aarch64: no line of the console"),
        ] {
            let message = expanded(page).expect_err(why);
            assert!(message.contains(why), "{message}");
        }
    }
}
