//! Untagged unions, whose variant is selected by the shape of the value instead of by trial.
//!
//! The shape is the JSON type. Among object variants, the one with the most matching keys wins, then the one with the
//! fewest missing keys, then the first. Values without a matching variant are preserved as unknown.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::replay::Replay;

/// Implements `Serialize` and `Deserialize` for an untagged union.
///
/// The union is an enum with one payload per variant, and a variant `Unknown(UnknownVariant)`. Each arm is a JSON type with
/// the properties that distinguish its objects, or none for the only object: `object ["id", "name"] => Reference`.
macro_rules! shaped_union {
    ($union:ident, { $($shape:ident [$($property:literal),* $(,)?] => $variant:ident),* $(,)? }) => {
        impl $crate::runtime::shaped::ShapedUnion for $union {
            const VARIANTS: &'static [$crate::runtime::shaped::ShapedVariant] = &[$(
                $crate::runtime::shaped::ShapedVariant {
                    name: ::std::stringify!($variant),
                    shape: $crate::runtime::shaped_union!(@shape $shape),
                    properties: &[$($property),*],
                },
            )*];

            fn decode<'de, D: ::serde::Deserializer<'de>>(
                variant: &'static str,
                value: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $(if variant == ::std::stringify!($variant) {
                    return ::serde::Deserialize::deserialize(value).map(Self::$variant);
                })*
                ::serde::Deserialize::deserialize(value).map(Self::unknown)
            }

            fn unknown(raw: ::serde_json::Value) -> Self {
                Self::Unknown($crate::runtime::UnknownVariant::new(None, raw))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $union {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::shaped::deserialize(deserializer)
            }
        }

        impl ::serde::Serialize for $union {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(payload) => {
                        ::serde::Serialize::serialize(payload, serializer)
                    })*
                    Self::Unknown(raw) => ::serde::Serialize::serialize(raw, serializer),
                }
            }
        }
    };
    (@shape string) => { $crate::runtime::shaped::Shape::String };
    (@shape integer) => { $crate::runtime::shaped::Shape::Integer };
    (@shape number) => { $crate::runtime::shaped::Shape::Number };
    (@shape boolean) => { $crate::runtime::shaped::Shape::Boolean };
    (@shape array) => { $crate::runtime::shaped::Shape::Array };
    (@shape object) => { $crate::runtime::shaped::Shape::Object };
}
pub(crate) use shaped_union;

/// A union whose encoding is implemented by [`shaped_union!`].
pub(crate) trait ShapedUnion: Sized + 'static {
    /// The variants, in the order of the spec.
    const VARIANTS: &'static [ShapedVariant];

    /// Decodes the named variant.
    fn decode<'de, D: Deserializer<'de>>(variant: &'static str, value: D)
    -> Result<Self, D::Error>;

    /// Creates the variant for a value of unknown shape.
    fn unknown(raw: Value) -> Self;
}

/// A variant and the shape of its values.
pub(crate) struct ShapedVariant {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) properties: &'static [&'static str],
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

/// Decodes a union.
pub(crate) fn deserialize<'de, U: ShapedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<U, D::Error> {
    deserializer.deserialize_any(ShapeVisitor(PhantomData))
}

struct ShapeVisitor<U>(PhantomData<U>);

impl<U: ShapedUnion> ShapeVisitor<U> {
    fn of_shape(shape: Shape) -> Option<&'static str> {
        let variant = U::VARIANTS.iter().find(|variant| variant.shape == shape);
        variant.map(|variant| variant.name)
    }

    /// Decodes the variant for the first of `shapes` that the union contains.
    fn decode<'de, D: Deserializer<'de>>(shapes: &[Shape], value: D) -> Result<U, D::Error> {
        match shapes.iter().copied().find_map(Self::of_shape) {
            Some(variant) => U::decode(variant, value),
            None => Value::deserialize(value).map(U::unknown),
        }
    }

    /// Selects the object variant that matches the keys best.
    fn by_keys(entries: &[(String, Value)]) -> Option<&'static str> {
        let known = |variant: &ShapedVariant| {
            let is_known = |name: &&&str| entries.iter().any(|(key, _)| key == **name);
            variant.properties.iter().filter(is_known).count()
        };
        U::VARIANTS
            .iter()
            .filter(|variant| variant.shape == Shape::Object)
            .map(|variant| (known(variant), variant))
            .filter(|(known, _)| *known > 0)
            // `max_by_key` returns the last maximum, so reverse to get the first.
            .rev()
            .max_by_key(|(known, variant)| {
                let missing = variant.properties.len() - known;
                (*known, std::cmp::Reverse(missing))
            })
            .map(|(_, variant)| variant.name)
    }
}

