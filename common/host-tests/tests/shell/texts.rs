//! Texts, and the trees that they become.

use host_tests::{holds_for, holds_for_many};
use proptest::prelude::*;

use crate::grammar::parse;
use crate::token::SyntaxError;
use crate::tree::{Command, How, Item, Join, Kind, List, Part, Pipeline, Word};

/// A tree as a text in which everything that holds parts together is shown by brackets.
fn shown(list: &List) -> String {
    list.iter().map(item).collect::<Vec<_>>().join(" ")
}

fn item(item: &Item) -> String {
    let mut text = pipeline(&item.first);
    for (join, next) in &item.rest {
        let join = if *join == Join::IfTrue { "&&" } else { "||" };
        text = format!("({text} {join} {})", pipeline(next));
    }
    text + if item.is_background { "&" } else { ";" }
}

fn pipeline(it: &Pipeline) -> String {
    let commands = it.commands.iter().map(command).collect::<Vec<_>>().join("|");
    if it.is_negated { format!("!{commands}") } else { commands }
}

fn command(it: &Command) -> String {
    let mut text = match &it.kind {
        Kind::Simple { assignments, words } => {
            let set = assignments.iter();
            let set = set.map(|it| format!("{}:={}", text_of(&it.name), word(&it.value)));
            set.chain(words.iter().map(word)).collect::<Vec<_>>().join(",")
        }
        Kind::Subshell(list) => format!("({})", shown(list)),
        Kind::Group(list) => format!("{{{}}}", shown(list)),
        Kind::If { branches, otherwise } => {
            let branch = |(one, other): &(List, List)| format!("{}?{}", shown(one), shown(other));
            let branches = branches.iter().map(branch).collect::<Vec<_>>().join(" ");
            format!("if[{branches} : {}]", shown(otherwise))
        }
        Kind::Loop { goes_on_when_true, condition, body } => {
            let name = if *goes_on_when_true { "while" } else { "until" };
            format!("{name}[{} {}]", shown(condition), shown(body))
        }
        Kind::For { name, words, body } => {
            let words = words.as_ref().map(|it| it.iter().map(word).collect::<Vec<_>>().join(","));
            format!("for[{} {words:?} {}]", text_of(name), shown(body))
        }
    };
    for redirect in &it.redirects {
        let how = match redirect.how {
            How::Read => "<",
            How::Write => ">",
            How::Append => ">>",
            How::Copy => ">&",
        };
        text += &format!(" {}{how}{}", redirect.descriptor, word(&redirect.target));
    }
    text
}

