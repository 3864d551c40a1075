//! Unknown union variants and enum values.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::runtime::redaction::Excerpt;

/// A union value that matches no known variant, because its tag or its shape is unknown.
///
/// Serializes unchanged. Only decoding creates it. `Debug` contains the tag and the field names.
#[derive(Clone, PartialEq)]
pub struct UnknownVariant {
    /// The name of the tag, for tagged unions.
    key: Option<&'static str>,
    raw: Value,
}

impl UnknownVariant {
    pub(crate) fn new(key: Option<&'static str>, raw: Value) -> Self {
        Self { key, raw }
    }

    /// Returns the tag, or `None` if it is missing, not a string, or the union has no tag.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.get(self.key?)?.as_str()
    }

    /// Returns the value of a field, or `None` if it is missing or the value is not an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.raw.get(key)
    }

    /// Returns the raw value.
    #[must_use]
    pub fn raw(&self) -> &Value {
        &self.raw
    }
}

impl Serialize for UnknownVariant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl fmt::Debug for UnknownVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = self
            .raw
            .as_object()
            .map(|raw| raw.keys().collect::<Vec<_>>());
        f.debug_struct("UnknownVariant")
            .field("tag", &self.tag())
            .field("fields", &fields.unwrap_or_default())
            .finish_non_exhaustive()
    }
}

/// An unknown value of an enum.
///
/// Serializes unchanged. Only decoding creates it. `Debug` and `Display` contain strings, and only the kind of other values.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<Value>);

impl UnknownValue {
    pub(crate) fn new(raw: Value) -> Self {
        Self(Box::new(raw))
    }

    /// Returns the string, or `None` if the value is not a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// Returns the raw value.
    #[must_use]
    pub fn raw(&self) -> &Value {
        &self.0
    }
}

impl Serialize for UnknownValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.0 {
            Value::String(text) => return fmt::Display::fmt(&Excerpt(text), f),
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        })
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(_) => write!(f, "UnknownValue(\"{self}\")"),
            None => write!(f, "UnknownValue({self})"),
        }
    }
}
