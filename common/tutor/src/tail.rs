//! The end of what a kernel printed: enough for its last words, however much it said before.

use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};
use std::path::Path;

/// So many bytes are kept.
const KEPT: usize = 64 << 10;

/// The last bytes of a console.
#[derive(Clone, Debug, Default)]
pub struct Tail(Vec<u8>);

impl Tail {
    /// Takes what was printed next.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
        // Cut seldom: each cut moves what is kept.
        if self.0.len() > 2 * KEPT {
            self.0.drain(..self.0.len() - KEPT);
        }
    }

    /// Takes the end of `file`, if it can be read.
    pub fn add_file(&mut self, file: &Path) {
        if let Ok(bytes) = end_of(file) {
            self.add(&bytes);
        }
    }

    /// What was kept, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

fn end_of(file: &Path) -> Result<Vec<u8>> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(KEPT as u64)))?;
    let mut bytes = Vec::new();
    file.take(KEPT as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_kept_in_little_memory() {
        let mut tail = Tail::default();
        assert_eq!(tail.text(), "");
        (0..1000).for_each(|_| tail.add(&[b'x'; 1000]));
        tail.add(b"the end");
        assert!(tail.text().ends_with("xthe end"));
        assert!((KEPT..=2 * KEPT).contains(&tail.text().len()));
    }

    #[test]
    fn of_a_file_the_end_is_read() {
        let file = tempfile::NamedTempFile::new().expect("a file can be made");
        std::fs::write(file.path(), [vec![b'x'; 2 * KEPT], b"the end".to_vec()].concat())
            .expect("the file can be written");
        let mut tail = Tail::default();
        tail.add_file(file.path());
        assert!(tail.text().ends_with("xthe end"));
        assert_eq!(tail.text().len(), KEPT);
        tail.add_file(Path::new("/no such file"));
        assert_eq!(tail.text().len(), KEPT);
    }
}
