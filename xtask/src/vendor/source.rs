//! `openapi/source.toml`: the origin of the vendored spec.

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
    "# The origin of retab.json. Written by `cargo xtask vendor`, do not edit.\n\n";

/// The origin and size of a vendored spec.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// The name of the upstream file, or its URL without credentials, query and fragment.
    pub(crate) upstream: String,
    /// The date of the revision.
    pub(crate) date: NaiveDate,
    /// SHA-256 of the upstream bytes, in lower-case hexadecimal.
    pub(crate) upstream_sha256: String,
    /// SHA-256 of the vendored spec, in lower-case hexadecimal.
    pub(crate) document_sha256: String,
    /// The size of the vendored spec.
    pub(crate) counts: Counts,
}

/// The size of a spec.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    /// Number of paths.
    pub(crate) paths: usize,
    /// Number of operations under `paths`.
    pub(crate) operations: usize,
    /// Number of component schemas.
    pub(crate) schemas: usize,
    /// Number of properties, in component and inline schemas.
    pub(crate) properties: usize,
    /// Number of parameter declarations, without references.
    pub(crate) parameters: usize,
}

impl Source {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or was not written by `vendor`.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let problem =
            |reason: String| Problem::new(path.display(), reason, "run `cargo xtask vendor` again");
        let text = fs::read_to_string(path)
            .map_err(|error| problem(format!("cannot read the file: {error}")))?;
        toml::from_str(&text).map_err(|error| problem(format!("cannot parse the file: {error}")))
    }

    /// Returns the content of the file.
    ///
    /// # Errors
    /// Returns an error if TOML serialization fails, which no value of this type causes.
    pub(crate) fn print(&self) -> Result<String> {
        let body = toml::to_string(self).map_err(|error| {
            Problem::new(
                super::SOURCE,
                format_args!("cannot serialize the file: {error}"),
                "report this error",
            )
        })?;
        Ok(format!("{HEADER}{body}"))
    }
}

impl Counts {
    /// Measures the spec `document`.
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

/// Returns the SHA-256 of `bytes` in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
