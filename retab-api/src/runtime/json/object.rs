//! Structs encoded as JSON objects.
//!
//! Derives generate about ten functions per struct, which dominates the compile time of hundreds of structs. Here each
//! struct only lists its fields in two functions; everything else is shared.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::timestamp::Timestamps;

/// Implements `Serialize` and `Deserialize` for a struct.
///
/// Starts with the indices of the required fields. Each field then lists its index, its JSON name, how it is read (a method
/// of [`ObjectReader`], and a pattern for its argument), and how it is written (a method of [`Fields`]).
macro_rules! object {
    ($object:ident, required [$($required:literal),*], {
        $($number:literal $name:literal => $read:ident $pattern:pat, $write:ident $field:ident;)*
    }) => {
        impl $crate::runtime::object::Object for $object {
            const NAME: &'static str = ::std::stringify!($object);
            const FIELDS: &'static [&'static str] = &[$($name),*];

            #[allow(unused_mut)]
            fn read<'de, A: ::serde::de::MapAccess<'de>>(
                mut object: $crate::runtime::object::ObjectReader<A>,
            ) -> ::std::result::Result<Self, A::Error> {
                $(let mut $field = ::std::option::Option::None;)*
                while let ::std::option::Option::Some(number) = object.next()? {
                    match number {
                        $($number => object.$read(&mut $field),)*
                        _ => object.skip(),
                    }?;
                }
                #[allow(unreachable_patterns)]
                match ($($field,)*) {
                    ($($pattern,)*) => ::std::result::Result::Ok(Self { $($field),* }),
                    _ => ::std::result::Result::Err(object.incomplete(&[$($required),*])),
                }
            }

            #[allow(unused_variables)]
            fn write(&self, fields: &mut impl $crate::runtime::object::Fields) {
                $(fields.$write($name, &self.$field);)*
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $object {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::object::deserialize(deserializer)
            }
        }

        impl ::serde::Serialize for $object {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::object::serialize(self, serializer)
            }
        }
    };
}
pub(crate) use object;

/// A struct whose encoding is implemented by [`object!`].
pub(crate) trait Object: Sized {
    /// The name of the struct.
    const NAME: &'static str;
    /// The JSON names of the fields, at most [`MAX_FIELDS`].
    const FIELDS: &'static [&'static str];

    /// Decodes an object of which nothing has been read.
    fn read<'de, A: MapAccess<'de>>(object: ObjectReader<A>) -> Result<Self, A::Error>;

    /// Visits the fields in order.
    fn write(&self, fields: &mut impl Fields);
}

/// The maximum number of fields of an [`Object`].
const MAX_FIELDS: usize = u64::BITS as usize;

/// Decodes a struct.
pub(crate) fn deserialize<'de, T: Object, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    const { assert!(T::FIELDS.len() <= MAX_FIELDS) };
    deserializer.deserialize_struct(T::NAME, T::FIELDS, ObjectVisitor(PhantomData))
}

/// Encodes a struct.
pub(crate) fn serialize<T: Object, S: Serializer>(
    object: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut count = Count(0);
    object.write(&mut count);
    let mut writer = Writer {
        object: serializer.serialize_struct(T::NAME, count.0)?,
        result: Ok(()),
    };
    object.write(&mut writer);
    writer.result?;
    writer.object.end()
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(ObjectReader {
            map,
            names: T::FIELDS,
            expected: 0,
            seen: 0,
        })
    }
}

/// Reads the entries of an object.
pub(crate) struct ObjectReader<A> {
    map: A,
    names: &'static [&'static str],
    /// The index after the last field, since objects usually list fields in order.
    expected: usize,
    /// The fields read so far, one bit each.
    seen: u64,
}

