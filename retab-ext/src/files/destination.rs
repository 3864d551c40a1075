//! The file that a download creates or replaces.

use std::fs::{Metadata, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use tokio::fs;

use crate::error::{Error, ErrorKind};

/// A path without a file, or a regular file.
pub(super) struct Destination {
    /// The path, after symlinks.
    pub(super) path: PathBuf,
    /// The permissions of the existing file.
    pub(super) permissions: Option<Permissions>,
}

impl Destination {
    /// Resolves a symlink and checks that a rename to the path would replace nothing but a regular file.
    ///
    /// # Errors
    /// Returns an error of kind `InvalidRequest` for anything else, such as a device, and for a dangling symlink: creating
    /// its target is rarely intended.
    pub(super) async fn resolve(path: &Path) -> Result<Self, Error> {
        let failed = |cause| write_error(path, cause);
        let rejected = |reason| {
            let path = path.display();
            Error::invalid_request(format!("cannot write to {path}: it is {reason}"))
        };
        let mut resolved = path.to_owned();
        let mut metadata = match fs::symlink_metadata(path).await {
            Ok(metadata) => metadata,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    path: resolved,
                    permissions: None,
                });
            }
            Err(cause) => return Err(failed(cause)),
        };
        if metadata.is_symlink() {
            resolved = match fs::canonicalize(path).await {
                Ok(target) => target,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                    return Err(rejected("a symlink to a file that does not exist"));
                }
                Err(cause) => return Err(failed(cause)),
            };
            metadata = fs::metadata(&resolved).await.map_err(failed)?;
        }
        if metadata.is_dir() {
            return Err(rejected(
                "a folder; call `to_folder` to keep the stored name",
            ));
        }
        if !metadata.is_file() {
            return Err(rejected(
                "not a regular file; call `to_writer` to write to a pipe or a device",
            ));
        }
        Ok(Self {
            path: resolved,
            permissions: permissions(&metadata),
        })
    }
}

/// Returns the error for a path that cannot be written.
pub(super) fn write_error(path: &Path, cause: io::Error) -> Error {
    let message = format!("cannot write to {}: {cause}", path.display());
    Error::new(ErrorKind::Other, message).caused_by(cause)
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "returns None on other platforms")]
fn permissions(existing: &Metadata) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;

    // New content does not inherit set-user-ID and set-group-ID, as with a write to the file.
    Some(Permissions::from_mode(
        existing.permissions().mode() & 0o777,
    ))
}

/// The attributes of other platforms are not permissions, and a read-only file cannot be replaced.
#[cfg(not(unix))]
fn permissions(_: &Metadata) -> Option<Permissions> {
    None
}
