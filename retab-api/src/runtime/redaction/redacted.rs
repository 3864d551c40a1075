//! Placeholders for confidential values in `Debug` output.

use std::fmt;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// Replaces a confidential value in `Debug` output, and shows whether the value is set.
///
/// ```
/// use std::fmt;
///
/// use retab_api::runtime::Redacted;
///
/// struct Login {
///     user: String,
///     password: String,
///     token: Option<String>,
/// }
///
/// impl fmt::Debug for Login {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         f.debug_struct("Login")
///             .field("user", &self.user)
///             .field("password", &Redacted::always(&self.password))
///             .field("token", &Redacted::optional(self.token.as_ref()))
///             .finish()
///     }
/// }
///
/// let login = Login {
///     user: "ada".to_owned(),
///     password: "secret".to_owned(),
///     token: None,
/// };
/// assert_eq!(
///     format!("{login:?}"),
///     r#"Login { user: "ada", password: [redacted], token: None }"#,
/// );
/// ```
///
/// `Redacted` never stores the value.
pub enum Redacted {
    /// A value is set. Printed as [`MARKER`](Self::MARKER).
    Set,
    /// No value is set. Printed as `None`.
    /// No value, printed as `None`.
    NotSet,
}

impl Redacted {
    /// The text that replaces a redacted value: `[redacted]`.
    pub const MARKER: &'static str = "[redacted]";

    /// Redacts a value that is always set.
    #[must_use]
    pub fn always<T>(_: &T) -> Self {
        Self::Set
    }

    /// Redacts an optional value.
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

/// Shows the keys of an object without their values.
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
    fn shows_only_whether_a_value_is_set() {
        let debug = format!("{:?}", Redacted::always(&"SECRET"));
        assert_eq!(debug, "[redacted]");
        let debug = format!("{:?}", Redacted::optional(Some(&"SECRET")));
        assert_eq!(debug, "[redacted]");
        assert_eq!(format!("{:?}", Redacted::optional(None::<&String>)), "None");
    }

    #[test]
    fn shows_only_the_keys_of_an_object() {
        let object = serde_json::from_str(r#"{"output":"SECRET","a":1}"#).unwrap();
        let debug = format!(
            "{:?}",
            KeysOnly::<serde_json::Map<String, serde_json::Value>>(&object)
        );
        assert_eq!(debug, r#"{"output", "a"}"#);
    }
}
