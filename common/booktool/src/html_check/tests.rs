//! Small books, each with one thing wrong, and the same without it.

use std::fs;

use super::{check, of_source};

/// A page with `content` in it.
fn page(content: &str) -> String {
    format!("<html><head><title>T</title></head><body><main>{content}</main></body></html>")
}

/// What is found in a book of these files.
fn findings(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("it is below the folder")).expect("it is ours");
        fs::write(file, text).expect("it is ours");
    }
    check(folder.path()).err().unwrap_or_default()
}

/// What is found on a page with `content`, beside which there are another page, two pictures and
/// a script.
fn found(content: &str) -> Vec<String> {
    let other = page("<h1 id=\"there\">Other</h1><p>Text.");
    let start = page(&format!("<h1>Page</h1><p>Text.</p>{content}"));
    findings(&[
        ("index.html", &page("Text.")),
        ("page.html", &start),
        ("part/other page.html", &other),
        ("part/index.html", &other),
        ("a.svg", ""),
        ("a.js", ""),
    ])
}

/// Each line of `good` is right, and each line of `bad` has one finding with `what` in it.
fn told_apart(what: &str, bad: &[&str], good: &[&str]) {
    for content in good {
        assert_eq!(found(content), [""; 0], "{content}");
    }
    for content in bad {
        let found = found(content);
        assert_eq!(found.len(), 1, "{content}: {found:?}");
        assert!(found[0].starts_with("page.html: "), "{found:?}");
        assert!(found[0].contains(what), "{content}: {found:?}");
    }
}

#[test]
fn links_to_files_that_are_not_there_are_found() {
    told_apart(
        "leads nowhere",
        &["<a href='none.html'>x</a>", "<a href='part/none/'>x</a>", "<a href='other.html'>x</a>"],
        &[
            "<a href='part/other%20page.html'>x</a>",
            "<a href='./part/../index.html?x=1'>x</a>",
            "<a href='part/'>x</a>",
            "<a href='a.svg#x'>x</a>",
            "<a href='https://example.org/none'>x</a>",
            "<a href='mailto:a@example.org'>x</a>",
            "<a>x</a>",
        ],
    );
}

#[test]
fn links_to_parts_that_are_not_there_are_found() {
    told_apart(
        "has no part with the id",
        &["<a href='#none'>x</a>", "<a href='part/other%20page.html#here'>x</a>"],
        &[
            "<a href='#here'>x</a><p id='here'>x",
            "<a href='#%C3%A4'>x</a><p id='ä'>x",
            "<a href='part/#there'>x</a>",
            "<a href='#'>x</a>",
        ],
    );
}

#[test]
fn links_that_cannot_be_followed_are_found() {
    told_apart("the address is empty", &["<a href=''>x</a>"], &[]);
    told_apart("absolute", &["<a href='/index.html'>x</a>"], &[]);
    told_apart("leads out of the book", &["<a href='../index.html'>x</a>"], &[]);
    told_apart("where a reader may go", &["<a href='javascript:f()'>x</a>"], &[]);
}

#[test]
fn a_page_for_any_address_counts_its_links_from_the_root() {
    let lost = |link: &str| {
        page(&format!("<a href='{link}'>x</a>")).replace("<head>", "<head><base href='/b/'>")
    };
    for (link, is_right) in [("/b/index.html", true), ("index.html", true), ("/index.html", false)]
    {
        let found = findings(&[("index.html", &page("x")), ("part/404.html", &lost(link))]);
        assert_eq!(found.is_empty(), is_right, "{link}: {found:?}");
    }
}

