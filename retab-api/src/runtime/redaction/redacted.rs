//! Placeholders for confidential values in `Debug` output.

use std::fmt;
use std::ops::Deref;

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The text that replaces a confidential value.
pub const REDACTED: &str = "[redacted]";

/// A value that `Debug` does not show.
///
/// Wrap a confidential field to derive `Debug` for its struct:
///
/// ```
/// use retab_api::runtime::Redacted;
///
/// #[derive(Debug)]
/// struct Login {
///     user: &'static str,
///     password: Redacted<&'static str>,
///     token: Option<Redacted<&'static str>>,
/// }
///
/// let login = Login {
///     user: "ada",
///     password: Redacted("secret"),
///     token: None,
/// };
/// assert_eq!(
///     format!("{login:?}"),
///     r#"Login { user: "ada", password: [redacted], token: None }"#,
/// );
/// assert_eq!(*login.password, "secret");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Redacted<T>(pub T);

impl<T> Deref for Redacted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
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
    fn hides_the_value() {
        assert_eq!(format!("{:?}", Redacted("SECRET")), "[redacted]");
        let token = Some(Redacted("SECRET"));
        assert_eq!(format!("{token:?}"), "Some([redacted])");
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
