//! What this version does not know: a variant of a union, a value of an enum.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::runtime::redaction::Excerpt;

/// A value of a union that is none of the variants that this version knows, kept whole: its tag is
/// new, missing, null or no string, or its shape is new.
///
/// It serialises back unchanged. Only decoding makes one. `Debug` shows the tag and the names of
/// the other fields.
#[derive(Clone, PartialEq)]
pub struct UnknownVariant {
    /// The name of the tag, in a union that has one.
    key: Option<&'static str>,
    raw: Value,
}

impl UnknownVariant {
    pub(crate) fn new(key: Option<&'static str>, raw: Value) -> Self {
        Self { key, raw }
    }

    /// The tag; `None` where it is missing or no string, or the union has none.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.get(self.key?)?.as_str()
    }

    /// The value of a field; `None` where it is missing, or the whole is no object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.raw.get(key)
    }

    /// The whole value, as it was answered.
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

/// A value of an enum that this version does not know, kept as it was answered.
///
/// It serialises back unchanged. Only decoding makes one. `Debug` and `Display` show a text, and of
/// anything else its kind.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<Value>);

impl UnknownValue {
    pub(crate) fn new(raw: Value) -> Self {
        Self(Box::new(raw))
    }

    /// The text; `None` where it is no string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// The value, as it was answered.
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
