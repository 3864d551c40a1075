//! All-or-nothing replacement of files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::problem::{Problem, Result};

/// Writes the new content of each file, or removes the file if its content is `None`.
///
/// All contents are written to temporary files in the target directories before any of them is renamed.
/// Unchanged files are not touched, so their modification time stays the same and cargo sees no change.
/// Missing directories are created, and remain if the replacement fails.
///
/// # Errors
/// Returns an error if a file cannot be read, written or renamed. Files that were already renamed are restored.
pub(crate) fn replace(files: &[(PathBuf, Option<Vec<u8>>)]) -> Result<()> {
    let mut staged = Vec::new();
    for (path, content) in files {
        let refused = |error| not_written(path, &error);
        let old = content_of(path).map_err(refused)?;
        if old == *content {
            continue;
        }
        let new = match content {
            Some(content) => Some(stage(path, content).map_err(refused)?),
            None => None,
        };
        staged.push((path, old, new));
    }
    let mut done = Vec::new();
    for (path, old, new) in staged {
        let changed = match new {
            Some(new) => new.persist(path).map(drop).map_err(|error| error.error),
            None => fs::remove_file(path),
        };
        if let Err(error) = changed {
            put_back(&done);
            return Err(not_written(path, &error));
        }
        done.push((path, old));
    }
    Ok(())
}

fn content_of(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn stage(path: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    // The name is hidden so that directory listings skip the file.
    builder.prefix(".xtask-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private by default. Regular files follow the umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Restores the old content of replaced files.
///
/// Errors are ignored: the caller reports the error that caused the rollback.
fn put_back(done: &[(&PathBuf, Option<Vec<u8>>)]) {
    for (path, old) in done {
        let _ = match old {
            Some(content) => fs::write(path, content),
            None => fs::remove_file(path),
        };
    }
}

fn not_written(path: &Path, error: &io::Error) -> Problem {
    Problem::new(
        path.display(),
        format_args!("cannot replace the file, no file was changed: {error}"),
        "check the free space and the write permissions, then run the command again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creates_files_and_directories() {
        let root = tempfile::tempdir().unwrap();
        let (one, two) = (root.path().join("one"), root.path().join("a/b/two"));

        replace(&[
            (one.clone(), Some(b"1".into())),
            (two.clone(), Some(b"2".into())),
        ])
        .unwrap();

        assert_eq!(fs::read(one).unwrap(), b"1");
        assert_eq!(fs::read(two).unwrap(), b"2");
    }

    #[test]
    fn skips_unchanged_file() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("same");
        fs::write(&path, "same").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();

        replace(&[(path.clone(), Some(b"same".into()))]).unwrap();

        // A rename would replace it with a writable file.
        assert!(fs::metadata(&path).unwrap().permissions().readonly());
    }

    #[test]
    fn removes_file_without_content() {
        let root = tempfile::tempdir().unwrap();
        let (gone, never) = (root.path().join("gone"), root.path().join("never"));
        fs::write(&gone, "old").unwrap();

        replace(&[(gone.clone(), None), (never, None)]).unwrap();

        assert!(!gone.exists());
    }

    #[test]
    fn changes_nothing_if_staging_fails() {
        let root = tempfile::tempdir().unwrap();
        let good = root.path().join("good");
        fs::write(&good, "old").unwrap();
        let bad = good.join("below-a-file");

        let problem = replace(&[
            (good.clone(), Some(b"new".into())),
            (bad, Some(b"x".into())),
        ])
        .unwrap_err();

        assert!(problem.to_string().contains("below-a-file"), "{problem}");
        assert_eq!(fs::read(&good).unwrap(), b"old");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn restores_files_if_rename_fails() {
        let root = tempfile::tempdir().unwrap();
        let (old, fresh) = (root.path().join("old"), root.path().join("fresh"));
        fs::write(&old, "old").unwrap();
        let gone = root.path().join("gone");
        fs::write(&gone, "to be removed").unwrap();
        // Staging the last file creates a directory at the path of the previous one, whose rename then fails.
        let both = root.path().join("both");

        let files = [
            (gone.clone(), None),
            (old.clone(), Some(b"new".to_vec())),
            (fresh.clone(), Some(b"new".to_vec())),
            (both.clone(), Some(b"x".to_vec())),
            (both.join("inner"), Some(b"x".to_vec())),
        ];
        let problem = replace(&files).unwrap_err().to_string();

        assert!(
            problem.starts_with(&both.display().to_string()),
            "{problem}"
        );

        assert_eq!(fs::read(&old).unwrap(), b"old");
        assert_eq!(fs::read(&gone).unwrap(), b"to be removed");
        assert!(!fresh.exists());
    }
}
