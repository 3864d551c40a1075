//! String enums that accept unknown values.
//!
//! Known strings are variants. Anything else, of any JSON type, becomes the variant `Unknown` and is serialized unchanged.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::unknown::UnknownValue;

/// Implements `Serialize`, `Deserialize` and string conversions for an open enum.
///
/// The enum has a unit variant for each string, and a variant `Unknown(UnknownValue)`. Only decoding creates unknown values;
/// parsing rejects them.
macro_rules! open_enum {
    ($name:ident { $($text:literal => $variant:ident),* $(,)? }) => {
        impl $name {
            /// Returns the string value, or `None` for an unknown value that is not a string.
            #[must_use]
            pub fn as_str(&self) -> ::std::option::Option<&str> {
                $crate::runtime::open_enum::as_str(self)
            }
        }

        impl $crate::runtime::open_enum::OpenEnum for $name {
            const NAME: &'static str = ::std::stringify!($name);

            const KNOWN: &'static [(&'static str, Self)] = &[$(($text, Self::$variant)),*];

            fn text(&self) -> ::std::result::Result<&'static str, &$crate::runtime::UnknownValue> {
                match self {
                    $(Self::$variant => ::std::result::Result::Ok($text),)*
                    Self::Unknown(value) => ::std::result::Result::Err(value),
                }
            }

            fn unknown(value: $crate::runtime::UnknownValue) -> Self {
                Self::Unknown(value)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::runtime::open_enum::display(self, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::runtime::ParseEnumError;

            fn from_str(
                text: &str,
            ) -> ::std::result::Result<Self, $crate::runtime::ParseEnumError> {
                $crate::runtime::open_enum::parse(text)
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::runtime::ParseEnumError;

            fn try_from(
                text: &str,
            ) -> ::std::result::Result<Self, $crate::runtime::ParseEnumError> {
                $crate::runtime::open_enum::parse(text)
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::runtime::ParseEnumError;

            fn try_from(
                text: ::std::string::String,
            ) -> ::std::result::Result<Self, $crate::runtime::ParseEnumError> {
                $crate::runtime::open_enum::parse(&text)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::open_enum::deserialize(deserializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::open_enum::serialize(self, serializer)
            }
        }
    };
}
pub(crate) use open_enum;

/// An enum whose string form is implemented by [`open_enum!`].
pub(crate) trait OpenEnum: Clone + Sized + 'static {
    /// The name of the type.
    const NAME: &'static str;

    /// The known strings, with their values.
    const KNOWN: &'static [(&'static str, Self)];

    /// Returns the string of a known value, or else the unknown value.
    fn text(&self) -> Result<&'static str, &UnknownValue>;

    /// Creates the variant for an unknown value.
    fn unknown(value: UnknownValue) -> Self;
}

pub(crate) fn as_str<E: OpenEnum>(value: &E) -> Option<&str> {
    match value.text() {
        Ok(text) => Some(text),
        Err(unknown) => unknown.as_str(),
    }
}

pub(crate) fn display<E: OpenEnum>(value: &E, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value.text() {
        Ok(text) => f.pad(text),
        Err(unknown) => fmt::Display::fmt(unknown, f),
    }
}

pub(crate) fn parse<E: OpenEnum>(text: &str) -> Result<E, ParseEnumError> {
    let known = E::KNOWN.iter().find(|(known, _)| *known == text);
    known
        .map(|(_, value)| value.clone())
        .ok_or(ParseEnumError { name: E::NAME })
}

pub(crate) fn deserialize<'de, E: OpenEnum, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<E, D::Error> {
    let position = |text: &str| E::KNOWN.iter().position(|(known, _)| *known == text);
    let read = deserializer.deserialize_any(TextVisitor {
        position: &position,
    })?;
    Ok(match read {
        Read::Known(position) => E::KNOWN[position].1.clone(),
        Read::Unknown(value) => E::unknown(UnknownValue::new(value)),
    })
}

