//! A document to be processed, and the form in which it is sent.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use retab_api::types::{MimeData, builder};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use crate::error::Error;
use crate::media_type;

/// How much of a file is read at a time: whole groups of the three bytes that base64 takes together.
const CHUNK: usize = 3 * 16 * 1024;
const _: () = assert!(CHUNK.is_multiple_of(3) && CHUNK >= media_type::LOOKED_AT);

/// A document to be processed.
///
/// ```
/// use retab_ext::Document;
///
/// let invoice = Document::path("invoices/2026-0117.pdf");
/// let scan = Document::path("scan.bin").file_name("scan.tiff").content_type("image/tiff");
/// # let _ = (invoice, scan);
/// ```
///
/// It goes to the service within the request, in base64. The service refuses a request of more than about 32 MiB (413),
/// which leaves about 24 MiB for the documents.
#[derive(Clone, Debug)]
#[must_use = "a document does nothing until it is given to a run"]
pub struct Document {
    path: PathBuf,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl Document {
    /// The file at this path, which is read when the request is sent.
    ///
    /// Its name for the service is that of the file, without folders. Its media type follows from its first bytes, and
    /// where they do not tell, from the extension.
    ///
    /// A path that leads to no file, to an empty one or to a folder, or that cannot be read, is an error of the kind
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) then; nothing is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            file_name: None,
            content_type: None,
        }
    }

    /// Sets the name that the service shows, in place of the file's own.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, in place of the one that is found.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// The document as a request holds it: its name and its content as a data URL.
    pub(crate) async fn encode(&self) -> Result<builder::MimeData, Error> {
        let name = self.name();
        let (mut file, size) = open(&self.path)
            .await
            .map_err(|cause| self.unreadable(cause))?;
        let mut chunk = Vec::with_capacity(CHUNK);
        self.read(&mut file, &mut chunk).await?;
        if chunk.is_empty() {
            return Err(Error::invalid_request(format!(
                "the document {} is empty",
                self.path.display()
            )));
        }
        let media_type = match &self.content_type {
            Some(media_type) => media_type.clone(),
            None => media_type::of(&name, &chunk[..chunk.len().min(media_type::LOOKED_AT)]),
        };
        let mut url = format!("data:{media_type};base64,");
        url.reserve_exact(usize::try_from(size.div_ceil(3) * 4).unwrap_or_default());
        while !chunk.is_empty() {
            STANDARD.encode_string(&chunk, &mut url);
            chunk.clear();
            self.read(&mut file, &mut chunk).await?;
        }
        Ok(MimeData::builder().filename(name).url(url))
    }

    /// Fills the chunk, which is shorter only at the end of the file.
    async fn read(&self, file: &mut File, chunk: &mut Vec<u8>) -> Result<(), Error> {
        let read = file.take(CHUNK as u64).read_to_end(chunk).await;
        read.map(drop).map_err(|cause| self.unreadable(cause))
    }

    fn name(&self) -> String {
        let own = || {
            self.path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        self.file_name.clone().unwrap_or_else(own)
    }

    fn unreadable(&self, cause: io::Error) -> Error {
        let path = self.path.display();
        Error::invalid_request(format!("the document {path} cannot be read: {cause}"))
            .caused_by(cause)
    }
}

/// Opens a file, with its size. A pipe or a device has no end that could be relied on, and is refused as a folder is.
async fn open(path: &Path) -> io::Result<(File, u64)> {
    let metadata = tokio::fs::metadata(path).await?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ));
    }
    Ok((File::open(path).await?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn encoded(name: &str, content: &[u8]) -> MimeData {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        Document::path(path)
            .encode()
            .await
            .unwrap()
            .build()
            .unwrap()
    }

    fn decoded(document: &MimeData) -> (&str, Vec<u8>) {
        let (media_type, content) = document.url.split_once(";base64,").unwrap();
        (media_type, STANDARD.decode(content).unwrap())
    }

    #[tokio::test]
    async fn a_file_keeps_its_name_and_every_byte_at_any_size() {
        for size in [1, 2, 3, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 2] {
            let content: Vec<u8> = (0..=250).cycle().take(size).collect();
            let document = encoded("daten ü.csv", &content).await;
            assert_eq!(document.filename, "daten ü.csv");
            assert_eq!(decoded(&document), ("data:text/csv", content), "{size}");
        }
    }

    #[tokio::test]
    async fn a_name_and_a_media_type_that_are_set_come_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.bin");
        std::fs::write(&path, "%PDF-1.7").unwrap();
        let document = Document::path(path)
            .file_name("a.tiff")
            .content_type("image/tiff");
        let document = document.encode().await.unwrap().build().unwrap();
        assert_eq!(document.filename, "a.tiff");
        assert_eq!(decoded(&document).0, "data:image/tiff");
    }

    #[tokio::test]
    async fn no_file_an_empty_one_a_folder_and_a_device_are_refused_with_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.pdf");
        std::fs::write(&empty, "").unwrap();
        let missing = folder.path().join("missing.pdf");
        for (path, reason) in [
            (&empty, "is empty"),
            (&missing, "No such file"),
            (&folder.path().to_owned(), "is a directory"),
            #[cfg(unix)]
            (&PathBuf::from("/dev/null"), "it is not a regular file"),
        ] {
            let refused = Document::path(path).encode().await.unwrap_err();
            assert_eq!(refused.kind(), crate::ErrorKind::InvalidRequest);
            assert!(
                refused.to_string().contains(&path.display().to_string()),
                "{refused}"
            );
            assert!(refused.to_string().contains(reason), "{refused}");
        }
    }
}
