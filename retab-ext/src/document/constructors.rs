//! A document and its constructors.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tokio::io::AsyncRead;

use super::file_reference::FileReference;
use super::origin::Origin;
use super::reader::Reader;

/// A document to be processed.
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
/// Nothing is read until a request is sent, and it is never whole in memory then: its base64 is made while the request
/// goes out, and made again where the request is sent again. A document that changes in the meantime is an error.
///
/// Its media type follows from its first bytes, and where they do not tell, from the extension of its name. A name loses
/// its folders, written with `/` or with `\`, and keeps its extension.
///
/// A file becomes a document by itself. A string does not, since it can be a path, a URL or a text:
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
/// `Debug` shows where it comes from, and nothing of its content.
#[derive(Clone)]
#[must_use = "a document does nothing until it is given to a call"]
pub struct Document {
    pub(super) origin: Origin,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
}

impl Document {
    /// The file at this path.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::path("invoices/2026-0117.pdf");
    /// # let _ = invoice;
    /// ```
    ///
    /// A path that leads to no file, to an empty one or to a folder, or that cannot be read, is an error of the kind
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when the request is sent; nothing leaves then.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::new(Origin::Path(path.into()), None)
    }

    /// Bytes in memory, under a name that tells with its extension what they are.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::bytes("invoice.pdf", &b"%PDF-1.7"[..]);
    /// # let _ = invoice;
    /// ```
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(Origin::Bytes(bytes.into()), Some(name.into()))
    }

    /// What a reader gives, under a name that tells with its extension what it is.
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
    /// A reader can be read once, and a request may have to be sent twice: so it is read into a temporary file first,
    /// which is removed with the last clone of the document. It stands in the folder that [`std::env::temp_dir`] names.
    ///
    /// `length` is how many bytes are expected, where that is known: a reader that gives more or fewer is an error, so
    /// that a connection which broke off does not pass for a document. The timeouts of a call begin after it was read: one
    /// that may fall silent wants [`tokio::time::timeout`] around the whole.
    pub fn reader(
        name: impl Into<String>,
        reader: impl AsyncRead + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self::new(
            Origin::Reader(Reader::new(reader, length)),
            Some(name.into()),
        )
    }

    /// A text, under the name `document.txt` unless [`file_name`](Self::file_name) sets another.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let note = Document::text("Total: 12");
    /// # let _ = note;
    /// ```
    ///
    /// Its media type is that of its extension, and `text/plain` where that has none.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Origin::Text(text.into().into()), None)
    }

    /// A document at an address that the service can read: one with Retab, or in a cloud storage on its allow list.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::url("https://storage.googleapis.com/acme/invoice.pdf");
    /// # let _ = invoice;
    /// ```
    ///
    /// The service fetches it; this crate does not. Its name is the end of the path unless
    /// [`file_name`](Self::file_name) sets another, and a media type that is set has no effect.
    pub fn url(url: impl Into<String>) -> Self {
        Self::new(Origin::Url(url.into()), None)
    }

    /// The document in a `data:` URL ([RFC 2397](https://www.rfc-editor.org/rfc/rfc2397)), in base64 or percent-encoded.
    ///
    /// ```
    /// use retab_ext::Document;
    ///
    /// let note = Document::data_url("data:text/plain;base64,VG90YWw6IDEy").file_name("note.txt");
    /// # let _ = note;
    /// ```
    ///
    /// Its media type is the one that the URL names, and its name `document` with an extension that fits. It is decoded when
    /// the request is sent, so that its bytes stand in memory once more until then, beside those of the URL.
    pub fn data_url(url: impl Into<String>) -> Self {
        Self::new(Origin::DataUrl(Arc::new(url.into())), None)
    }

    /// A file that is stored with Retab, by its id, by its storage URL, or as an upload gave it.
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
    /// The service takes no ids: the address of the file is asked for when the request is sent.
    pub fn file(file: impl Into<FileReference>) -> Self {
        Self::new(Origin::File(file.into()), None)
    }

    /// Sets the name that the service shows, in place of the document's own.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, in place of the one that is found.
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

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("origin", &self.origin)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}
