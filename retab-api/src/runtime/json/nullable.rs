//! Fields that distinguish null from absence.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value or null, for fields that distinguish null from absence.
///
/// In a field of type `Option<Nullable<T>>`, `None` omits the field, `Some(Nullable::Null)` sends null, and
/// `Some(Nullable::Value(value))` sends the value.
///
/// ```
/// use retab_api::Nullable;
///
/// let rename: Option<Nullable<String>> = Some("Invoices".into());
/// assert_eq!(rename, Some(Nullable::Value("Invoices".to_owned())));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// Null.
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, or `None` for null.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Converts into the value, or `None` for null.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Returns whether the value is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Null, Self::Value))
    }
}

/// Decodes a present field. Unlike `Option`, preserves null as a value.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Nullable<T>>, D::Error> {
    Nullable::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::Nullable;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Patch {
        #[serde(
            default,
            deserialize_with = "super::deserialize",
            skip_serializing_if = "Option::is_none"
        )]
        limit: Option<Nullable<u8>>,
    }

    #[test]
    fn distinguishes_values_null_and_absence() {
        for (text, limit) in [
            ("{}", None),
            (r#"{"limit":null}"#, Some(Nullable::Null)),
            (r#"{"limit":0}"#, Some(Nullable::Value(0))),
        ] {
            let patch = Patch { limit };
            assert_eq!(serde_json::to_string(&patch).unwrap(), text);
            assert_eq!(serde_json::from_str::<Patch>(text).unwrap(), patch);
        }
    }

    #[test]
    fn converts_to_and_from_values() {
        assert_eq!(Nullable::from(7).value(), Some(&7));
        assert_eq!(Nullable::from("x"), Nullable::Value("x".to_owned()));
        assert_eq!(Nullable::<u8>::Null.into_value(), None);
        assert!(Nullable::<u8>::Null.is_null() && !Nullable::Value(1).is_null());
    }
}
