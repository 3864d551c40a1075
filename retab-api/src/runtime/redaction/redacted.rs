//! What stands in `Debug` for values that must not be in a log.

use std::fmt;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Stands for a value that is not shown; whether there is one is.
pub enum Redacted {
    /// A value that is not shown.
    Set,
    /// No value, printed as `None`.
    NotSet,
}

impl Redacted {
    /// The text that replaces a redacted value.
    pub const MARKER: &'static str = "[redacted]";

    /// For a field that always has a value.
    #[must_use]
    pub fn always<T>(_: &T) -> Self {
        Self::Set
    }

    /// For a field that may have none.
    #[must_use]
    pub fn optional<T>(value: Option<&T>) -> Self {
        match value {
            Some(_) => Self::Set,
            None => Self::NotSet,
        }
    }
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Set => Self::MARKER,
            Self::NotSet => "None",
        })
    }
}

/// Shows the keys of an object whose fields the document does not name, and not their values.
pub(crate) struct KeysOnly<'a, T>(pub(crate) &'a T);

impl fmt::Debug for KeysOnly<'_, Map<String, Value>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<T> fmt::Debug for KeysOnly<'_, IndexMap<String, T>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{KeysOnly, Redacted};

    #[test]
    fn a_value_shows_that_it_is_there_and_nothing_else() {
        let shown = format!("{:?}", Redacted::always(&"SECRET"));
        assert_eq!(shown, "[redacted]");
        let shown = format!("{:?}", Redacted::optional(Some(&"SECRET")));
        assert_eq!(shown, "[redacted]");
        assert_eq!(format!("{:?}", Redacted::optional(None::<&String>)), "None");
    }

    #[test]
    fn an_object_shows_its_keys() {
        let object = serde_json::from_str(r#"{"output":"SECRET","a":1}"#).unwrap();
        let shown = format!(
            "{:?}",
            KeysOnly::<serde_json::Map<String, serde_json::Value>>(&object)
        );
        assert_eq!(shown, r#"{"output", "a"}"#);
    }
}
