//! The colours of assembly, linker scripts and shells, by lexers of our own.
//!
//! The grammar that tree-sitter has for assembly knows neither our comments nor the placeholders
//! that Rust fills in, and the one for linker scripts does not go together with the others. A line
//! of assembly has so little shape that its words can be told by where they stand.

use super::highlight::Span;
use super::scanner::{Piece, Rules, Token, block_comment, rest_of_line, spans, word};

const ASSEMBLY: Rules =
    Rules { comment: assembly_comment, quotes: &['"'], placeholder: braced_placeholder };
const LINKER: Rules = Rules { comment: block_comment, quotes: &['"'], placeholder: |_| None };
const SHELL: Rules = Rules {
    comment: |text| text.starts_with('#').then(|| rest_of_line(text)),
    quotes: &['"', '\''],
    placeholder: dollar_placeholder,
};

/// Words that another instruction follows on the same line.
const PREFIXES: &[&str] = &["lock", "rep", "repe", "repne"];

/// Registers of x86_64 whose names follow no rule.
const REGISTERS_X86_64: &[&str] = &[
    "ah", "al", "ax", "bh", "bl", "bp", "bpl", "bx", "ch", "cl", "cs", "cx", "dh", "di", "dil",
    "dl", "ds", "dx", "eax", "ebp", "ebx", "ecx", "edi", "edx", "eip", "es", "esi", "esp", "fs",
    "gs", "rax", "rbp", "rbx", "rcx", "rdi", "rdx", "rip", "rsi", "rsp", "si", "sil", "sp", "spl",
    "ss",
];

/// Registers of ARM64 whose names follow no rule.
const REGISTERS_AARCH64: &[&str] =
    &["currentel", "daif", "daifclr", "daifset", "lr", "nzcv", "pan", "sp", "spsel", "wzr", "xzr"];

/// What a linker script's language has words for.
const LINKER_WORDS: &[&str] = &[
    "ADDR", "ALIGN", "ALIGNOF", "ASSERT", "AT", "BYTE", "COMMON", "ENTRY", "FLAGS", "KEEP",
    "LOADADDR", "LONG", "MAX", "MEMORY", "MIN", "NOLOAD", "PHDRS", "PROVIDE", "PT_LOAD", "PT_NOTE",
    "QUAD", "SECTIONS", "SIZEOF", "SORT",
];

/// What a shell has words for.
const SHELL_WORDS: &[&str] = &[
    "case", "do", "done", "elif", "else", "esac", "exit", "export", "fi", "for", "if", "in", "set",
    "then", "while",
];

/// The coloured parts of a file of assembly, of either machine.
pub fn assembly(text: &str) -> Vec<Span> {
    let mut is_operand = false;
    spans(text, &ASSEMBLY, |piece| match piece.token {
        Token::LineEnd => {
            is_operand = false;
            None
        }
        Token::Number | Token::Word if piece.rest.starts_with(':') && !is_operand => {
            Some("hljs-title")
        }
        Token::Word if !is_operand => {
            is_operand = !PREFIXES.contains(&piece.text);
            Some(if piece.text.starts_with('.') { "hljs-meta" } else { "hljs-keyword" })
        }
        Token::Word => is_register(piece.text).then_some("hljs-built_in"),
        Token::Number if is_local_label(piece.text) => Some("hljs-symbol"),
        _ => common(piece),
    })
}

/// The coloured parts of a linker script.
pub fn linker(text: &str) -> Vec<Span> {
    spans(text, &LINKER, |piece| match piece.token {
        Token::Word if LINKER_WORDS.contains(&piece.text) => Some("hljs-keyword"),
        Token::Word if piece.text.len() > 1 && piece.text.starts_with('.') => Some("hljs-title"),
        _ => common(piece),
    })
}

/// The coloured parts of a shell script or a Makefile.
pub fn shell(text: &str) -> Vec<Span> {
    let mut is_first = true;
    spans(text, &SHELL, |piece| {
        let was_first = std::mem::replace(&mut is_first, piece.token == Token::LineEnd);
        match piece.token {
            Token::Word if was_first && is_target(piece.rest) => Some("hljs-title"),
            Token::Word if SHELL_WORDS.contains(&piece.text) => Some("hljs-keyword"),
            Token::Number => None,
            _ => common(piece),
        }
    })
}

/// What has the same colour in all three.
fn common(piece: &Piece) -> Option<&'static str> {
    match piece.token {
        Token::Comment => Some("hljs-comment"),
        Token::String => Some("hljs-string"),
        Token::Number => Some("hljs-number"),
        Token::Placeholder => Some("hljs-variable"),
        Token::Word | Token::LineEnd | Token::Space | Token::Other => None,
    }
}

/// Both machines' assemblers take `//` and `/* */`. A `#` begins a comment on x86_64 and a constant
/// on ARM64: the one is followed by a space, the other never.
fn assembly_comment(text: &str) -> Option<usize> {
    let is_line = text.starts_with("//") || text.starts_with("# ") || text.starts_with("#\n");
    if is_line { Some(rest_of_line(text)) } else { block_comment(text) }
}

/// A name in braces, which Rust replaces.
fn braced_placeholder(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?;
    let length = word(inner);
    (length > 0 && inner[length..].starts_with('}')).then_some(length + 2)
}

