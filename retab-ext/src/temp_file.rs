//! Temporary files and atomic writes.

use std::fs::Permissions;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};
use tokio::fs::File;

/// A file that is deleted on drop unless it is persisted.
pub(crate) struct TempFile {
    /// `None` after the file is persisted or deleted.
    path: Option<TempPath>,
}

impl TempFile {
    /// Creates a file in the system's temporary directory that only the current user can access.
    pub(crate) async fn create() -> io::Result<(Self, File)> {
        Self::create_with(NamedTempFile::new).await
    }

    /// Creates a file in this directory with these permissions, or else with the default permissions of new files.
    pub(crate) async fn create_in(
        directory: PathBuf,
        permissions: Option<Permissions>,
    ) -> io::Result<(Self, File)> {
        Self::create_with(move || {
            let mut builder = Builder::new();
            builder.prefix(".retab-").suffix(".part");
            if let Some(permissions) = permissions.clone().or_else(default_permissions) {
                builder.permissions(permissions);
            }
            let file = builder.tempfile_in(directory)?;
            // The umask of the process may have removed some.
            if let Some(permissions) = permissions {
                file.as_file().set_permissions(permissions)?;
            }
            Ok(file)
        })
        .await
    }

    async fn create_with(
        create: impl FnOnce() -> io::Result<NamedTempFile> + Send + 'static,
    ) -> io::Result<(Self, File)> {
        let (file, path) = spawn_blocking(create).await?.into_parts();
        Ok((Self { path: Some(path) }, File::from_std(file)))
    }

    /// Returns the path of the file.
    pub(crate) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// Deletes the file and waits for completion, unlike a drop.
    pub(crate) async fn remove(mut self) {
        if let Some(path) = self.path.take() {
            let _ = spawn_blocking(move || path.close()).await;
        }
    }

    /// Syncs the file to disk and moves it to this path, replacing an existing file.
    pub(crate) async fn replace(mut self, file: File, path: PathBuf) -> io::Result<()> {
        if let Err(error) = file.sync_all().await {
            self.remove().await;
            return Err(error);
        }
        let Some(temporary) = self.path.take() else {
            return Ok(());
        };
        spawn_blocking(move || {
            temporary.persist(&path).map_err(|error| error.error)?;
            sync_directory(&path);
            Ok(())
        })
        .await
    }

    /// Syncs the file to disk and moves it to the first of these paths that does not exist.
    pub(crate) async fn take_free_name(
        mut self,
        file: File,
        mut paths: impl Iterator<Item = PathBuf> + Send + 'static,
    ) -> io::Result<PathBuf> {
        if let Err(error) = file.sync_all().await {
            self.remove().await;
            return Err(error);
        }
        let already_exists = || io::Error::from(io::ErrorKind::AlreadyExists);
        let mut temporary = self.path.take().ok_or_else(already_exists)?;
        spawn_blocking(move || {
            loop {
                let path = paths.next().ok_or_else(already_exists)?;
                match temporary.persist_noclobber(&path) {
                    Ok(()) => {
                        sync_directory(&path);
                        return Ok(path);
                    }
                    Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                        temporary = error.path;
                    }
                    Err(error) => return Err(error.error),
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
            // Deleting a large file can block for long.
            runtime.spawn_blocking(move || drop(path));
        }
    }
}

/// Runs blocking I/O on tokio's blocking thread pool.
async fn spawn_blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let result = tokio::task::spawn_blocking(work).await;
    result.map_err(io::Error::other)?
}

/// Syncs the parent directory, so that the new name survives a power failure.
///
/// Errors are ignored, because some file systems do this implicitly and reject the call.
fn sync_directory(path: &Path) {
    if cfg!(unix)
        && let Ok(directory) = std::fs::File::open(folder_of(path))
    {
        let _ = directory.sync_all();
    }
}

/// Returns the parent directory of this path.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "returns None on other platforms")]
fn default_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;

    // The umask of the process still applies.
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn default_permissions() -> Option<Permissions> {
    None
}
