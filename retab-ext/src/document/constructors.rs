//! `Document` and its constructors.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use retab_api::runtime::Redacted;
use tokio::io::AsyncRead;

use super::file_reference::FileReference;
use super::origin::Origin;
use super::reader::Reader;

/// A document to process.
///
/// ```
/// use retab_ext::Document;
///
/// let invoice = Document::path("invoices/2026-0117.pdf");
/// let scan = Document::path("scan.bin").file_name("scan.tiff").content_type("image/tiff");
/// let note = Document::text("Total: 12").file_name("note.md");
/// let stored = Document::file("file_abc123xyz");
/// # let _ = (invoice, scan, note, stored);
/// ```
///
/// The client reads a document only when it sends a request. Every attempt streams files and readers again from the
/// start; they are never buffered whole. The request fails if the file has changed since it was first checked.
///
/// The media type is detected from the first bytes of the content. If they are inconclusive, it follows from the file
/// extension. File names lose their folders, separated by `/` or `\`, and keep their extension.
///
/// Paths convert into documents. Strings do not, because a string could be a path, a URL or text:
///
/// ```
/// use std::path::Path;
/// use retab_ext::Document;
///
/// let invoice = Document::from(Path::new("invoice.pdf"));
/// # let _ = invoice;
/// ```
///
/// ```compile_fail,E0277
/// let invoice: retab_ext::Document = "invoice.pdf".into();
/// ```
///
/// `Debug` shows where the document comes from, but no content and no URL.
#[derive(Clone, Debug)]
#[must_use = "a document does nothing until it is part of a request"]
pub struct Document {
    pub(super) origin: Origin,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
}

impl Document {
    /// Creates a document from the file at `path`.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::path("invoices/2026-0117.pdf");
    /// # let _ = invoice;
    /// ```
    ///
    /// Sending the request fails with [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the file is missing,
    /// empty, unreadable or not a regular file. In that case, nothing is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::new(Origin::Path(path.into()), None)
    }

    /// Creates a document from bytes in memory.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::bytes("invoice.pdf", &b"%PDF-1.7"[..]);
    /// # let _ = invoice;
    /// ```
    ///
    /// Include a file extension in `name`: it determines the media type if the first bytes are inconclusive.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(Origin::Bytes(Redacted(bytes.into())), Some(name.into()))
    }

    /// Creates a document from an asynchronous reader.
    ///
    /// ```no_run
    /// # async fn demo() -> std::io::Result<()> {
    /// use retab_ext::Document;
    ///
    /// let connection = tokio::net::TcpStream::connect("scanner.example:9100").await?;
    /// let scan = Document::reader("scan.tiff", connection, None);
    /// # let _ = scan;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Include a file extension in `name`: it determines the media type if the first bytes are inconclusive.
    ///
    /// A reader can be read only once, but a request may be sent several times. Sending the first request therefore
    /// copies the reader to a temporary file in [`std::env::temp_dir`], which is removed with the last clone of the
    /// document.
    ///
    /// If `length` is set, sending fails unless the reader returns exactly that many bytes. Set it to detect truncated
    /// input, such as a closed connection. Request timeouts start after the copy. To limit the copy as well, wrap the
    /// whole operation in [`tokio::time::timeout`].
    pub fn reader(
        name: impl Into<String>,
        reader: impl AsyncRead + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self::new(
            Origin::Reader(Redacted(Reader::new(reader, length))),
            Some(name.into()),
        )
    }

    /// Creates a document from text.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let note = Document::text("Total: 12");
    /// # let _ = note;
    /// ```
    ///
    /// Defaults to the file name `document.txt`; [`file_name`](Self::file_name) sets another. The media type follows
    /// from the file extension and defaults to `text/plain`.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Origin::Text(Redacted(text.into().into())), None)
    }

    /// Creates a document from a URL that the service can fetch.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::url("https://storage.googleapis.com/acme/invoice.pdf");
    /// # let _ = invoice;
    /// ```
    ///
    /// The service accepts Retab URLs and URLs of the cloud storage providers that it allows. It fetches the document
    /// itself; the client does not. The file name defaults to the last path segment; [`file_name`](Self::file_name)
    /// sets another. [`content_type`](Self::content_type) has no effect.
    pub fn url(url: impl Into<String>) -> Self {
        Self::new(Origin::Url(Redacted(url.into())), None)
    }

    /// Creates a document from a `data:` URL ([RFC 2397](https://www.rfc-editor.org/rfc/rfc2397)).
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let note = Document::data_url("data:text/plain;base64,VG90YWw6IDEy").file_name("note.txt");
    /// # let _ = note;
    /// ```
    ///
    /// The content may be base64 or percent-encoded. The media type is the one in the URL. The file name defaults to
    /// `document` with a matching extension. The content is decoded when the request is sent and is then held in memory
    /// next to the URL.
    pub fn data_url(url: impl Into<String>) -> Self {
        Self::new(Origin::DataUrl(Redacted(Arc::new(url.into()))), None)
    }

    /// Creates a document from a stored file: its id, its storage URL, or the result of an upload.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let stored = client.files().upload(Document::path("catalogue.pdf")).send().await?;
    /// let same = Document::file(&stored);
    /// let by_id = Document::file("file_abc123xyz");
    /// # let _ = (same, by_id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Requests refer to files by URL. If only the id is known, the client requests the URL when the document is sent.
    pub fn file(file: impl Into<FileReference>) -> Self {
        Self::new(Origin::File(file.into()), None)
    }

    /// Sets the file name that the service shows.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type instead of detecting it.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    fn new(origin: Origin, file_name: Option<String>) -> Self {
        Self {
            origin,
            file_name,
            content_type: None,
        }
    }
}

impl From<PathBuf> for Document {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for Document {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}