impl<'de, A: MapAccess<'de>> ObjectReader<A> {
    /// Returns the index of the next field, an index out of range for an unknown name, or `None` at the end of the object.
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        let name = Name {
            names: self.names,
            expected: self.expected,
        };
        let Some(number) = self.map.next_key_seed(name)? else {
            return Ok(None);
        };
        if let Some(name) = self.names.get(number) {
            let bit = 1 << number;
            if self.seen & bit != 0 {
                return Err(A::Error::duplicate_field(name));
            }
            self.seen |= bit;
            self.expected = number + 1;
        }
        Ok(Some(number))
    }

    /// Reads a value. Null is an error unless the type accepts it.
    pub(crate) fn value<T: Deserialize<'de>>(
        &mut self,
        field: &mut Option<T>,
    ) -> Result<(), A::Error> {
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Reads a value, or null as `None`.
    pub(crate) fn option<T: Deserialize<'de>>(
        &mut self,
        field: &mut Option<T>,
    ) -> Result<(), A::Error> {
        *field = self.map.next_value()?;
        Ok(())
    }

    /// Reads a timestamp or a container of timestamps.
    pub(crate) fn timestamp<T: Timestamps>(
        &mut self,
        field: &mut Option<T>,
    ) -> Result<(), A::Error> {
        *field = Some(T::from_wire(self.map.next_value()?));
        Ok(())
    }

    /// Reads a timestamp or a container of timestamps, or null as `None`.
    pub(crate) fn optional_timestamp<T: Timestamps>(
        &mut self,
        field: &mut Option<T>,
    ) -> Result<(), A::Error> {
        *field = Option::from_wire(self.map.next_value()?);
        Ok(())
    }

    /// Skips the value of an unknown field.
    pub(crate) fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| ())
    }

    /// Returns an error for the first missing required field.
    pub(crate) fn incomplete(&self, required: &[usize]) -> A::Error {
        let missing = required
            .iter()
            .find(|number| self.seen & (1 << **number) == 0)
            .and_then(|number| self.names.get(*number));
        A::Error::missing_field(missing.copied().unwrap_or_default())
    }
}

/// Decodes a field name into its index.
struct Name {
    names: &'static [&'static str],
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, name: &str) -> Result<usize, E> {
        if self.names.get(self.expected) == Some(&name) {
            return Ok(self.expected);
        }
        let number = self.names.iter().position(|known| *known == name);
        Ok(number.unwrap_or(self.names.len()))
    }
}

