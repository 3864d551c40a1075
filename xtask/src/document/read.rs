//! Input of JSON and YAML files, distinguished by the file extension or else by the first character.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::json::DUPLICATE_KEY;
use super::upgrade::upgrade;
use super::version::check_version;
use super::yaml;
use crate::problem::{Problem, Result};

/// Reads the JSON or YAML file at `path` and preserves the order of keys.
///
/// # Errors
/// Returns an error if the file cannot be read or [`parse`] fails.
pub(crate) fn read(path: &Path) -> Result<Value> {
    parse(&path.display().to_string(), &read_bytes(path)?)
}

/// Reads the OpenAPI spec at `path` and upgrades it to 3.1.
///
/// # Errors
/// Returns an error if the file cannot be read or [`parse_openapi`] fails.
pub(crate) fn read_openapi(path: &Path) -> Result<Value> {
    parse_openapi(&path.display().to_string(), &read_bytes(path)?)
}

/// Parses the OpenAPI spec in `bytes` and upgrades it to 3.1; `name` is its file or URL.
///
/// # Errors
/// Returns an error if the input is neither JSON nor YAML, or not an OpenAPI 3.0 or 3.1 spec.
pub(crate) fn parse_openapi(name: &str, bytes: &[u8]) -> Result<Value> {
    let mut document = parse(name, bytes)?;
    check_version(name, &document)?;
    upgrade(&mut document);
    Ok(document)
}

/// Reads the raw bytes of the file at `path`.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        Problem::new(
            path.display(),
            format_args!("cannot read the file: {error}"),
            "pass the path of an existing, readable file",
        )
    })
}

/// Parses the JSON or YAML value in `bytes`; `name` is its file or URL.
///
/// # Errors
/// Returns an error with the line and column if the input is neither.
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
        // Without a known extension, the first character decides: hand-written YAML does not start with a brace.
        // For an HTML page, the error of the JSON parser is more helpful.
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
            Problem::new(place, "the file is empty", "download it again")
        } else if error.is_eof() {
            Problem::new(
                place,
                "the JSON is truncated: unexpected end of input",
                "download it again",
            )
        } else if error.to_string().starts_with("recursion limit") {
            Problem::new(
                place,
                "the JSON is nested more than 127 levels deep",
                "move inner schemas to `components` and reference them",
            )
        } else if error.to_string().starts_with(DUPLICATE_KEY) {
            Problem::new(place, error, "remove one of the two")
        } else {
            Problem::new(
                place,
                format_args!("invalid JSON: {error}"),
                "pass an OpenAPI spec in JSON, or in YAML with the extension .yaml",
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
            format_args!("cannot convert the YAML to JSON: {error}"),
            "fix the YAML: use unique keys and values that JSON supports",
        )
    })
}
