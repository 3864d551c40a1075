//! JSON bodies with embedded sources.
//!
//! The formatter of the serializer follows the path of the value that is written. Where the text of a source ends, it
//! records the position, and the finished bytes are cut there. No value is compared with anything, so no content can be
//! mistaken for the place of a source.

use std::cell::RefCell;
use std::io;
use std::ops::Range;

use bytes::Bytes;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::embedded_source::EmbeddedSource;
use super::parts::Parts;
use crate::runtime::error::BuildError;

/// The reason given for values that cannot be serialized.
const NO_JSON: &str = "cannot serialize the value as JSON";

impl Parts {
    /// Serializes a value as JSON, with sources inside some of its texts.
    ///
    /// The value is serialized once. Each attempt reads the sources again and encodes them while they are sent.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use bytes::Bytes;
    /// use retab_api::runtime::{EmbeddedSource, Parts};
    /// use retab_api::types::{CreateParseRequest, MimeData};
    ///
    /// # fn demo() -> Result<(), retab_api::BuildError> {
    /// let note = MimeData::builder()
    ///     .filename("note.txt")
    ///     .url("data:text/plain;base64,");
    /// let request = CreateParseRequest::builder().document(note).build()?;
    /// let content = Arc::new(Bytes::from("Total: 12"));
    /// let source = EmbeddedSource::new(["document", "url"], "the document note.txt", content);
    /// let body = Parts::json(&request, [source])?;
    /// let without_source = serde_json::to_vec(&request).unwrap();
    /// assert_eq!(body.size(), without_source.len() as u64 + 12);
    /// # Ok(())
    /// # }
    /// # demo().unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be serialized, or if it has no text at the path of a source.
    pub fn json<T: Serialize + ?Sized>(
        value: &T,
        sources: impl IntoIterator<Item = EmbeddedSource>,
    ) -> Result<Self, BuildError> {
        let sources = sources.into_iter().map(Place::new);
        let mut places = sources.collect::<Result<Vec<_>, _>>()?;
        let json = write(value, &mut places).map_err(|_| BuildError::new(NO_JSON))?;
        places.sort_by_key(|place| place.end);
        let mut parts = Self::new();
        let mut start = 0;
        for Place { source, end, .. } in places {
            let end = end.ok_or_else(|| no_text(&source))?;
            parts = parts
                .with_bytes(json.slice(start..end))
                .with_source(source.name, source.base64);
            start = end;
        }
        Ok(parts.with_bytes(json.slice(start..)))
    }
}

fn no_text(EmbeddedSource { path, name, .. }: &EmbeddedSource) -> BuildError {
    let path = path.join("/");
    BuildError::new(format!(
        "cannot embed {name}: the body has no text at {path}"
    ))
}

/// The place of a source.
struct Place {
    source: EmbeddedSource,
    /// The path of the source, each key as its JSON text.
    path: Vec<Vec<u8>>,
    /// The position of the quote that ends the text, once it is written.
    end: Option<usize>,
}

impl Place {
    fn new(source: EmbeddedSource) -> Result<Self, BuildError> {
        let keys = source.path.iter().map(serde_json::to_vec);
        let path = keys.collect::<Result<_, _>>();
        Ok(Self {
            path: path.map_err(|_| BuildError::new(NO_JSON))?,
            source,
            end: None,
        })
    }
}

fn write<T: Serialize + ?Sized>(value: &T, places: &mut [Place]) -> serde_json::Result<Bytes> {
    if places.is_empty() {
        return serde_json::to_vec(value).map(Bytes::from);
    }
    let written = RefCell::default();
    let formatter = PathFormatter {
        written: &written,
        places,
        path: Vec::new(),
        key_start: None,
    };
    value.serialize(&mut Serializer::with_formatter(Writer(&written), formatter))?;
    Ok(written.into_inner().into())
}

struct Writer<'a>(&'a RefCell<Vec<u8>>);

impl io::Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes compact JSON, and records where the texts of the places end.
struct PathFormatter<'a> {
    written: &'a RefCell<Vec<u8>>,
    places: &'a mut [Place],
    /// The path of the value that is being written.
    path: Vec<Step>,
    /// The start of the key that is being written.
    key_start: Option<usize>,
}

enum Step {
    /// The position of a key.
    Key(Range<usize>),
    Index(usize),
}

impl PathFormatter<'_> {
    fn position(&self) -> usize {
        self.written.borrow().len()
    }

    fn is_at(&self, path: &[Vec<u8>]) -> bool {
        let written = self.written.borrow();
        let matches = |(step, key): (&Step, &Vec<u8>)| match step {
            Step::Key(range) => written.get(range.clone()) == Some(key),
            Step::Index(index) => *key == format!("\"{index}\"").as_bytes(),
        };
        self.path.len() == path.len() && self.path.iter().zip(path).all(matches)
    }
}

impl Formatter for PathFormatter<'_> {
    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.path.push(Step::Key(0..0));
        CompactFormatter.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.path.pop();
        CompactFormatter.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        CompactFormatter.begin_object_key(writer, first)?;
        self.key_start = Some(self.position());
        Ok(())
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let end = self.position();
        if let (Some(start), Some(step)) = (self.key_start.take(), self.path.last_mut()) {
            *step = Step::Key(start..end);
        }
        CompactFormatter.end_object_key(writer)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.path.push(Step::Index(0));
        CompactFormatter.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.path.pop();
        CompactFormatter.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if !first && let Some(Step::Index(index)) = self.path.last_mut() {
            *index += 1;
        }
        CompactFormatter.begin_array_value(writer, first)
    }

    fn end_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.key_start.is_none() {
            let of_value = |place: &Place| place.end.is_none() && self.is_at(&place.path);
            if let Some(at) = self.places.iter().position(of_value) {
                self.places[at].end = Some(self.position());
            }
        }
        CompactFormatter.end_string(writer)
    }
}