/// Visits the fields of a struct.
pub(crate) trait Fields {
    /// Visits a field that is always written.
    fn always<T: Serialize>(&mut self, name: &'static str, value: &T);

    /// Visits a field that is written if it is set.
    #[allow(clippy::ref_option, reason = "fields are passed by reference")]
    fn when_some<T: Serialize>(&mut self, name: &'static str, value: &Option<T>);
}

/// Counts the written fields, since some formats need the count in advance.
struct Count(usize);

impl Fields for Count {
    fn always<T: Serialize>(&mut self, _: &'static str, _: &T) {
        self.0 += 1;
    }

    fn when_some<T: Serialize>(&mut self, _: &'static str, value: &Option<T>) {
        self.0 += usize::from(value.is_some());
    }
}

/// Writes fields until one fails.
struct Writer<S: SerializeStruct> {
    object: S,
    result: Result<(), S::Error>,
}

impl<S: SerializeStruct> Fields for Writer<S> {
    fn always<T: Serialize>(&mut self, name: &'static str, value: &T) {
        if self.result.is_ok() {
            self.result = self.object.serialize_field(name, value);
        }
    }

    fn when_some<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.always(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde::ser::{Error as _, Serialize, Serializer};

    use crate::runtime::Nullable;
    use crate::runtime::json::decode;

    #[derive(Clone, Debug, PartialEq)]
    struct Step {
        id: String,
        type_: Option<i64>,
        parent: Option<String>,
        at: DateTime<Utc>,
        ended: Option<DateTime<Utc>>,
        limit: Option<Nullable<u8>>,
        due: Option<Nullable<DateTime<Utc>>>,
        steps: Vec<Step>,
    }
    object!(Step, required [0, 3, 7], {
        0 "id" => value Some(id), always id;
        1 "type" => option type_, when_some type_;
        2 "parent" => option parent, always parent;
        3 "at" => timestamp Some(at), always at;
        4 "ended" => optional_timestamp ended, when_some ended;
        5 "limit" => value limit, when_some limit;
        6 "due" => timestamp due, when_some due;
        7 "steps" => value Some(steps), always steps;
    });

    #[derive(Debug, PartialEq)]
    struct Empty {}
    object!(Empty, required [], {});

    const LEAST: &str = r#"{"id":"a","parent":null,"at":"2026-08-16T10:00:00Z","steps":[]}"#;

    #[track_caller]
    fn reencode(text: &str) -> String {
        let step: Step = serde_json::from_str(text).unwrap();
        let written = serde_json::to_string(&step).unwrap();
        assert_eq!(
            serde_json::to_value(&step).unwrap(),
            serde_json::from_str::<serde_json::Value>(&written).unwrap()
        );
        written
    }

    #[test]
    fn serializes_in_struct_order() {
        let full = r#"{"id":"a","type":1,"parent":"b","at":"2026-08-16T10:00:00Z","ended":"2026-08-16T11:00:00Z","limit":0,"due":"2026-08-16T12:00:00Z","steps":[]}"#;
        assert_eq!(reencode(full), full);
        let shuffled = r#"{"steps":[],"x":{"id":[1]},"due":"2026-08-16 12:00:00","limit":0,"y":null,"ended":"2026-08-16T13:00:00+02:00","at":"2026-08-16T10:00:00","parent":"b","type":1,"id":"a","z":1}"#;
        assert_eq!(reencode(shuffled), full);
        assert_eq!(
            serde_json::from_str::<Empty>(r#"{"x":1}"#).unwrap(),
            Empty {}
        );
        assert_eq!(serde_json::to_string(&Empty {}).unwrap(), "{}");
    }

    #[test]
    fn omits_unset_fields_and_preserves_null_values() {
        assert_eq!(reencode(LEAST), LEAST);
        let omitted = r#"{"id":"a","at":"2026-08-16T10:00:00Z","steps":[]}"#;
        assert_eq!(reencode(omitted), LEAST);
        let null = r#"{"id":"a","type":null,"parent":null,"at":"2026-08-16T10:00:00Z","ended":null,"limit":null,"due":null,"steps":[]}"#;
        assert_eq!(
            reencode(null),
            r#"{"id":"a","parent":null,"at":"2026-08-16T10:00:00Z","limit":null,"due":null,"steps":[]}"#
        );
    }

    #[test]
    fn reports_path_and_reason_of_mismatches() {
        for (text, path, reason) in [
            (r#"{"id":null}"#, "id", "expected a string, found null"),
            (r#"{"type":"x"}"#, "type", "expected i64, found a string"),
            (
                r#"{"at":7}"#,
                "at",
                "expected an RFC 3339 timestamp, found an integer",
            ),
            (
                r#"{"at":null}"#,
                "at",
                "expected an RFC 3339 timestamp, found null",
            ),
            (
                r#"{"steps":[{"id":1}]}"#,
                "steps[0].id",
                "expected a string, found an integer",
            ),
            ("{}", ".", "missing field `id`"),
            (r#"{"steps":[],"id":"a"}"#, ".", "missing field `at`"),
            (
                r#"{"at":"2026-08-16T10:00:00Z","id":"a"}"#,
                ".",
                "missing field `steps`",
            ),
            (r#"{"id":"a","id":"b"}"#, ".", "duplicate field `id`"),
            (r#"{"type":null,"type":1}"#, ".", "duplicate field `type`"),
            ("[]", ".", "expected struct Step, found an array"),
            ("7", ".", "expected struct Step, found an integer"),
        ] {
            let failure = decode::<Step>(text.as_bytes()).unwrap_err();
            assert_eq!(
                (failure.path.as_str(), failure.reason.as_str()),
                (path, reason),
                "{text}"
            );
        }
    }

    #[test]
    fn returns_serialization_errors() {
        struct Failing;
        impl Serialize for Failing {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(S::Error::custom("no"))
            }
        }
        impl<'de> serde::Deserialize<'de> for Failing {
            fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
                Ok(Self)
            }
        }
        struct Holder {
            first: Failing,
            second: i64,
        }
        object!(Holder, required [0, 1], {
            0 "first" => value Some(first), always first;
            1 "second" => value Some(second), always second;
        });
        let error = serde_json::to_string(&Holder {
            first: Failing,
            second: 1,
        })
        .unwrap_err();
        assert_eq!(error.to_string(), "no");
    }
}
