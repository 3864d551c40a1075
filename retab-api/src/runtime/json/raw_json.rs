//! JSON values as text.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::decode::decode;
use super::split;
use crate::runtime::redaction::REDACTED;

/// A JSON value as text, exactly as received.
///
/// Numbers keep every digit. Within a response that is [split](Self::members) rather than decoded, the text can also be
/// something that JSON does not allow, such as `NaN`.
///
/// ```
/// use retab_api::runtime::RawJson;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let json: RawJson = serde_json::from_str(r#"{"total": 0.1000000000000000000000001}"#)?;
/// assert_eq!(json.text(), r#"{"total": 0.1000000000000000000000001}"#);
/// # Ok(())
/// # }
/// ```
///
/// `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(Box<str>);

impl RawJson {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Splits an object into its members, whose values need not be valid JSON.
    ///
    /// Returns `None` if the text is not an object, or a name or bracket of it is malformed.
    #[must_use]
    pub fn members(&self) -> Option<IndexMap<String, Self>> {
        decode(self.0.as_bytes()).ok().or_else(|| {
            let members = split::members(&self.0)?.into_iter();
            Some(
                members
                    .map(|(name, value)| (name, Self::new(value)))
                    .collect(),
            )
        })
    }

    /// Splits an array into its elements, whose text need not be valid JSON.
    pub(crate) fn elements(&self) -> Option<Vec<Self>> {
        let elements = split::elements(&self.0)?.into_iter();
        Some(elements.map(Self::new).collect())
    }
}

/// JSON null.
impl Default for RawJson {
    fn default() -> Self {
        Self::new("null")
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Box::<RawValue>::deserialize(deserializer)?.into()))
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}
