//! A recorded run as an SVG: a terminal's window with the command and what it printed.
//!
//! The text stays text, so it can be selected, searched and read aloud. The window brings its own
//! dark background and an edge of a middle grey: it stands out from a light page and a dark one.

use anstyle::{AnsiColor, Color, RgbColor, Style};
use anstyle_svg::{Palette, Term, WIN10_CONSOLE};

use crate::mask;

/// The look of the prompt.
const PROMPT: Style = AnsiColor::BrightGreen.on_default().bold();

/// The look of what is typed.
const TYPED: Style = Style::new().bold();

/// The colours that the output names.
const PALETTE: Palette = WIN10_CONSOLE;

/// The colour of output that names none.
const FOREGROUND: Color = Color::Rgb(RgbColor(0xd8, 0xde, 0xe9));

/// Height of the window's bar, in pixels.
const BAR: u32 = 34;

/// The picture of a terminal in which `command` was typed and printed `output`.
pub fn svg(command: &str, output: &str) -> String {
    let output = output.trim_end();
    let text = format!("{PROMPT}${PROMPT:#} {TYPED}{command}{TYPED:#}\n{output}");
    let terminal = Term::new().palette(PALETTE).fg_color(FOREGROUND).background(false);
    framed(command, &terminal.render_svg(&text))
}

/// The first line of text in which two pictures differ, as each has it; addresses and sizes may.
pub fn first_difference(kept: &str, recorded: &str) -> Option<(String, String)> {
    mask::first_difference(kept, recorded, mask::masked)
        .map(|(kept, recorded)| (words(kept), words(recorded)))
}

/// `content`, an SVG of its own, inside a window.
fn framed(title: &str, content: &str) -> String {
    let (width, height) = size(content).expect("an SVG of anstyle-svg starts with its size");
    let height = height + BAR;
    let (inner_width, inner_height) = (width - 1, height - 1);
    format!(
        r##"<svg width="{width}px" height="{height}px" viewBox="0 0 {width} {height}"
    role="img" xmlns="http://www.w3.org/2000/svg">
  <title>A terminal in which {title} was typed</title>
  <rect x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="8"
      fill="#1b1f27" stroke="#6b7280" />
  <circle cx="20" cy="18" r="6" fill="#ff5f57" />
  <circle cx="40" cy="18" r="6" fill="#febc2e" />
  <circle cx="60" cy="18" r="6" fill="#28c840" />
  <g transform="translate(6 {BAR})">
{content}  </g>
</svg>
"##
    )
}

/// Width and height in the first line of `svg`, in pixels.
fn size(svg: &str) -> Option<(u32, u32)> {
    let attribute = |name: &str| {
        let (_, value) = svg.lines().next()?.split_once(name)?;
        value.split_once("px\"")?.0.parse().ok()
    };
    Some((attribute("width=\"")?, attribute("height=\"")?))
}

/// What is left of a line of an SVG without its tags.
fn words(line: &str) -> String {
    let mut is_tag = false;
    let text = line.chars().filter(|&character| {
        let was_tag = is_tag;
        is_tag = character == '<' || (is_tag && character != '>');
        !was_tag && !is_tag
    });
    text.collect::<String>().trim().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picture_has_the_command_and_the_output() {
        let svg = svg("make run", "\x1b[31mred\x1b[0m & <b>\nsecond\n");
        let lines: Vec<String> = svg.lines().map(words).collect();
        assert!(lines.contains(&"$ make run".into()), "{svg}");
        assert!(lines.contains(&"red &amp; &lt;b&gt;".into()), "{svg}");
        assert!(lines.contains(&"second".into()), "{svg}");
        assert!(!svg.contains('\x1b'));
    }

    #[test]
    fn window_is_as_large_as_its_content_and_its_bar() {
        let content = "<svg width=\"740px\" height=\"56px\">\n</svg>\n";
        assert_eq!(size(content), Some((740, 56)));
        assert!(framed("x", content).starts_with(r#"<svg width="740px" height="90px""#));
    }

    #[test]
    fn every_tag_is_closed() {
        let svg = svg("make run", "one\ntwo");
        for tag in ["svg", "g", "text", "style", "title"] {
            let [open, close] = [format!("<{tag}"), format!("</{tag}>")];
            let opened =
                svg.matches(&format!("{open} ")).count() + svg.matches(&format!("{open}>")).count();
            assert_eq!(opened, svg.matches(&close).count(), "{tag}");
        }
    }

    #[test]
    fn pictures_that_differ_in_addresses_are_equal() {
        let [kept, recorded] = ["text 0x1000..0x2000    4 KiB", "text 0x1000..0x20000  124 KiB"]
            .map(|line| svg("x", line));
        assert_eq!(first_difference(&kept, &recorded), None);
    }

    #[test]
    fn pictures_that_differ_in_words_differ() {
        let [kept, recorded] = ["goodbye\n", "farewell\n"].map(|line| svg("x", line));
        let difference = Some(("goodbye".into(), "farewell".into()));
        assert_eq!(first_difference(&kept, &recorded), difference);
    }

    #[test]
    fn pictures_of_different_length_differ() {
        let [kept, recorded] = ["one", "one\ntwo"].map(|text| svg("x", text));
        assert!(first_difference(&kept, &recorded).is_some());
    }
}
