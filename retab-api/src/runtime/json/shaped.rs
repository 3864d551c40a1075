//! Unions without a tag, whose variant is told by the shape of the value, never by trial.
//!
//! The shape is the type of the JSON value. Where several variants are objects, it is the one that
//! has most of the object's keys; of those that have equally many, the one that lacks the fewest of
//! its own; then the first. A value of no variant's shape is kept whole.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::replay::Replay;

/// Writes `Serialize` and `Deserialize` of a union without a tag.
///
/// The union is an enum with one payload a variant, and a variant `Unknown(UnknownVariant)`. Each
/// arm is the type of a JSON value, with the properties that tell its objects from those of others
/// (none where it is the only object): `object ["id", "name"] => Reference`.
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

/// A union that [`shaped_union!`] gives its encoding.
pub(crate) trait ShapedUnion: Sized + 'static {
    /// The variants, in the order of the document.
    const VARIANTS: &'static [ShapedVariant];

    /// Decodes the variant of this name.
    fn decode<'de, D: Deserializer<'de>>(variant: &'static str, value: D)
    -> Result<Self, D::Error>;

    /// The variant of a value that has no known shape.
    fn unknown(raw: Value) -> Self;
}

/// A variant and how its values look.
pub(crate) struct ShapedVariant {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) properties: &'static [&'static str],
}

/// The type of a JSON value.
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

    /// Decodes the variant of the first of `shapes` that the union has.
    fn decode<'de, D: Deserializer<'de>>(shapes: &[Shape], value: D) -> Result<U, D::Error> {
        match shapes.iter().copied().find_map(Self::of_shape) {
            Some(variant) => U::decode(variant, value),
            None => Value::deserialize(value).map(U::unknown),
        }
    }

    /// The object variant to which the keys of an object point.
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
            // The last of equal ones wins in `max_by_key`, the first is wanted.
            .rev()
            .max_by_key(|(known, variant)| {
                let lacking = variant.properties.len() - known;
                (*known, std::cmp::Reverse(lacking))
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

    fn number(text: &str, expected: &Number) {
        reads_back(text, |number: &Number| number == expected);
    }

    fn mixed(text: &str, expected: impl FnOnce(&Mixed) -> bool) {
        reads_back(text, expected);
    }

    #[track_caller]
    fn reads_back<T>(text: &str, expected: impl FnOnce(&T) -> bool)
    where
        T: Serialize + for<'de> Deserialize<'de> + std::fmt::Debug,
    {
        let read: T = serde_json::from_str(text).unwrap();
        assert!(expected(&read), "{read:?}");
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn integers_and_numbers_stay_what_they_are() {
        number("9007199254740993", &Number::Integer(9_007_199_254_740_993));
        number("-1", &Number::Integer(-1));
        number("1.0", &Number::Float(1.0));
        number("0.5", &Number::Float(0.5));
    }

    #[test]
    fn an_integer_is_a_number_where_there_are_no_integers() {
        let read: Mixed = serde_json::from_str("3").unwrap();
        assert_eq!(read, Mixed::Float(3.0));
    }

    #[test]
    fn the_type_of_the_value_tells_the_variant() {
        mixed(r#""3""#, |m| *m == Mixed::Text("3".to_owned()));
        mixed("true", |m| *m == Mixed::Flag(true));
        mixed("[1,2]", |m| *m == Mixed::List(vec![1, 2]));
    }

    #[test]
    fn the_keys_tell_one_object_from_another() {
        mixed(r#"{"total":4,"right":3}"#, |m| {
            matches!(m, Mixed::Counts(_))
        });
        mixed(r#"{"total":4,"rate":0.5}"#, |m| {
            matches!(m, Mixed::Rates(_))
        });
        mixed(r#"{"total":4,"right":3,"rate":0.5}"#, |m| {
            matches!(m, Mixed::Rates(_))
        });
    }

    #[test]
    fn of_those_that_have_equally_many_keys_the_one_that_lacks_fewer_wins() {
        #[derive(Debug, PartialEq)]
        enum Lacking {
            Two(serde_json::Value),
            One(serde_json::Value),
            Unknown(UnknownVariant),
        }
        shaped_union!(Lacking, { object ["id", "a", "b"] => Two, object ["id", "c"] => One });
        reads_back(r#"{"id":1}"#, |l: &Lacking| matches!(l, Lacking::One(_)));
        reads_back(r#"{"id":1,"a":2}"#, |l: &Lacking| {
            matches!(l, Lacking::Two(_))
        });
    }

    #[test]
    fn the_first_of_equals_wins() {
        #[derive(Debug, PartialEq)]
        enum Tie {
            First(serde_json::Value),
            Second(serde_json::Value),
            Unknown(UnknownVariant),
        }
        shaped_union!(Tie, { object ["id", "a"] => First, object ["id", "b"] => Second });
        reads_back(r#"{"id":1}"#, |tie: &Tie| matches!(tie, Tie::First(_)));
        reads_back(r#"{"id":1,"b":2}"#, |tie: &Tie| {
            matches!(tie, Tie::Second(_))
        });
    }

    #[test]
    fn what_has_no_known_shape_is_kept_whole_and_written_back() {
        for text in [r#"{"z":1,"a":2}"#, "{}", "null"] {
            reads_back(text, |m: &Mixed| matches!(m, Mixed::Unknown(_)));
        }
        for text in [r#""x""#, "[1]", r#"{"b":1,"a":2}"#, "null", "true"] {
            reads_back(text, |n: &Number| matches!(n, Number::Unknown(_)));
        }
    }

    #[test]
    fn a_bad_body_of_a_known_shape_names_the_path() {
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