#[test]
fn what_comes_from_another_host_is_found() {
    told_apart(
        "from another host",
        &[
            "<script src='https://example.org/a.js'></script>",
            "<img alt='x' src='//example.org/a.png'>",
            "<link rel='stylesheet' href='http://example.org/a.css'>",
            "<link rel='preconnect' href='https://example.org'>",
            "<iframe src='https://example.org'></iframe>",
            "<img alt='x' src='a.svg' srcset='a.svg 1x, https://example.org/a.svg 2x'>",
            "<p style='background: url(https://example.org/a.png)'>x",
            "<style>@import 'https://example.org/a.css';</style>",
            "<svg role='img'><title>x</title><image href='https://example.org/a.png'/></svg>",
        ],
        &[
            "<script src='a.js'></script>",
            "<img alt='x' src='data:image/png;base64,AA'>",
            "<svg xmlns='http://www.w3.org/2000/svg' role='img'><title>x</title></svg>",
            "<link rel='canonical' href='https://example.org/page.html'>",
        ],
    );
}

#[test]
fn what_is_loaded_and_not_there_is_found() {
    told_apart(
        "leads nowhere",
        &[
            "<img alt='x' src='none.png'>",
            "<script src='none.js'></script>",
            "<object data='none.svg'></object>",
            "<p style='background: url(\"none.png\")'>x",
        ],
        &["<img alt='x' src='a.svg'>", "<p style='background: url(\"a.svg\")'>x"],
    );
    told_apart(
        "has no part with the id",
        &["<svg><path marker-end='url(#none)'/></svg>"],
        &["<svg><marker id='arrow'/><path marker-end='url(#arrow)'/></svg>"],
    );
}

#[test]
fn style_sheets_are_read_from_their_own_folder() {
    let with = |css: &str| {
        findings(&[("index.html", &page("x")), ("css/a.css", css), ("css/a.woff2", "")])
    };
    assert_eq!(with("@font-face { src: url('a.woff2') format('woff2') }"), [""; 0]);
    assert_eq!(with("a { background: url('../css/a.woff2') }"), [""; 0]);
    for css in ["a { src: url('css/a.woff2') }", "@import url(https://example.org/a.css);"] {
        let found = with(css);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("css/a.css: loads "), "{found:?}");
    }
}

#[test]
fn repeated_ids_are_found() {
    told_apart(
        "another element has this id",
        &["<p id='a'>x<p id='a'>y", "<svg><g id='a'/></svg><p id='a'>x"],
        &["<p id='a'>x<p id='b'>y"],
    );
}

#[test]
fn headings_that_leave_out_a_level_are_found() {
    told_apart(
        "comes right after <h1>",
        &["<h3>x</h3>", "<h4>x</h4><h5>y</h5>"],
        &["<h2>x</h2><h3>y</h3><h2>z</h2>", "<h1>x</h1>"],
    );
    told_apart("has no words", &["<h2><a id='a'></a></h2>"], &["<h2><code>x</code></h2>"]);
    let found = findings(&[("index.html", &page("<h2>x</h2><p>Text."))]);
    assert_eq!(found, ["index.html: <h2>: comes right after nothing"]);
}

#[test]
fn directives_that_are_left_are_found() {
    told_apart(
        "a directive is left",
        &["<p>{{#diff 04 src/main.rs}}", "<pre>{{#tree 04}}</pre>"],
        &["<p>Write <code>{{#tree 04}}</code>.", "<p>{{ x }} and {#"],
    );
}

#[test]
fn pictures_without_words_are_found() {
    told_apart(
        "has no alternative text",
        &["<img src='a.svg'>", "<img src='a.svg' alt=' '>"],
        &["<img src='a.svg' alt='A map'>"],
    );
    told_apart(
        "has no title",
        &["<svg role='img'></svg>", "<svg role='img'><title> </title></svg>"],
        &[
            "<svg role='img'><title>A map</title></svg>",
            "<svg role='img' aria-label='A map'></svg>",
            "<svg aria-hidden='true'></svg>",
        ],
    );
}

#[test]
fn tables_without_headers_are_found() {
    told_apart(
        "has no header cells",
        &["<table><tr><td>x</table>"],
        &["<table><tr><th>x<td>y</table>", "<table role='presentation'><tr><td>x</table>"],
    );
    told_apart("in the table with \"x\"", &["<table><tr><th> </th><th>x</table>"], &[]);
}

