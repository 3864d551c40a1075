//! Tagged unions, whose variant is selected by a tag instead of by trial.
//!
//! If the tag is the first key, the variant is decoded while the object is streamed. Otherwise the entries before the tag
//! are buffered and replayed. Objects whose tag is unknown, missing, null or not a string are preserved as unknown.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::replay::Replay;
use super::tag_first::TagFirst;

/// Implements `Serialize` and `Deserialize` for a tagged union.
///
/// The union is an enum with one payload per variant, and a variant `Unknown(UnknownVariant)`. Each arm is a value of the
/// tag. `with tag` marks payloads that have a field for the tag. Serialization always writes the tag once, as the first
/// entry.
macro_rules! tagged_union {
    ($union:ident, $key:literal, { $($tag:literal => $variant:ident $(with $with:ident)?),* $(,)? }) => {
        impl $crate::runtime::tagged::TaggedUnion for $union {
            const KEY: &'static str = $key;

            fn decode<'de, A: ::serde::de::MapAccess<'de>>(
                object: $crate::runtime::tagged::TaggedObject<A>,
            ) -> ::std::result::Result<Self, A::Error> {
                match object.tag() {
                    $($tag => $crate::runtime::tagged_union!(@decode object $($with)?)
                        .map(Self::$variant),)*
                    _ => object.into_raw().map(Self::unknown),
                }
            }

            fn unknown(raw: ::serde_json::Value) -> Self {
                Self::Unknown($crate::runtime::UnknownVariant::new(Some($key), raw))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $union {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::tagged::deserialize(deserializer)
            }
        }

        impl ::serde::Serialize for $union {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(payload) => {
                        $crate::runtime::tagged::serialize(serializer, $key, $tag, payload)
                    })*
                    Self::Unknown(raw) => ::serde::Serialize::serialize(raw, serializer),
                }
            }
        }
    };
    (@decode $object:ident) => { $object.decode() };
    (@decode $object:ident tag) => { $object.decode_with_tag() };
}
pub(crate) use tagged_union;

/// A union whose encoding is implemented by [`tagged_union!`].
pub(crate) trait TaggedUnion: Sized {
    /// The name of the tag.
    const KEY: &'static str;

    /// Decodes the variant selected by the tag.
    fn decode<'de, A: MapAccess<'de>>(object: TaggedObject<A>) -> Result<Self, A::Error>;

    /// Creates the variant for a value without a known tag.
    fn unknown(raw: Value) -> Self;
}

/// Decodes a union.
pub(crate) fn deserialize<'de, U: TaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<U, D::Error> {
    deserializer.deserialize_any(UnionVisitor(PhantomData))
}

/// Encodes a payload with its tag.
pub(crate) fn serialize<T: Serialize, S: Serializer>(
    serializer: S,
    key: &'static str,
    tag: &'static str,
    payload: &T,
) -> Result<S::Ok, S::Error> {
    payload.serialize(TagFirst::new(serializer, key, tag))
}

/// An object that has been read up to its tag.
pub(crate) struct TaggedObject<A> {
    key: &'static str,
    tag: String,
    before: Vec<(String, Value)>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> TaggedObject<A> {
    pub(crate) fn tag(&self) -> &str {
        &self.tag
    }

    /// Decodes a payload without a field for the tag.
    pub(crate) fn decode<T: Deserialize<'de>>(self) -> Result<T, A::Error> {
        let entries = Replay::new(self.before, Some(self.rest));
        T::deserialize(MapAccessDeserializer::new(entries))
    }

    /// Decodes a payload with a field for the tag.
    pub(crate) fn decode_with_tag<T: Deserialize<'de>>(mut self) -> Result<T, A::Error> {
        let tag = Value::String(std::mem::take(&mut self.tag));
        self.before.push((self.key.to_owned(), tag));
        self.decode()
    }

    /// Returns the whole object.
    pub(crate) fn into_raw(self) -> Result<Value, A::Error> {
        let mut raw: Map<_, _> = self.before.into_iter().collect();
        raw.insert(self.key.to_owned(), Value::String(self.tag));
        let mut rest = self.rest;
        while let Some((key, value)) = rest.next_entry()? {
            raw.insert(key, value);
        }
        Ok(Value::Object(raw))
    }
}

struct UnionVisitor<U>(PhantomData<U>);

