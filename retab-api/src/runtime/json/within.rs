//! Paths of values that are decoded from a buffer.
//!
//! Entries before the tag of a union are buffered. Because serde's errors cannot contain a path, it is passed as a prefix
//! of the message, and [`split`] removes it again.

use std::fmt::Display;

use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_path_to_error::Track;

const OPEN: &str = "at `";
const CLOSE: &str = "`: ";

/// Decodes a buffered value. Errors are prefixed with its path.
pub(crate) fn decode<'de, S, E>(key: &str, value: Value, seed: S) -> Result<S::Value, E>
where
    S: DeserializeSeed<'de>,
    E: serde::de::Error,
{
    let mut track = Track::new();
    let tracked = serde_path_to_error::Deserializer::new(value, &mut track);
    seed.deserialize(tracked)
        .map_err(|error| located(key, &track.path().to_string(), &error))
}

fn located<E: serde::de::Error>(key: &str, below: &str, error: &impl Display) -> E {
    let message = error.to_string();
    let (inner, reason) = split(&message);
    let path = join(&join(key, Some(below)), inner);
    E::custom(format_args!("{OPEN}{path}{CLOSE}{reason}"))
}

/// Splits a message into the path prefix and the rest.
pub(crate) fn split(message: &str) -> (Option<&str>, &str) {
    match message
        .strip_prefix(OPEN)
        .and_then(|rest| rest.split_once(CLOSE))
    {
        Some((path, reason)) => (Some(path), reason),
        None => (None, message),
    }
}

/// Joins a path and a path below it. `.` is the path of the value itself.
pub(crate) fn join(outer: &str, inner: Option<&str>) -> String {
    match inner {
        None | Some("." | "") => outer.to_owned(),
        Some(inner) if outer == "." => inner.to_owned(),
        Some(inner) if inner.starts_with('[') => format!("{outer}{inner}"),
        Some(inner) => format!("{outer}.{inner}"),
    }
}
