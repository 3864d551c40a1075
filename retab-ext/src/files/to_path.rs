//! A download that appears whole under its name, or not at all.

use std::io;
use std::mem;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use retab_api::runtime::{Answer, AnswerBody};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::Mutex;

use super::download::Download;
use super::storage;
use crate::document::file_name;
use crate::error::{Error, ErrorKind};
use crate::temporary::{Temporary, folder_of};

/// Writes the file to this path, in place of one that is there.
pub(super) async fn replace(download: &Download, path: &Path) -> Result<u64, Error> {
    let arrived = arrive(download, folder_of(path)).await?;
    let (temporary, file) = arrived.written;
    let kept = temporary.replace(file, path.to_owned()).await;
    kept.map_err(|cause| unwritten(download, path, cause))?;
    Ok(arrived.size)
}

/// Writes the file into this folder, beside what is there, under the name that the service gives.
pub(super) async fn add(download: &Download, folder: &Path) -> Result<PathBuf, Error> {
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
    written: (Temporary, File),
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
    mut answer: Answer,
    folder: &Path,
    place: &Mutex<Option<(Temporary, File)>>,
) -> Result<Answer, retab_api::Error> {
    let taken = AnswerBody::Read(Bytes::new());
    let AnswerBody::Stream(mut chunks) = mem::replace(&mut answer.body, taken) else {
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
            let created = Temporary::create_in(folder.to_owned()).await;
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
