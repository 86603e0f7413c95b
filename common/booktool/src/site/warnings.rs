//! What mdBook warns of while it works.
//!
//! It says so to whoever listens to its trace, and goes on; a book with a broken page would be
//! finished without an error.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

/// Keeps what is written.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What `work` returns, and what is warned of meanwhile, a warning each.
pub fn of<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let kept = Kept::default();
    let listener = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(kept.clone())
        .with_ansi(false)
        .with_level(false)
        .with_target(false)
        .without_time()
        .finish();
    let result = tracing::subscriber::with_default(listener, work);
    let bytes = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    let said = String::from_utf8_lossy(&bytes);
    (result, said.lines().map(String::from).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn warnings_are_kept_and_notes_are_not() {
        let (result, warnings) = super::of(|| {
            tracing::info!("all is well");
            tracing::warn!("a tag is not closed");
            7
        });
        assert_eq!((result, warnings), (7, vec!["a tag is not closed".into()]));
    }
}