pub(crate) fn serialize<E: OpenEnum, S: Serializer>(
    value: &E,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value.text() {
        Ok(text) => serializer.serialize_str(text),
        Err(unknown) => unknown.serialize(serializer),
    }
}

/// A decoded enum value.
enum Read {
    /// The index into the known strings.
    Known(usize),
    Unknown(Value),
}

/// A visitor shared by all enums, so that it is compiled only once.
struct TextVisitor<'a> {
    position: &'a dyn Fn(&str) -> Option<usize>,
}

impl<'de> Visitor<'de> for TextVisitor<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Read, E> {
        Ok((self.position)(text).map_or_else(|| Read::Unknown(text.into()), Read::Known))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Read, E> {
        Ok(Read::Unknown(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Read, E> {
        Ok(Read::Unknown(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Read, E> {
        Ok(Read::Unknown(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Read, E> {
        Ok(Read::Unknown(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Read, E> {
        Ok(Read::Unknown(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Read, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(Read::Unknown)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Read, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(Read::Unknown)
    }
}

/// The error for a string that is not a known value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseEnumError {
    name: &'static str,
}

impl fmt::Display for ParseEnumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name } = self;
        write!(f, "cannot parse {name}: unknown value")
    }
}

impl std::error::Error for ParseEnumError {}

#[cfg(test)]
#[allow(unreachable_pub, reason = "generated enums are public")]
mod tests {
    use serde_json::{Value, json};

    use super::ParseEnumError;
    use crate::runtime::UnknownValue;

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    enum Status {
        Pending,
        Unknown_,
        Unknown(UnknownValue),
    }
    open_enum!(Status { "pending" => Pending, "unknown" => Unknown_ });

    fn read(value: Value) -> Status {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn decodes_known_strings_as_variants() {
        for (text, status) in [("pending", Status::Pending), ("unknown", Status::Unknown_)] {
            assert_eq!(read(json!(text)), status);
            assert_eq!(serde_json::to_value(&status).unwrap(), json!(text));
            assert_eq!(
                (status.as_str(), status.to_string()),
                (Some(text), text.to_owned())
            );
            assert_eq!(text.parse(), Ok(status.clone()));
            assert_eq!(Status::try_from(text.to_owned()), Ok(status));
        }
    }

    #[test]
    fn preserves_unknown_values() {
        for text in [
            r#""queued""#,
            r#""Pending""#,
            "null",
            "true",
            "9007199254740993",
            "-1",
            "0.5",
            "[1,{}]",
            r#"{"z":1,"a":2}"#,
        ] {
            let status: Status = serde_json::from_str(text).unwrap();
            assert!(matches!(status, Status::Unknown(_)), "{text}");
            assert_eq!(serde_json::to_string(&status).unwrap(), text);
        }
        assert_eq!(read(json!("queued")).as_str(), Some("queued"));
        assert_eq!(read(json!(1)).as_str(), None);
    }

    #[test]
    fn parsing_rejects_unknown_values_without_quoting_them() {
        let error = "SECRET".parse::<Status>().unwrap_err();
        assert_eq!(error, ParseEnumError { name: "Status" });
        assert_eq!(error.to_string(), "cannot parse Status: unknown value");
        assert!(Status::try_from("queued").is_err());
        assert!(Status::try_from("queued".to_owned()).is_err());
    }

    #[test]
    fn shows_strings_or_kinds_of_unknown_values() {
        let formatted = |value| {
            let status = read(value);
            (status.to_string(), format!("{status:?}"))
        };
        assert_eq!(
            formatted(json!("que\nued")),
            (
                "que\\nued".to_owned(),
                "Unknown(UnknownValue(\"que\\nued\"))".to_owned()
            )
        );
        assert_eq!(
            formatted(json!({"token": "SECRET"})),
            (
                "an object".to_owned(),
                "Unknown(UnknownValue(an object))".to_owned()
            )
        );
    }
}