impl<'de, U: ShapedUnion> Visitor<'de> for ShapeVisitor<U> {
    type Value = U;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<U, E> {
        Self::decode(&[Shape::Boolean], value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<U, E> {
        Self::decode(&[Shape::Integer, Shape::Number], value.into_deserializer())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<U, E> {
        Self::decode(&[Shape::Integer, Shape::Number], value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<U, E> {
        Self::decode(&[Shape::Number], value.into_deserializer())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<U, E> {
        Self::decode(&[Shape::String], value.into_deserializer())
    }

    fn visit_unit<E: Error>(self) -> Result<U, E> {
        Ok(U::unknown(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<U, A::Error> {
        Self::decode(&[Shape::Array], SeqAccessDeserializer::new(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<U, A::Error> {
        let is_object = |variant: &&ShapedVariant| variant.shape == Shape::Object;
        if U::VARIANTS.iter().filter(is_object).count() < 2 {
            return Self::decode(&[Shape::Object], MapAccessDeserializer::new(map));
        }
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry::<String, Value>()? {
            entries.push(entry);
        }
        match Self::by_keys(&entries) {
            Some(variant) => {
                let entries = Replay::<A>::new(entries, None);
                U::decode(variant, MapAccessDeserializer::new(entries))
            }
            None => Ok(U::unknown(Value::Object(entries.into_iter().collect()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use crate::runtime::UnknownVariant;
    use crate::runtime::json::decode;

    #[derive(Clone, Debug, PartialEq)]
    enum Number {
        Integer(i64),
        Float(f64),
        Unknown(UnknownVariant),
    }
    shaped_union!(Number, { integer [] => Integer, number [] => Float });

    #[derive(Clone, Debug, PartialEq)]
    enum Mixed {
        Text(String),
        Float(f64),
        Flag(bool),
        List(Vec<u8>),
        Counts(Counts),
        Rates(Rates),
        Unknown(UnknownVariant),
    }
    shaped_union!(Mixed, {
        string [] => Text,
        number [] => Float,
        boolean [] => Flag,
        array [] => List,
        object ["total", "right"] => Counts,
        object ["total", "right", "rate"] => Rates,
    });

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Counts {
        total: u32,
        right: u32,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Rates {
        total: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        right: Option<u32>,
        rate: f64,
    }

    fn assert_number(text: &str, expected: &Number) {
        assert_round_trips(text, |number: &Number| number == expected);
    }

    fn assert_mixed(text: &str, expected: impl FnOnce(&Mixed) -> bool) {
        assert_round_trips(text, expected);
    }

    #[track_caller]
    fn assert_round_trips<T>(text: &str, expected: impl FnOnce(&T) -> bool)
    where
        T: Serialize + for<'de> Deserialize<'de> + std::fmt::Debug,
    {
        let read: T = serde_json::from_str(text).unwrap();
        assert!(expected(&read), "{read:?}");
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn distinguishes_integers_from_numbers() {
        assert_number("9007199254740993", &Number::Integer(9_007_199_254_740_993));
        assert_number("-1", &Number::Integer(-1));
        assert_number("1.0", &Number::Float(1.0));
        assert_number("0.5", &Number::Float(0.5));
    }

    #[test]
    fn decodes_integers_as_numbers_without_an_integer_variant() {
        let read: Mixed = serde_json::from_str("3").unwrap();
        assert_eq!(read, Mixed::Float(3.0));
    }

    #[test]
    fn selects_variant_by_json_type() {
        assert_mixed(r#""3""#, |m| *m == Mixed::Text("3".to_owned()));
        assert_mixed("true", |m| *m == Mixed::Flag(true));
        assert_mixed("[1,2]", |m| *m == Mixed::List(vec![1, 2]));
    }

    #[test]
    fn selects_object_variant_by_keys() {
        assert_mixed(r#"{"total":4,"right":3}"#, |m| {
            matches!(m, Mixed::Counts(_))
        });
        assert_mixed(r#"{"total":4,"rate":0.5}"#, |m| {
            matches!(m, Mixed::Rates(_))
        });
        assert_mixed(r#"{"total":4,"right":3,"rate":0.5}"#, |m| {
            matches!(m, Mixed::Rates(_))
        });
    }

    #[test]
    fn prefers_fewer_missing_keys_on_ties() {
        #[derive(Debug, PartialEq)]
        enum Union {
            Two(serde_json::Value),
            One(serde_json::Value),
            Unknown(UnknownVariant),
        }
        shaped_union!(Union, { object ["id", "a", "b"] => Two, object ["id", "c"] => One });
        assert_round_trips(r#"{"id":1}"#, |l: &Union| matches!(l, Union::One(_)));
        assert_round_trips(r#"{"id":1,"a":2}"#, |l: &Union| matches!(l, Union::Two(_)));
    }

    #[test]
    fn prefers_first_variant_on_ties() {
        #[derive(Debug, PartialEq)]
        enum Tie {
            First(serde_json::Value),
            Second(serde_json::Value),
            Unknown(UnknownVariant),
        }
        shaped_union!(Tie, { object ["id", "a"] => First, object ["id", "b"] => Second });
        assert_round_trips(r#"{"id":1}"#, |tie: &Tie| matches!(tie, Tie::First(_)));
        assert_round_trips(r#"{"id":1,"b":2}"#, |tie: &Tie| {
            matches!(tie, Tie::Second(_))
        });
    }

    #[test]
    fn preserves_values_of_unknown_shape() {
        for text in [r#"{"z":1,"a":2}"#, "{}", "null"] {
            assert_round_trips(text, |m: &Mixed| matches!(m, Mixed::Unknown(_)));
        }
        for text in [r#""x""#, "[1]", r#"{"b":1,"a":2}"#, "null", "true"] {
            assert_round_trips(text, |n: &Number| matches!(n, Number::Unknown(_)));
        }
    }

    #[test]
    fn reports_paths_within_known_shapes() {
        for (text, path) in [
            (r#"[1,"x"]"#, "[1]"),
            (r#"{"right":1,"total":"x"}"#, "total"),
        ] {
            let failure = decode::<Mixed>(text.as_bytes()).unwrap_err();
            assert_eq!(failure.path, path);
            assert!(failure.reason.contains("found a string"), "{failure}");
        }
    }
}
