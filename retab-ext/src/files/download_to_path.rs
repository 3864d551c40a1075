//! Downloads to files that appear only when they are complete.

use std::fs::Permissions;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use retab_api::runtime::{Response, ResponseBody};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::Mutex;

use super::destination::{self, Destination};
use super::download::Download;
use super::object_storage;
use crate::document::file_name;
use crate::error::Error;
use crate::temp_file::{TempFile, folder_of};

impl Download {
    /// Writes the file to `path`, replacing an existing file, and returns its size in bytes.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// client.file("file_abc123xyz").download().to_path("invoice.pdf").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The content is written to a temporary file in the same folder, synced to disk, then renamed to `path`. If the
    /// connection breaks, the client retries the download.
    ///
    /// If `path` is a symlink, its target is replaced. On Unix, an existing file keeps its mode, without set-user-ID and
    /// set-group-ID. Its owner and other attributes are not kept.
    ///
    /// # Errors
    /// Returns the errors of [`stream`](Self::stream), and an error of the kind
    ///
    /// - [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if `path` is a folder, a pipe, a device, a dangling symlink
    ///   or anything else but a regular file. In that case, nothing is sent.
    /// - [`Other`](crate::ErrorKind::Other) if the file cannot be written. The temporary file is removed and `path` stays
    ///   unchanged.
    ///
    /// # Cancel safety
    /// If the future is dropped, `path` refers to either the previous file or the complete new one. The temporary file
    /// is removed in the background.
    pub async fn to_path(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        download_to(&self, path.as_ref()).await
    }

    /// Writes the file to `folder` under its stored name and returns its path.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let path = client.file("file_abc123xyz").download().to_folder("downloads").await?;
    /// println!("{}", path.display());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The name is sanitized: folders, leading dots and characters that are special to file systems are removed or
    /// replaced. If the name is taken, a number from 2 to 9999 is added. Existing files are never replaced.
    ///
    /// # Errors
    /// Returns the errors of [`to_path`](Self::to_path).
    ///
    /// # Cancel safety
    /// If the future is dropped, `folder` contains either the complete file or none. The temporary file is removed in
    /// the background.
    pub async fn to_folder(self, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
        download_into(&self, folder.as_ref()).await
    }
}

async fn download_to(download: &Download, path: &Path) -> Result<u64, Error> {
    let destination = Destination::resolve(path).await;
    let Destination {
        path: resolved,
        permissions,
    } = destination.map_err(|error| error.about(download.id()))?;
    let downloaded = download_to_temporary(download, folder_of(&resolved), permissions).await?;
    let (temporary, file) = downloaded.written;
    let renamed = temporary.replace(file, resolved).await;
    renamed.map_err(|cause| write_error(download, path, cause))?;
    Ok(downloaded.size)
}

async fn download_into(download: &Download, folder: &Path) -> Result<PathBuf, Error> {
    let downloaded = download_to_temporary(download, folder, None).await?;
    let owned = folder.to_owned();
    let names = file_name::candidates(file_name::sanitize(&downloaded.name));
    let paths = names.map(move |name| owned.join(name));
    let (temporary, file) = downloaded.written;
    let renamed = temporary.take_free_name(file, paths).await;
    renamed.map_err(|cause| write_error(download, folder, cause))
}

/// A completely downloaded file.
struct Downloaded {
    name: String,
    size: u64,
    written: (TempFile, File),
}

async fn download_to_temporary(
    download: &Download,
    folder: &Path,
    permissions: Option<Permissions>,
) -> Result<Downloaded, Error> {
    let write_error = |cause| write_error(download, folder, cause);
    let slot = Mutex::new(None);
    let create = || TempFile::create_in(folder.to_owned(), permissions.clone());
    let write = |response| write(response, folder, create, &slot);
    let fetched = download.fetch(write).await;
    if fetched.is_err()
        && let Some((temporary, _)) = slot.lock().await.take()
    {
        // Removed before the caller sees the error.
        temporary.remove().await;
    }
    let (name, _) = fetched?;
    let not_written = || write_error(io::ErrorKind::NotFound.into());
    let written = slot.into_inner().ok_or_else(not_written)?;
    let metadata = written.1.metadata().await;
    Ok(Downloaded {
        name,
        size: metadata.map_err(write_error)?.len(),
        written,
    })
}

/// Writes the body of a response to the file in `slot`, which all attempts share.
async fn write(
    mut response: Response,
    folder: &Path,
    create: impl AsyncFnOnce() -> io::Result<(TempFile, File)>,
    slot: &Mutex<Option<(TempFile, File)>>,
) -> Result<Response, retab_api::Error> {
    let empty = ResponseBody::Buffered(Bytes::new());
    let ResponseBody::Stream(mut chunks) = mem::replace(&mut response.body, empty) else {
        return Ok(response);
    };
    let failed = |cause: io::Error| {
        let reason = format!("cannot write to {}: {cause}", folder.display());
        let cause = io::Error::new(cause.kind(), reason);
        retab_api::Error::from_executor(&object_storage::DOWNLOAD, cause)
    };
    let mut slot = slot.lock().await;
    let (_, file) = match &mut *slot {
        Some(written) => {
            let file = &mut written.1;
            file.rewind().await.map_err(failed)?;
            file.set_len(0).await.map_err(failed)?;
            written
        }
        vacant => vacant.insert(create().await.map_err(failed)?),
    };
    while let Some(chunk) = chunks.try_next().await? {
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    Ok(response)
}

fn write_error(download: &Download, path: &Path, cause: io::Error) -> Error {
    destination::write_error(path, cause).about(download.id())
}
