//! `make serve`: the book in a browser, built again whenever something is saved.
//!
//! A page asks the server for the number of the build that it shows, and the answer is given when
//! there is a newer one; then it loads itself again. The script that asks is put into pages as they
//! are sent, so that the book on the disk is the same as without a server.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use notify_debouncer_full::notify::RecursiveMode;
use notify_debouncer_full::{DebounceEventResult, new_debouncer};
use tiny_http::{Header, Request, Response, Server};

use crate::Result;

/// Folders and files whose change is a change of the book, from the root of the repository.
const WATCHED: &[&str] =
    &["book/src", "book/theme", "book/book.toml", "chapters", "build-config.toml"];

/// How long saving may take before it counts as done.
const QUIET: Duration = Duration::from_millis(150);

/// How long a page waits for an answer before it asks again.
const PATIENCE: Duration = Duration::from_secs(25);

/// Threads that answer; each page that is open keeps one waiting.
const THREADS: usize = 16;

/// What a page does to find out that it is old.
const SCRIPT: &str = "<script>(function ask(number) {\
    fetch('/__build?after=' + number).then(function (answer) { return answer.text(); })\
    .then(function (next) { if (number && next !== number) location.reload(); else ask(next); })\
    .catch(function () { setTimeout(ask, 1000, number); });\
    })('');</script>";

/// The number of the newest build, and who waits for the next one.
#[derive(Default)]
struct Builds {
    count: Mutex<usize>,
    has_changed: Condvar,
}

/// Builds the book, serves it at `port`, and builds it again when something is saved. Does not
/// return unless it cannot begin.
pub fn serve(root: &Path, port: u16) -> Result<()> {
    let server = Server::http(("127.0.0.1", port))
        .map_err(|error| format!("port={port}: cannot listen there: {error}"))?;
    let (server, builds) = (Arc::new(server), Arc::new(Builds::default()));
    let folder = root.join("book/book");
    build(root);
    for _ in 0..THREADS {
        let (server, builds, folder) = (Arc::clone(&server), Arc::clone(&builds), folder.clone());
        thread::spawn(move || {
            while let Ok(request) = server.recv() {
                answer(request, &folder, &builds);
            }
        });
    }
    anstream::eprintln!("The book is at http://localhost:{port}/ (Ctrl-C ends this).");
    watch(root, || {
        build(root);
        *builds.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        builds.has_changed.notify_all();
    })
}

/// Builds the book, and says so or what is wrong; what there was stays until it is right.
fn build(root: &Path) {
    let start = std::time::Instant::now();
    match super::build(root) {
        Ok(_) => anstream::eprintln!("built in {:.1} s", start.elapsed().as_secs_f32()),
        Err(message) => crate::complain(&message),
    }
}

/// Calls `act` after each change, for ever.
fn watch(root: &Path, mut act: impl FnMut()) -> Result<()> {
    let (sender, receiver) = std::sync::mpsc::channel::<DebounceEventResult>();
    let cannot = |error| format!("cannot watch the book's files: {error}");
    let mut watcher = new_debouncer(QUIET, None, sender).map_err(cannot)?;
    for name in WATCHED {
        watcher.watch(root.join(name), RecursiveMode::Recursive).map_err(cannot)?;
    }
    while let Ok(events) = receiver.recv() {
        let is_change = |event: &notify_debouncer_full::DebouncedEvent| !event.kind.is_access();
        if events.is_ok_and(|events| events.iter().any(is_change)) {
            act();
        }
    }
    Ok(())
}

fn answer(request: Request, folder: &Path, builds: &Builds) {
    let url = request.url().to_string();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    // A browser that has gone away needs no answer.
    let _ = if path == "/__build" {
        request.respond(Response::from_string(newer(builds, query)))
    } else {
        respond(request, folder, path)
    };
}

/// The number of the newest build, once it is not the one that `query` names.
fn newer(builds: &Builds, query: &str) -> String {
    let known = query.strip_prefix("after=").unwrap_or_default();
    let count = builds.count.lock().unwrap_or_else(PoisonError::into_inner);
    let is_known = |count: &mut usize| count.to_string() == known;
    let waited = builds.has_changed.wait_timeout_while(count, PATIENCE, is_known);
    let (count, _) = waited.unwrap_or_else(PoisonError::into_inner);
    count.to_string()
}

fn respond(request: Request, folder: &Path, path: &str) -> std::io::Result<()> {
    let Some(file) = file(folder, path) else {
        return request.respond(Response::from_string("no such page").with_status_code(404));
    };
    let kind = mime(&file);
    let mut bytes = std::fs::read(&file)?;
    if kind == "text/html" {
        bytes.extend_from_slice(SCRIPT.as_bytes());
    }
    let header = format!("Content-Type: {kind}; charset=utf-8");
    let header: Header = header.parse().expect("it is a header");
    request.respond(Response::from_data(bytes).with_header(header))
}

/// The file at `path`, if it is one of the book's.
fn file(folder: &Path, path: &str) -> Option<PathBuf> {
    let name = path.trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    let is_below = name.split('/').all(|part| part != ".." && !part.is_empty());
    Some(folder.join(name)).filter(|file| is_below && file.is_file())
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_books_files_are_served() {
        let folder = tempfile::tempdir().expect("there is room");
        std::fs::write(folder.path().join("index.html"), "x").expect("there is room");
        assert!(file(folder.path(), "/").is_some());
        assert!(file(folder.path(), "/index.html").is_some());
        assert!(file(folder.path(), "/none.html").is_none());
        assert!(file(folder.path(), "/../index.html").is_none());
        assert!(file(folder.path(), "//etc/passwd").is_none());
    }

    #[test]
    fn a_page_that_asks_for_the_first_time_is_answered_at_once() {
        assert_eq!(newer(&Builds::default(), "after="), "0");
    }
}