/// `$NAME`, `${NAME}` or `$(NAME)`, on one line.
fn dollar_placeholder(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('$')?;
    let line = &inner[..rest_of_line(inner)];
    let close = match line.chars().next()? {
        '(' => line.find(')')? + 1,
        '{' => line.find('}')? + 1,
        _ => word(line),
    };
    (close > 0).then_some(close + 1)
}

/// Whether what follows makes the first word of a line a target of a Makefile.
fn is_target(rest: &str) -> bool {
    rest.starts_with(':') && !rest.starts_with(":=")
}

/// Whether a number is a local label, before (`1b`) or after (`1f`) the place that names it.
fn is_local_label(number: &str) -> bool {
    let digits = number.strip_suffix(['b', 'f']);
    digits.is_some_and(|digits| !digits.is_empty() && is_number(digits))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|letter| letter.is_ascii_digit())
}

/// Whether a word names a register of either machine.
fn is_register(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let known = REGISTERS_AARCH64.contains(&&*lower) || REGISTERS_X86_64.contains(&&*lower);
    known || is_numbered_register(&lower) || is_system_register(word)
}

/// `x0`, `w30`, `r8`, `r8d`, `cr3`.
fn is_numbered_register(word: &str) -> bool {
    let number = ["x", "w", "cr", "dr", "r"].iter().find_map(|start| word.strip_prefix(start));
    let number = number.map(|number| number.trim_end_matches(['b', 'd', 'w']));
    number.is_some_and(|number| matches!(number.len(), 1 | 2) && is_number(number))
}

/// `TCR_EL1`: ARM64 says in the name who may use it. Labels like `at_el1` are in lower case.
fn is_system_register(word: &str) -> bool {
    let level = word.rsplit_once("_EL").map(|(_, level)| level);
    level.is_some_and(|level| matches!(level, "0" | "1" | "2" | "3" | "12" | "02"))
}

#[cfg(test)]
mod tests {
    use super::super::highlight::Span;
    use super::{assembly, linker, shell};

    /// The coloured words of a text, each with its class.
    fn words(text: &str, spans: Vec<Span>) -> Vec<String> {
        let word = |span: Span| format!("{} {}", &span.class["hljs-".len()..], &text[span.range]);
        spans.into_iter().map(word).collect()
    }

    fn in_assembly(text: &str) -> Vec<String> {
        words(text, assembly(text))
    }

    #[test]
    fn arm64_is_read() {
        assert_eq!(
            in_assembly("1:  ldr     x2, ={MAIR}   // why\n    b.lo    1b\n"),
            [
                "title 1",
                "keyword ldr",
                "built_in x2",
                "variable {MAIR}",
                "comment // why",
                "keyword b.lo",
                "symbol 1b"
            ]
        );
    }

    #[test]
    fn a_constant_of_arm64_is_not_a_comment() {
        assert_eq!(
            in_assembly("    msr     DAIFSet, #0b1111\n    mov x1, #{EL1}\n"),
            [
                "keyword msr",
                "built_in DAIFSet",
                "number 0b1111",
                "keyword mov",
                "built_in x1",
                "variable {EL1}"
            ]
        );
    }

    #[test]
    fn x86_64_is_read() {
        assert_eq!(
            in_assembly("stop: rep stosd # words\n mov [edi + 511 * 8], cr3\n jmp 5f /* x */"),
            [
                "title stop",
                "keyword rep",
                "keyword stosd",
                "comment # words",
                "keyword mov",
                "built_in edi",
                "number 511",
                "number 8",
                "built_in cr3",
                "keyword jmp",
                "symbol 5f",
                "comment /* x */"
            ]
        );
    }

    #[test]
    fn directives_and_strings_are_read() {
        assert_eq!(
            in_assembly("    .section .note.Xen, \"a\", @note\n    .asciz \"a\\\"b\"\n"),
            ["meta .section", "string \"a\"", "meta .asciz", "string \"a\\\"b\""]
        );
    }

    #[test]
    fn names_that_look_like_registers_are_not() {
        assert_eq!(in_assembly(" b stop_x1\n b x123\n b at_el1\n b x\n").len(), 4);
    }

    #[test]
    fn system_registers_are_told_by_their_level() {
        assert_eq!(in_assembly(" msr ICC_SRE_EL2, xzr")[1], "built_in ICC_SRE_EL2");
    }

    #[test]
    fn linker_scripts_are_read() {
        let text = "/* a\n b */ .text : ALIGN(4K) { KEEP(*(.ktest)) __end = .; }";
        assert_eq!(
            words(text, linker(text)),
            [
                "comment /* a\n b */",
                "title .text",
                "keyword ALIGN",
                "number 4K",
                "keyword KEEP",
                "title .ktest"
            ]
        );
    }

    #[test]
    fn shells_are_read() {
        let text = "run: $(kernel)\n\tif x \"$y\"; then # no\n a:\n";
        assert_eq!(
            words(text, shell(text)),
            [
                "title run",
                "variable $(kernel)",
                "keyword if",
                "string \"$y\"",
                "keyword then",
                "comment # no"
            ]
        );
    }

    #[test]
    fn what_never_ends_ends_with_the_text() {
        assert_eq!(in_assembly("mov \"a"), ["keyword mov", "string \"a"]);
        assert_eq!(in_assembly("mov /* é"), ["keyword mov", "comment /* é"]);
        assert_eq!(words("$(a", shell("$(a")), [""; 0]);
    }
}
