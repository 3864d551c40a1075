//! A download that appears whole under its name, or not at all.

use std::io;
use std::mem;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use retab_api::runtime::{Response, ResponseBody};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::Mutex;

use super::download::Download;
use super::object_storage as storage;
use crate::document::file_name;
use crate::error::{Error, ErrorKind};
use crate::temp_file::{TempFile, folder_of};

impl Download {
    /// Writes the file to this path, in place of a file that is there, and gives its size in bytes.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// client.files().download("file_abc123xyz").to_path("invoice.pdf").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It appears there whole, once all of it is on the disk: until then it has another name in the same folder, which is
    /// gone when the download fails or its future is dropped. A connection that breaks off within it is tried again.
    ///
    /// # Errors
    /// Those of [`stream`](Self::stream), and of the kind [`Other`](ErrorKind::Other) where the file cannot be written.
    pub async fn to_path(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        replace(&self, path.as_ref()).await
    }

    /// Writes the file into this folder, under its own name, and gives its path.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let path = client.files().download("file_abc123xyz").to_folder("downloads").await?;
    /// println!("{}", path.display());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The service gives the name. It is used without folders, without dots at its start, and without characters that a
    /// file system gives a meaning to; where there is such a file already, it gets a number. Otherwise this is
    /// [`to_path`](Self::to_path).
    ///
    /// # Errors
    /// Those of [`to_path`](Self::to_path).
    pub async fn to_folder(self, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
        add(&self, folder.as_ref()).await
    }
}

/// Writes the file to this path, in place of one that is there.
async fn replace(download: &Download, path: &Path) -> Result<u64, Error> {
    let arrived = arrive(download, folder_of(path)).await?;
    let (temporary, file) = arrived.written;
    let kept = temporary.replace(file, path.to_owned()).await;
    kept.map_err(|cause| unwritten(download, path, cause))?;
    Ok(arrived.size)
}

/// Writes the file into this folder, beside what is there, under the name that the service gives.
async fn add(download: &Download, folder: &Path) -> Result<PathBuf, Error> {
    let arrived = arrive(download, folder).await?;
    let owned = folder.to_owned();
    let paths = file_name::numbered(file_name::of_server(&arrived.name));
    let paths = paths.map(move |name| owned.join(name));
    let (temporary, file) = arrived.written;
    let kept = temporary.take_free_name(file, paths).await;
    kept.map_err(|cause| unwritten(download, folder, cause))
}

/// A file of which everything has arrived.
struct Arrived {
    name: String,
    size: u64,
    written: (TempFile, File),
}

async fn arrive(download: &Download, folder: &Path) -> Result<Arrived, Error> {
    let unwritten = |cause| unwritten(download, folder, cause);
    let place = Mutex::new(None);
    let write = |answer| write(answer, folder, &place);
    let fetched = download.fetch(write).await;
    if fetched.is_err()
        && let Some((temporary, _)) = place.lock().await.take()
    {
        // Whoever is told of the failure finds nothing of it.
        temporary.remove().await;
    }
    let (name, _) = fetched?;
    let nothing = || unwritten(io::ErrorKind::NotFound.into());
    let written = place.into_inner().ok_or_else(nothing)?;
    let metadata = written.1.metadata().await;
    Ok(Arrived {
        name,
        size: metadata.map_err(unwritten)?.len(),
        written,
    })
}

/// Writes the body of an answer to the place, in the folder, in which those of the attempts before it were.
async fn write(
    mut answer: Response,
    folder: &Path,
    place: &Mutex<Option<(TempFile, File)>>,
) -> Result<Response, retab_api::Error> {
    let taken = ResponseBody::Buffered(Bytes::new());
    let ResponseBody::Stream(mut chunks) = mem::replace(&mut answer.body, taken) else {
        return Ok(answer);
    };
    let failed = |cause: io::Error| {
        let reason = format!("it cannot be written to {}: {cause}", folder.display());
        let cause = io::Error::new(cause.kind(), reason);
        retab_api::Error::from_executor(&storage::DOWNLOAD, cause)
    };
    let mut place = place.lock().await;
    let (_, file) = match &mut *place {
        Some(written) => {
            let file = &mut written.1;
            file.rewind().await.map_err(failed)?;
            file.set_len(0).await.map_err(failed)?;
            written
        }
        empty => {
            let created = TempFile::create_in(folder.to_owned()).await;
            empty.insert(created.map_err(failed)?)
        }
    };
    while let Some(chunk) = chunks.try_next().await? {
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    Ok(answer)
}

fn unwritten(download: &Download, path: &Path, cause: io::Error) -> Error {
    let message = format!("it cannot be written to {}: {cause}", path.display());
    let error = Error::new(ErrorKind::Other, message).caused_by(cause);
    error.about(download.id())
}
