//! Sources inside JSON bodies.

use std::fmt;
use std::sync::Arc;

use super::base64_source::Base64Source;
use super::source::Source;

/// A [`Source`] to send inside the text at a place of a JSON body, base64-encoded.
///
/// [`Parts::json`](super::Parts::json) takes it. The base64 follows the serialized text, such as `data:image/png;base64,`.
/// `Debug` shows the name and the size, but no content.
#[derive(Clone)]
pub struct EmbeddedSource {
    pub(super) path: Vec<String>,
    pub(super) name: Arc<str>,
    pub(super) base64: Arc<dyn Source>,
}

impl EmbeddedSource {
    /// Creates a source for the text at `path`: the keys that lead to it, and the indices of lists in decimal.
    ///
    /// Error messages contain `name`. It may contain a file name, but no secret.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use bytes::Bytes;
    /// use retab_api::runtime::EmbeddedSource;
    ///
    /// let content = Arc::new(Bytes::from("Total: 12"));
    /// let source = EmbeddedSource::new(["documents", "0", "url"], "the document note.txt", content);
    /// assert_eq!(format!("{source:?}"), "the document note.txt: 12 bytes");
    /// ```
    pub fn new(
        path: impl IntoIterator<Item: Into<String>>,
        name: impl Into<Arc<str>>,
        source: Arc<dyn Source>,
    ) -> Self {
        Self {
            path: path.into_iter().map(Into::into).collect(),
            name: name.into(),
            base64: Arc::new(Base64Source(source)),
        }
    }
}

impl fmt::Debug for EmbeddedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} bytes", self.name, self.base64.size())
    }
}
