//! `openapi/source.toml`: what the vendored document was made from.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::document::{self, Kind};
use crate::problem::{Problem, Result};

const HEADER: &str =
    "# What retab.json was made from. Written by `cargo xtask vendor`, not by hand.\n\n";

/// What a vendored document was made from, and how much is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// The name of the upstream file, or its URL without credentials and query.
    pub(crate) upstream: String,
    /// The date of the revision.
    pub(crate) date: NaiveDate,
    /// SHA-256 of the upstream bytes, in lower-case hexadecimal.
    pub(crate) upstream_sha256: String,
    /// SHA-256 of the vendored document, in lower-case hexadecimal.
    pub(crate) document_sha256: String,
    /// How much is in the vendored document.
    pub(crate) counts: Counts,
}

/// How much is in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    /// Paths.
    pub(crate) paths: usize,
    /// Operations under `paths`.
    pub(crate) operations: usize,
    /// Schemas under `components`.
    pub(crate) schemas: usize,
    /// Properties of all schemas, wherever they stand.
    pub(crate) properties: usize,
    /// Parameters, wherever they are declared; a reference to one does not count.
    pub(crate) parameters: usize,
}

impl Source {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// A file that cannot be read, or that was not written by `vendor`.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let problem =
            |reason: String| Problem::new(path.display(), reason, "run `cargo xtask vendor` again");
        let text = fs::read_to_string(path)
            .map_err(|error| problem(format!("the file cannot be read: {error}")))?;
        toml::from_str(&text)
            .map_err(|error| problem(format!("this is not what vendor writes: {error}")))
    }

    /// The text of the file.
    ///
    /// # Errors
    /// None that a value of this type can cause; the printer of TOML has errors of its own.
    pub(crate) fn print(&self) -> Result<String> {
        let body = toml::to_string(self).map_err(|error| {
            Problem::new(
                super::SOURCE,
                format_args!("the file cannot be printed: {error}"),
                "report it",
            )
        })?;
        Ok(format!("{HEADER}{body}"))
    }
}

impl Counts {
    /// Counts what is in `document`.
    pub(crate) fn of(document: &Value) -> Self {
        let size = |pointer| {
            document
                .pointer(pointer)
                .and_then(Value::as_object)
                .map_or(0, serde_json::Map::len)
        };
        let mut counts = Self {
            paths: size("/paths"),
            schemas: size("/components/schemas"),
            ..Self::default()
        };
        document::for_each_operation(document, |_, _, _| counts.operations += 1);
        document::for_each(document, |_, kind, node| match kind {
            Kind::Schema => {
                let properties = node.get("properties").and_then(Value::as_object);
                counts.properties += properties.map_or(0, serde_json::Map::len);
            }
            Kind::Parameter if node.get("$ref").is_none() => counts.parameters += 1,
            _ => {}
        });
        counts
    }
}

/// SHA-256 of `bytes`, in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
