//! JSON Pointers (RFC 6901), which locate values in visits, warnings and errors.

use std::fmt;

use serde_json::Value;

/// An RFC 6901 JSON Pointer to a value.
///
/// The root is the empty pointer. It is displayed as `#` to be visible in messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the root.
    pub(crate) fn root() -> Self {
        Self::default()
    }

    /// Returns the pointer to the member or element `token` of this value.
    pub(crate) fn join(&self, token: impl fmt::Display) -> Self {
        let token = token.to_string();
        let mut text = String::with_capacity(self.0.len() + 1 + token.len());
        text.push_str(&self.0);
        text.push('/');
        for character in token.chars() {
            match character {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// Creates a pointer from unescaped tokens, starting at the root.
    pub(crate) fn of<T: fmt::Display>(tokens: impl IntoIterator<Item = T>) -> Self {
        tokens
            .into_iter()
            .fold(Self::root(), |pointer, token| pointer.join(token))
    }

    /// Parses a local reference such as `#/components/schemas/Run`.
    ///
    /// Returns `None` for anchors and for references to other files.
    pub(crate) fn from_reference(reference: &str) -> Option<Self> {
        let fragment = reference.strip_prefix('#')?;
        let fragment = percent_encoding::percent_decode_str(fragment)
            .decode_utf8()
            .ok()?;
        (fragment.is_empty() || fragment.starts_with('/')).then(|| Self(fragment.into_owned()))
    }

    /// Returns the unescaped tokens, starting at the root.
    pub(crate) fn tokens(&self) -> impl DoubleEndedIterator<Item = String> {
        let mut tokens = self.0.split('/');
        // The part before the first slash is always empty and denotes the root.
        tokens.next();
        tokens.map(|token| token.replace("~1", "/").replace("~0", "~"))
    }

    /// Returns the last token, unescaped: the name or index of the value in its parent.
    pub(crate) fn last(&self) -> Option<String> {
        self.tokens().next_back()
    }

    /// Returns the pointer to the parent, or `None` for the root.
    pub(crate) fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|end| Self(self.0[..end].to_owned()))
    }

    /// Returns whether `self` is equal to `other` or points into it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.0
            .strip_prefix(&other.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the value at this pointer, if it exists.
    pub(crate) fn find<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        document.pointer(&self.0)
    }

    /// Returns the value at this pointer mutably, if it exists.
    pub(crate) fn find_mut<'a>(&self, document: &'a mut Value) -> Option<&'a mut Value> {
        document.pointer_mut(&self.0)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() { "#" } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn escapes_and_unescapes_tokens() {
        let pointer = Pointer::of(["paths", "/v1/{a~b}", "get", "~1"]);

        assert_eq!(pointer.to_string(), "/paths/~1v1~1{a~0b}/get/~01");
        assert_eq!(
            pointer.tokens().collect::<Vec<_>>(),
            ["paths", "/v1/{a~b}", "get", "~1"]
        );
        assert_eq!(pointer.last().as_deref(), Some("~1"));
    }

    #[test]
    fn empty_token_differs_from_root() {
        let pointer = Pointer::root().join("");

        assert_ne!(pointer, Pointer::root());
        assert_eq!(pointer.find(&json!({"": 1})), Some(&json!(1)));
        assert_eq!(pointer.parent(), Some(Pointer::root()));
        assert_eq!(Pointer::root().parent(), None);
        assert_eq!(Pointer::root().last(), None);
    }

    #[test]
    fn is_within_compares_whole_tokens() {
        let schemas = Pointer::of(["components", "schemas", "Run"]);

        assert!(schemas.join("properties").is_within(&schemas));
        assert!(schemas.is_within(&schemas));
        assert!(schemas.is_within(&Pointer::root()));
        assert!(!Pointer::of(["components", "schemas", "RunList"]).is_within(&schemas));
    }

    #[test]
    fn parses_local_references_only() {
        let of = |reference| Pointer::from_reference(reference).map(|found| found.to_string());

        assert_eq!(
            of("#/components/schemas/A%20B~1C").as_deref(),
            Some("/components/schemas/A B~1C")
        );
        assert_eq!(of("#").as_deref(), Some("#"));
        assert_eq!(of("#anchor"), None);
        assert_eq!(of("other.json#/components"), None);
    }
}