fn word(word: &Word) -> String {
    let part = |part: &Part| match part {
        Part::Plain(bytes) => text_of(bytes),
        Part::Quoted(bytes) => format!("'{}'", text_of(bytes)),
        Part::Variable { name, is_quoted: false } => format!("${{{}}}", text_of(name)),
        Part::Variable { name, is_quoted: true } => format!("'${{{}}}'", text_of(name)),
    };
    word.parts.iter().map(part).collect()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn texts_become_trees() {
    for (text, expected) in [
        ("", ""),
        ("# nothing", ""),
        ("a b", "a,b;"),
        ("a;b&c", "a; b& c;"),
        ("a | b|c", "a|b|c;"),
        ("! a | b && c || d", "((!a|b && c) || d);"),
        ("a &&\n\n b", "(a && b);"),
        ("x=1 y=$x a z=2", "x:=1,y:=${x},a,z=2;"),
        ("=1 1x=2", "=1,1x=2;"),
        ("a 2>&1 < b >>c 3<&- 4", "a,4 2>&1 0<b 1>>c 3>&-;"),
        ("a2>b", "a2 1>b;"),
        ("a 2 >b", "a,2 1>b;"),
        ("> a", " 1>a;"),
        ("(a; b) | { c; } > d", "(a; b;)|{c;} 1>d;"),
        ("if a; then b; elif c; then d; else e; fi", "if[a;?b; c;?d; : e;];"),
        ("while a; do b; done < c; d", "while[a; b;] 0<c; d;"),
        ("until a\ndo\nb\ndone", "until[a; b;];"),
        ("for x in a $b; do c; done", "for[x Some(\"a,${b}\") c;];"),
        ("for x\ndo c\ndone", "for[x None c;];"),
        ("echo if then done }", "echo,if,then,done,};"),
        ("\"if\" a", "'if',a;"),
        ("a 'b c'\"d $e\"f\\ g", "a,'b cd ''${e}'f' 'g;"),
        ("a \"\" '' b#c # d", "a,'','',b#c;"),
        ("$ $1x ${1}2 ${10} $?$$ \"$@\"", "$,${1}x,${1}2,${10},${?}${$},'${@}';"),
        ("a\\\nb 'c\nd'", "ab,'c\nd';"),
    ] {
        let found = parse(text.as_bytes()).map(|list| shown(&list));
        assert_eq!(found.as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (text, token) in [
        ("&", "&"),
        ("a | | b", "|"),
        ("a && ; b", ";"),
        (") a", ")"),
        ("a; fi", "fi"),
        ("( )", ")"),
        ("if a; b; fi", "fi"),
        ("while a; done", "done"),
        ("for 1 in a; do b; done", "a word that is no name"),
        ("for x in a do b; done", "done"),
        ("(a) b", "b"),
        ("a > ; b", ";"),
        ("a >\n", "the end of the line"),
        ("a ;; b", ""),
    ] {
        match parse(text.as_bytes()) {
            Err(SyntaxError::Unexpected(found)) => assert_eq!(found, token, "{text}"),
            Err(SyntaxError::Unknown(_)) => assert_eq!(token, "", "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    for unknown in ["a << b", "`a`", "$(a)", "\"$(a)\"", "${a:-b}", "${}", "a <> b"] {
        let found = parse(unknown.as_bytes());
        assert!(matches!(found, Err(SyntaxError::Unknown(_))), "{unknown}: {found:?}");
    }
}

/// Texts of several lines.
const LONG: [&str; 6] = [
    "if a\nthen\nb\nelif c; then d\nelse\ne\nfi\nf",
    "while a\ndo b\nfor x in 1 2\ndo\nc\ndone\ndone",
    "(a\nb; c) |\nd &&\n! e ||\nf",
    "echo 'a\nb' \"c\n$d\" e\\\nf",
    "{ a\nb\n} > c",
    "until a; b\ndo (c) & done\n",
];

#[test]
fn the_first_lines_of_a_text_are_right_or_want_more() {
    for text in LONG {
        assert!(parse(text.as_bytes()).is_ok(), "{text}");
        for (end, _) in text.match_indices('\n') {
            let start = &text[..=end];
            if let Err(error) = parse(start.as_bytes()) {
                assert!(error.wants_more(), "{start}: {error}");
            }
        }
    }
    assert!(parse(b"if a\nthen\nfi\n").is_err_and(|error| !error.wants_more()));
}

/// What means something to a shell, in any order.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: [&str; 40] = [
        "a", "b1", "2", "x=", "$x", "${x}", "\"", "'", "\\", " ", " ", "\n", ";", "&", "&&", "|",
        "||", "(", ")", "{ ", " }", "<", ">", ">>", ">&", "<&", "! ", " if ", " then ", " elif ",
        " else ", " fi ", " while ", " do ", " done ", " for ", " in ", "#", "*", "$@",
    ];
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..16).prop_map(|it| it.concat())
}

#[test]
fn any_text_is_read_to_an_end() {
    holds_for_many(5_000, pieces(), |text| {
        let _ = parse(text.as_bytes());
        Ok(())
    });
}

#[test]
fn any_bytes_between_single_quotes_are_one_word() {
    let bytes = prop::collection::vec(any::<u8>(), 0..20);
    holds_for(bytes, |bytes| {
        let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\'').collect();
        let text = [&b"'"[..], &bytes, b"'"].concat();
        let list = parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let Kind::Simple { words, .. } = &list[0].first.commands[0].kind else {
            return Err(TestCaseError::fail("no simple command"));
        };
        prop_assert_eq!(&words[0].parts, &[Part::Quoted(bytes)]);
        Ok(())
    });
}
