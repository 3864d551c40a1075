//! A download that appears whole under its name, or not at all.

use std::io;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt as _;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::download::{Download, Opened};
use super::storage::Failure;
use crate::document::file_name;
use crate::error::{Error, ErrorKind};
use crate::temporary::{Temporary, folder_of};

/// Writes the file to this path, in place of one that is there.
pub(super) async fn replace(download: &Download, path: &Path) -> Result<u64, Error> {
    let arrived = arrive(download, folder_of(path)).await?;
    let kept = arrived
        .temporary
        .replace(arrived.file, path.to_owned())
        .await;
    kept.map_err(|cause| unwritten(download, path, cause))?;
    Ok(arrived.size)
}

/// Writes the file into this folder, beside what is there, under the name that the service gives.
pub(super) async fn add(download: &Download, folder: &Path) -> Result<PathBuf, Error> {
    let arrived = arrive(download, folder).await?;
    let owned = folder.to_owned();
    let paths = file_name::numbered(file_name::of_server(&arrived.name));
    let paths = paths.map(move |name| owned.join(name));
    let kept = arrived.temporary.take_free_name(arrived.file, paths).await;
    kept.map_err(|cause| unwritten(download, folder, cause))
}

/// A file of which everything has arrived.
struct Arrived {
    name: String,
    size: u64,
    temporary: Temporary,
    file: File,
}

async fn arrive(download: &Download, folder: &Path) -> Result<Arrived, Error> {
    let mut attempts = download.attempts();
    loop {
        let failure = match download.open().await {
            Ok(opened) => match write(download, opened, folder).await {
                Ok(arrived) => return Ok(arrived),
                Err(failure) => failure,
            },
            Err(failure) => failure,
        };
        let waited = attempts.after(failure).await;
        waited.map_err(|failure| failure.error)?;
    }
}

async fn write(download: &Download, mut opened: Opened, folder: &Path) -> Result<Arrived, Failure> {
    let unwritten = |cause| Failure::give_up(unwritten(download, folder, cause));
    let created = Temporary::create_in(folder.to_owned()).await;
    let (temporary, mut file) = created.map_err(unwritten)?;
    let mut size = 0;
    while let Some(chunk) = opened.chunks.try_next().await? {
        file.write_all(&chunk).await.map_err(unwritten)?;
        size += chunk.len() as u64;
    }
    file.flush().await.map_err(unwritten)?;
    Ok(Arrived {
        name: opened.name,
        size,
        temporary,
        file,
    })
}

fn unwritten(download: &Download, path: &Path, cause: io::Error) -> Error {
    let (id, path) = (download.id(), path.display());
    let message = format!("{id} cannot be written to {path}: {cause}");
    Error::new(ErrorKind::Other, message).caused_by(cause)
}
