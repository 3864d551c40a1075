//! What stands in `Debug` for values that must not be in a log.

use std::fmt;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Stands for a value that is not shown; whether there is one is.
pub(crate) enum Hidden {
    Set,
    NotSet,
}

impl Hidden {
    /// For a field that always has a value.
    pub(crate) fn always<T>(_: &T) -> Self {
        Self::Set
    }

    /// For a field that may have none.
    pub(crate) fn optional<T>(value: Option<&T>) -> Self {
        match value {
            Some(_) => Self::Set,
            None => Self::NotSet,
        }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Set => "[hidden]",
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
    use super::{Hidden, KeysOnly};

    #[test]
    fn a_value_shows_that_it_is_there_and_nothing_else() {
        let shown = format!("{:?}", Hidden::always(&"SECRET"));
        assert_eq!(shown, "[hidden]");
        let shown = format!("{:?}", Hidden::optional(Some(&"SECRET")));
        assert_eq!(shown, "[hidden]");
        assert_eq!(format!("{:?}", Hidden::optional(None::<&String>)), "None");
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
