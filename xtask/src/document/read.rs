//! Reading a document from a file: JSON or YAML, told apart by the name, else by the first character.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::json::TWICE;
use super::upgrade::upgrade;
use super::version::check_version;
use super::yaml;
use crate::problem::{Problem, Result};

/// Reads the JSON or YAML file at `path`; the order of keys is kept.
///
/// # Errors
/// A file that cannot be read, and what [`parse`] refuses.
pub(crate) fn read(path: &Path) -> Result<Value> {
    parse(&path.display().to_string(), &read_bytes(path)?)
}

/// Reads the OpenAPI document at `path`, in the form of 3.1.
///
/// # Errors
/// What [`read`] and [`parse_openapi`] refuse.
pub(crate) fn read_openapi(path: &Path) -> Result<Value> {
    parse_openapi(&path.display().to_string(), &read_bytes(path)?)
}

/// Reads an OpenAPI document from `bytes`, which came from the file or URL `name`, in the form of 3.1.
///
/// # Errors
/// A text that is neither JSON nor YAML, and what is no OpenAPI document of version 3.0 or 3.1.
pub(crate) fn parse_openapi(name: &str, bytes: &[u8]) -> Result<Value> {
    let mut document = parse(name, bytes)?;
    check_version(name, &document)?;
    upgrade(&mut document);
    Ok(document)
}

/// Reads the file at `path` as it is.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        Problem::new(
            path.display(),
            format_args!("the file cannot be read: {error}"),
            "name an existing file that you may read",
        )
    })
}

/// Reads a JSON or YAML value from `bytes`, which came from the file or URL `name`.
///
/// # Errors
/// A text that is neither, with its line and column.
pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Value> {
    if is_yaml(name, bytes) {
        yaml(name, bytes)
    } else {
        json(name, bytes)
    }
}

fn is_yaml(name: &str, bytes: &[u8]) -> bool {
    match Path::new(name).extension().and_then(|end| end.to_str()) {
        Some(end) if end.eq_ignore_ascii_case("json") => false,
        Some(end) if end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml") => true,
        // A name without an extension that says it: JSON documents begin with a brace, and so does no YAML
        // that a person writes. An HTML page is reported better by the JSON reader.
        _ => !matches!(
            bytes.trim_ascii_start().first(),
            Some(b'{' | b'[' | b'<') | None
        ),
    }
}

fn json(name: &str, bytes: &[u8]) -> Result<Value> {
    super::json::read(bytes).map_err(|error| {
        let place = format!("{name}:{}:{}", error.line(), error.column());
        if bytes.trim_ascii().is_empty() {
            Problem::new(place, "the document is empty", "fetch it again")
        } else if error.is_eof() {
            Problem::new(
                place,
                "the JSON ends in the middle of a value: the document is truncated",
                "fetch it again",
            )
        } else if error.to_string().starts_with("recursion limit") {
            Problem::new(
                place,
                "the JSON is nested deeper than 127 levels",
                "name the inner schemas under `components`, and refer to them",
            )
        } else if error.to_string().starts_with(TWICE) {
            Problem::new(place, error, "keep the one that is meant")
        } else {
            Problem::new(
                place,
                format_args!("this is not JSON: {error}"),
                "give an OpenAPI document in JSON, or in YAML under a name that ends in .yaml",
            )
        }
    })
}

fn yaml(name: &str, bytes: &[u8]) -> Result<Value> {
    yaml::read(bytes).map_err(|error| {
        let place = match error.location() {
            Some(location) => format!("{name}:{}:{}", location.line(), location.column()),
            None => name.to_owned(),
        };
        Problem::new(
            place,
            format_args!("this is not YAML that has a JSON form: {error}"),
            "correct the YAML there: every key stands once, and values are such as JSON has",
        )
    })
}
