//! A JSON parser that rejects duplicate keys.
//!
//! `serde_json` and most parsers keep the last value of a duplicate key, others the first. Rejecting the input
//! avoids guessing.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The start of the error message for a duplicate key.
pub(super) const DUPLICATE_KEY: &str = "duplicate key";

/// Parses one JSON value.
///
/// # Errors
/// Returns an error if `serde_json` rejects the input or an object contains a key twice.
pub(super) fn read(bytes: &[u8]) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Once.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(Once)? {
            list.push(element);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("{DUPLICATE_KEY} {key:?}")));
            }
            object.insert(key, members.next_value_seed(Once)?);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parses_values_unchanged() {
        let text = r#"{"b": [1, -1, 1.5e3, 18446744073709551615], "a": {"c": null, "d": true, "e": "\u00e9\n"}}"#;
        assert_eq!(
            read(text.as_bytes()).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
        assert_eq!(read(b" 7 ").unwrap(), json!(7));
        assert!(read(b"{} {}").is_err());
        assert!(read("[".repeat(1_000).as_bytes()).is_err());
    }

    #[test]
    fn rejects_duplicate_key_with_its_position() {
        let error = read(b"{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}").unwrap_err();
        assert!(
            error.to_string().starts_with("duplicate key \"c\""),
            "{error}"
        );
        assert_eq!(error.line(), 2);
        assert!(read(b"[{\"a\": 1}, {\"a\": 1}]").is_ok());
    }
}