#[test]
fn pages_without_a_title_or_text_are_found() {
    let found = |text: &str| findings(&[("index.html", text)]);
    assert_eq!(found(&page("x")), [""; 0]);
    assert_eq!(found(&page("<svg aria-hidden='true'></svg>")), [""; 0]);
    assert_eq!(found(&page("x").replace(">T<", "><")), ["index.html: <title>: is empty"]);
    let empty = ["index.html: <main>: there is nothing on this page"];
    assert_eq!(found(&page("")), empty);
    assert_eq!(found(&page("<h1>Paging</h1><p> </p>")), empty);
    assert_eq!(found("<html><body>x"), ["index.html: <main>: is missing"]);
    assert_eq!(found("<meta http-equiv='refresh' content='0; url=a.html'>"), [""; 0]);
}

#[test]
fn the_page_of_the_whole_book_tells_only_what_the_others_have_not() {
    let (text, whole) =
        (page("<a href='none'>x</a>"), page("<a href='none'>x<p id='a'><p id='a'>"));
    let found = findings(&[("a.html", &text), ("print.html", &whole)]);
    let starts = ["a.html: <a href=\"none\">", "print.html: <p id=\"a\">"];
    assert_eq!(found.len(), starts.len(), "{found:?}");
    assert!(found.iter().zip(starts).all(|(found, start)| found.starts_with(start)), "{found:?}");
}

#[test]
fn a_folder_without_pages_is_no_book() {
    assert_eq!(findings(&[("a.txt", "")]).len(), 1);
    assert!(check(std::path::Path::new("/no/such/folder")).is_err());
}

#[test]
fn scripts_of_ours_have_a_limit() {
    let with = |name: &str, bytes: usize| {
        let text = page(&format!("<p>x<script src='{name}'></script><script>f()</script>"));
        findings(&[("index.html", &text), (name, &" ".repeat(bytes))])
    };
    assert_eq!(with("theme/strata-1.js", 99_000), [""; 0]);
    assert_eq!(with("highlight-1.js", 200_000), [""; 0]);
    let found = with("theme/strata-1.js", 99_998);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("100001 bytes"), "{found:?}");
}

#[test]
fn the_search_index_keeps_pages_out() {
    let with = |index: &str| {
        let text = page("x");
        findings(&[("a.html", &text), ("diffs/b.html", &text), ("searchindex-1.js", index)])
    };
    assert_eq!(with(r#"{"doc_urls":["a.html#b"]}"#), [""; 0]);
    for url in ["diffs/b.html", "diffs/b.html#b"] {
        let found = with(&format!(r#"{{"doc_urls":["a.html#b","{url}"]}}"#));
        assert_eq!(found, ["searchindex-1.js: has diffs/b.html, which is to be kept out"]);
    }
}

#[test]
fn the_search_index_has_no_more_than_prose_in_it() {
    let with = |content: &str, bytes: usize| {
        let index = format!("{:bytes$}", r#"{"doc_urls":["a.html#b"]}"#);
        let files = [("a.html", page(content)), ("b.html", page(&"word ".repeat(1000)))];
        let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
        findings(&[files[0], files[1], ("searchindex-1.js", &index)])
    };
    let prose = "word ".repeat(1000);
    assert_eq!(with("x", 10_000), [""; 0]);
    assert_eq!(with(&prose, 50_000), [""; 0]);
    let found = with(&prose, 50_001);
    assert!(found.len() == 1 && found[0].contains("50000 are the most"), "{found:?}");
    assert_eq!(with(&format!("x<pre>{prose}</pre>"), 50_000).len(), 1);
}

#[test]
fn what_the_text_tells_is_found_before_the_book_is_built() {
    let found = of_source("A page", "| a |  |\n|---|---|\n| 1 | 2 |\n\n![](x.svg)\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|finding| finding.starts_with("A page: ")), "{found:?}");
    assert_eq!(of_source("A page", "| a | b |\n|---|---|\n| 1 | 2 |\n"), [""; 0]);
}
