//! Files of the working tree: read, written and removed whole.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::merge::Bytes;
use crate::failure::{Failure, Result};

/// The bytes of the file at `path`. A link, which would lead a change to another place, is refused.
pub fn read(path: &Path) -> Result<Bytes> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_file() => {
            fs::read(path).map(Some).map_err(|error| Failure::io("read", path, &error))
        }
        Ok(_) => {
            let message = format!("{} is a link or folder: carry takes files only", path.display());
            Err(Failure::failed(message))
        }
        Err(error) if is_missing(error.kind()) => Ok(None),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}

/// Makes the file at `path` hold `bytes`, or removes it.
pub fn put(path: &Path, bytes: &Bytes) -> Result<()> {
    let Some(bytes) = bytes else {
        return remove(path);
    };
    create_parent(path)?;
    fs::write(path, bytes).map_err(|error| Failure::io("write", path, &error))
}

/// Copies a file, its permissions included.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    create_parent(to)?;
    fs::copy(from, to).map_err(|error| Failure::io("write", to, &error))?;
    Ok(())
}

/// Gives the file at `to` the permissions of the one at `from`.
pub fn copy_permissions(from: &Path, to: &Path) -> Result<()> {
    let copied = fs::metadata(from).and_then(|about| fs::set_permissions(to, about.permissions()));
    copied.map_err(|error| Failure::io("write", to, &error))
}

/// Removes a file, and the folders that are empty without it: Git knows none.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if !is_missing(error.kind()) => {
            return Err(Failure::io("remove", path, &error));
        }
        _ => {}
    }
    // The first folder that holds something else cannot be removed, and ends this.
    let is_removed = |folder: &&Path| fs::remove_dir(folder).is_ok();
    path.ancestors().skip(1).take_while(is_removed).for_each(drop);
    Ok(())
}

fn create_parent(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| Failure::io("create", folder, &error))
}

fn is_missing(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_and_go_with_their_folders() {
        let root = tempfile::tempdir().expect("there is room");
        let path = root.path().join("a/b/c.rs");
        fs::write(root.path().join("stays"), "").expect("there is room");
        assert_eq!(read(&path), Ok(None));
        assert_eq!(put(&path, &Some(b"1".to_vec())), Ok(()));
        assert_eq!(read(&path), Ok(Some(b"1".to_vec())));
        assert_eq!(read(&path.join("below")), Ok(None));
        assert_eq!(put(&path, &None), Ok(()));
        assert!(!root.path().join("a").exists() && root.path().exists());
        assert_eq!(put(&path, &None), Ok(()));
    }

    #[test]
    fn links_are_refused() {
        let root = tempfile::tempdir().expect("there is room");
        let link = root.path().join("link");
        std::os::unix::fs::symlink("elsewhere", &link).expect("there is room");
        let failure = read(&link).expect_err("it is a link");
        assert!(failure.message.contains("link"), "{}", failure.message);
    }
}
