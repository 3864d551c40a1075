//! Files that are there for a while, or appear whole under their final name.

use std::fs::Permissions;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};
use tokio::fs::File;

/// A file that is removed on drop, unless it is kept.
pub(crate) struct TempFile {
    /// `None` once it is kept.
    path: Option<TempPath>,
}

impl TempFile {
    /// A file for this user alone, in the folder for temporary files.
    pub(crate) async fn create() -> io::Result<(Self, File)> {
        Self::made_by(NamedTempFile::new).await
    }

    /// A file in this folder, with the permissions that a new file has there.
    pub(crate) async fn create_in(folder: PathBuf) -> io::Result<(Self, File)> {
        Self::made_by(move || {
            let mut builder = Builder::new();
            builder.prefix(".retab-").suffix(".part");
            if let Some(permissions) = permissions_of_a_new_file() {
                builder.permissions(permissions);
            }
            builder.tempfile_in(folder)
        })
        .await
    }

    async fn made_by(
        make: impl FnOnce() -> io::Result<NamedTempFile> + Send + 'static,
    ) -> io::Result<(Self, File)> {
        let (file, path) = off_the_runtime(make).await?.into_parts();
        Ok((Self { path: Some(path) }, File::from_std(file)))
    }

    /// Where it stands.
    pub(crate) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// Removes the file, and returns when it is gone. A drop returns before that.
    pub(crate) async fn remove(mut self) {
        if let Some(path) = self.path.take() {
            let _ = off_the_runtime(move || path.close()).await;
        }
    }

    /// Gives the file this name, in place of a file that has it, once all of it is on the disk.
    pub(crate) async fn replace(mut self, file: File, path: PathBuf) -> io::Result<()> {
        if let Err(unwritten) = file.sync_all().await {
            self.remove().await;
            return Err(unwritten);
        }
        let Some(temporary) = self.path.take() else {
            return Ok(());
        };
        off_the_runtime(move || {
            temporary.persist(&path).map_err(|failed| failed.error)?;
            sync_folder(&path);
            Ok(())
        })
        .await
    }

    /// Gives the file the first of these names that is free, once all of it is on the disk.
    pub(crate) async fn take_free_name(
        mut self,
        file: File,
        mut paths: impl Iterator<Item = PathBuf> + Send + 'static,
    ) -> io::Result<PathBuf> {
        if let Err(unwritten) = file.sync_all().await {
            self.remove().await;
            return Err(unwritten);
        }
        let taken = || io::Error::from(io::ErrorKind::AlreadyExists);
        let mut temporary = self.path.take().ok_or_else(taken)?;
        off_the_runtime(move || {
            loop {
                let path = paths.next().ok_or_else(taken)?;
                match temporary.persist_noclobber(&path) {
                    Ok(()) => {
                        sync_folder(&path);
                        return Ok(path);
                    }
                    Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
                        temporary = failed.path;
                    }
                    Err(failed) => return Err(failed.error),
                }
            }
        })
        .await
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let path = self.path.take();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            // A large file takes its time to be removed.
            runtime.spawn_blocking(move || drop(path));
        }
    }
}

/// Does what blocks where it may.
async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}

/// A new name outlives a failure of power once its folder is on the disk; some file systems do that by themselves, and
/// refuse to be asked.
fn sync_folder(path: &Path) {
    if cfg!(unix)
        && let Ok(folder) = std::fs::File::open(folder_of(path))
    {
        let _ = folder.sync_all();
    }
}

/// The folder in which the file at this path stands.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "the other systems have none")]
fn permissions_of_a_new_file() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;

    // The process's mask takes away what it takes away from every new file.
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn permissions_of_a_new_file() -> Option<Permissions> {
    None
}