impl<'de, U: TaggedUnion> Visitor<'de> for UnionVisitor<U> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the tag `{}`", U::KEY)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<U, A::Error> {
        let mut before = Vec::new();
        while let Some(key) = map.next_key_seed(KeyVisitor(U::KEY))? {
            match (key, map.next_value()?) {
                (Key::Tag, Value::String(tag)) => {
                    return U::decode(TaggedObject {
                        key: U::KEY,
                        tag,
                        before,
                        rest: map,
                    });
                }
                (Key::Tag, value) => before.push((U::KEY.to_owned(), value)),
                (Key::Other(key), value) => before.push((key, value)),
            }
        }
        Ok(U::unknown(Value::Object(before.into_iter().collect())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<U, E> {
        Ok(U::unknown(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<U, E> {
        Ok(U::unknown(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<U, E> {
        Ok(U::unknown(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<U, E> {
        Ok(U::unknown(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<U, E> {
        Ok(U::unknown(value.into()))
    }

    fn visit_unit<E>(self) -> Result<U, E> {
        Ok(U::unknown(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<U, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(U::unknown)
    }
}

/// A key of the object. Copied only if it is not the tag.
enum Key {
    Tag,
    Other(String),
}

/// Distinguishes the tag key, which it contains, from other keys.
struct KeyVisitor(&'static str);

impl<'de> DeserializeSeed<'de> for KeyVisitor {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(if key == self.0 {
            Key::Tag
        } else {
            Key::Other(key.to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    use crate::runtime::UnknownVariant;
    use crate::runtime::json::decode;

    #[derive(Clone, Debug, PartialEq)]
    enum Lifecycle {
        Pending(Pending),
        Running(Box<Running>),
        Nested(Nested),
        Unknown(UnknownVariant),
    }
    tagged_union!(Lifecycle, "status", {
        "pending" => Pending,
        "running" => Running with tag,
        "nested" => Nested,
    });

    /// A payload without a field for the tag, which preserves unknown fields.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Pending {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<i64>,
        #[serde(flatten)]
        extra: serde_json::Map<String, Value>,
    }

    /// A payload with an optional field for the tag.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Running {
        step: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Nested {
        before: Vec<Lifecycle>,
    }

    #[derive(Debug, Deserialize)]
    struct Run {
        #[serde(rename = "lifecycle")]
        _lifecycle: Lifecycle,
    }

    fn read(text: &str) -> Lifecycle {
        serde_json::from_str(text).unwrap()
    }

    #[track_caller]
    fn fails_at(text: &str, path: &str, reason: &str) {
        let failure = decode::<Run>(text.as_bytes()).unwrap_err();
        assert_eq!(
            (failure.path.as_str(), failure.reason.as_str()),
            (path, reason)
        );
    }

    #[test]
    fn decodes_tag_at_any_position() {
        let expected = Lifecycle::Running(Box::new(Running {
            step: 3,
            status: Some("running".to_owned()),
        }));
        for text in [
            r#"{"status":"running","step":3}"#,
            r#"{"step":3,"status":"running"}"#,
            r#"{"x":[1],"step":3,"status":"running","y":{}}"#,
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn passes_tag_only_to_payloads_with_a_tag_field() {
        let Lifecycle::Pending(pending) = read(r#"{"a":1,"status":"pending","b":2,"since":9}"#)
        else {
            panic!("another variant");
        };
        assert_eq!(pending.since, Some(9));
        assert_eq!(Value::Object(pending.extra), json!({"a": 1, "b": 2}));
    }

    #[test]
    fn preserves_key_order() {
        let Lifecycle::Pending(pending) =
            read(r#"{"z":1,"b":{"y":1,"a":2},"status":"pending","a":2}"#)
        else {
            panic!("another variant");
        };
        assert_eq!(
            serde_json::to_string(&pending.extra).unwrap(),
            r#"{"z":1,"b":{"y":1,"a":2},"a":2}"#
        );
    }

    #[test]
    fn preserves_unknown_variants() {
        for text in [
            r#"{"z":1,"status":"queued","a":{"y":[null,1.5]}}"#,
            r#"{"z":1,"a":2}"#,
            r#"{"z":1,"status":null,"a":2}"#,
            r#"{"status":7,"a":2}"#,
            r#"{"status":{"status":"pending"}}"#,
            "{}",
            "null",
            "true",
            "-1",
            "18446744073709551615",
            "0.5",
            r#""pending""#,
            r#"["pending",{"b":1,"a":2}]"#,
        ] {
            let read = read(text);
            assert!(matches!(read, Lifecycle::Unknown(_)), "{text}");
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
    }

    #[test]
    fn exposes_unknown_variants() {
        let Lifecycle::Unknown(unknown) = read(r#"{"note":"SECRET","status":"queued"}"#) else {
            panic!("a known variant");
        };
        assert_eq!(unknown.tag(), Some("queued"));
        assert_eq!(unknown.get("note"), Some(&json!("SECRET")));
        assert_eq!(
            unknown.raw(),
            &json!({"note": "SECRET", "status": "queued"})
        );
        let debug = format!("{unknown:?}");
        assert!(
            debug.contains("queued") && debug.contains("note"),
            "{debug}"
        );
        assert!(!debug.contains("SECRET"), "{debug}");
    }

    #[test]
    fn reports_paths_within_known_variants() {
        fails_at(
            r#"{"lifecycle":{"status":"running","step":"x"}}"#,
            "lifecycle.step",
            "expected u32, found a string",
        );
        fails_at(
            r#"{"lifecycle":{"step":"x","status":"running"}}"#,
            "lifecycle.step",
            "expected u32, found a string",
        );
        fails_at(
            r#"{"lifecycle":{"status":"running"}}"#,
            "lifecycle",
            "missing field `step`",
        );
    }

    #[test]
    fn reports_paths_through_nested_buffers() {
        fails_at(
            r#"{"lifecycle":{"before":[{"status":"pending"},{"before":[{"step":-1,"status":"running"}],"status":"nested"}],"status":"nested"}}"#,
            "lifecycle.before[1].before[0].step",
            "expected u32, found an invalid integer",
        );
    }

    #[test]
    fn serializes_tag_first_and_once() {
        for (value, text) in [
            (
                Lifecycle::Pending(Pending::default()),
                r#"{"status":"pending"}"#,
            ),
            (
                Lifecycle::Pending(Pending {
                    since: Some(1),
                    extra: serde_json::Map::from_iter([
                        ("status".to_owned(), json!("other")),
                        ("more".to_owned(), json!({"status": 1})),
                    ]),
                }),
                r#"{"status":"pending","since":1,"more":{"status":1}}"#,
            ),
            (
                Lifecycle::Running(Box::new(Running {
                    step: 1,
                    status: None,
                })),
                r#"{"status":"running","step":1}"#,
            ),
            (
                Lifecycle::Running(Box::new(Running {
                    step: 1,
                    status: Some("pending".to_owned()),
                })),
                r#"{"status":"running","step":1}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
            assert_eq!(
                serde_json::to_value(&value).unwrap(),
                serde_json::from_str::<Value>(text).unwrap()
            );
        }
    }

    /// A borrowing payload cannot be decoded from buffered text.
    #[test]
    fn streams_payload_after_the_tag() {
        #[derive(Debug, Deserialize, PartialEq)]
        struct Borrowed {
            #[serde(deserialize_with = "borrowed")]
            text: String,
        }
        fn borrowed<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
            <&'de str>::deserialize(deserializer).map(str::to_owned)
        }
        #[derive(Debug, PartialEq)]
        enum Union {
            Live(Borrowed),
            Unknown(UnknownVariant),
        }
        tagged_union!(Union, "tag", { "live" => Live });
        impl Serialize for Borrowed {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        let live = serde_json::from_str::<Union>(r#"{"tag":"live","text":"x"}"#);
        assert!(matches!(live.unwrap(), Union::Live(Borrowed { text }) if text == "x"));
        let after = serde_json::from_str::<Union>(r#"{"a":1,"tag":"live","text":"x"}"#);
        assert!(matches!(after.unwrap(), Union::Live(_)));
        let before = serde_json::from_str::<Union>(r#"{"text":"x","tag":"live"}"#);
        assert!(before.is_err(), "entries before the tag are buffered");
    }

    #[test]
    fn rejects_payloads_that_are_not_objects() {
        #[derive(Debug, PartialEq)]
        enum Union {
            Text(String),
            Unknown(UnknownVariant),
        }
        tagged_union!(Union, "tag", { "text" => Text });
        let error = serde_json::to_string(&Union::Text("x".to_owned())).unwrap_err();
        assert!(error.to_string().contains("not an object"), "{error}");
    }
}
