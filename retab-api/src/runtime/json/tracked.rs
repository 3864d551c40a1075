//! Tracks the path at which decoding fails.
//!
//! While decoding, every enclosing object and array counts its entries. This is the only cost for successful decodes. On
//! failure, the counts are collected, and the path is then looked up in the text.

use std::fmt::{self, Write as _};

use serde::Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

/// Decodes a text. Errors contain the path of the failing value, `.` for the whole.
pub(crate) fn decode<T: DeserializeOwned>(text: &str) -> Result<T, (String, serde_json::Error)> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut entries = Vec::new();
    let decoded = T::deserialize(Tracked {
        inner: &mut json,
        entries: &mut entries,
    });
    let whole = match decoded {
        Ok(value) => json.end().map(|()| value),
        Err(error) => return Err((path(text, &mut entries), error)),
    };
    whole.map_err(|error| (".".to_owned(), error))
}

/// Wraps a deserializer, visitor or seed to count entries.
struct Tracked<'t, X> {
    inner: X,
    /// The index of the failing entry in each enclosing object or array, innermost first. Empty before a failure.
    entries: &'t mut Vec<usize>,
}

/// Methods for types with parts that can fail.
macro_rules! deserialize_wrapped {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self $(, $argument: $type)*, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($argument,)* Tracked { inner: visitor, entries: self.entries })
        }
    )*};
}

/// Methods for types without parts in JSON.
macro_rules! deserialize_plain {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tracked<'_, D> {
    type Error = D::Error;

    deserialize_wrapped! {
        deserialize_any();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(length: usize);
        deserialize_tuple_struct(name: &'static str, length: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }

    deserialize_plain! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_unit deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, visitor)
    }
}

macro_rules! visit_plain {
    ($($method:ident: $type:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Tracked<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit_plain! {
        visit_bool: bool,
        visit_i64: i64,
        visit_i128: i128,
        visit_u64: u64,
        visit_u128: u128,
        visit_f64: f64,
        visit_str: &str,
        visit_borrowed_str: &'de str,
        visit_string: String,
        visit_bytes: &[u8],
        visit_borrowed_bytes: &'de [u8],
        visit_byte_buf: Vec<u8>,
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Tracked {
            inner: deserializer,
            entries: self.entries,
        })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Tracked {
            inner: deserializer,
            entries: self.entries,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Counted::new(seq, self.entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Counted::new(map, self.entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(Counted::new(data, self.entries))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Tracked<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Tracked {
            inner: deserializer,
            entries: self.entries,
        })
    }
}

/// An object or array with `count` entries read.
struct Counted<'t, A> {
    inner: A,
    entries: &'t mut Vec<usize>,
    count: usize,
}

impl<'t, A> Counted<'t, A> {
    fn new(inner: A, entries: &'t mut Vec<usize>) -> Self {
        Self {
            inner,
            entries,
            count: 0,
        }
    }

    /// Records the current entry if it failed.
    fn record<T, E>(&mut self, read: Result<T, E>) -> Result<T, E> {
        match read {
            // An inner failure was handled by its decoder.
            Ok(_) => self.entries.clear(),
            Err(_) => self.entries.push(self.count),
        }
        read
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Counted<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let element = self.inner.next_element_seed(Tracked {
            inner: seed,
            entries: self.entries,
        });
        let element = self.record(element);
        self.count += 1;
        element
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Counted<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let key = self.inner.next_key_seed(seed);
        self.record(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = self.inner.next_value_seed(Tracked {
            inner: seed,
            entries: self.entries,
        });
        let value = self.record(value);
        self.count += 1;
        value
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// An enum variant is a string without parts, or the only key of an object.
impl<'de, 't, A: EnumAccess<'de>> EnumAccess<'de> for Counted<'t, A> {
    type Error = A::Error;
    type Variant = Counted<'t, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (name, variant) = self.inner.variant_seed(seed)?;
        Ok((name, Counted::new(variant, self.entries)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Counted<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        let entries = self.entries;
        let seed = Tracked {
            inner: seed,
            entries: &mut *entries,
        };
        let value = self.inner.newtype_variant_seed(seed);
        value.inspect_err(|_| entries.push(0))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let entries = self.entries;
        let visitor = Tracked {
            inner: visitor,
            entries: &mut *entries,
        };
        let value = self.inner.tuple_variant(length, visitor);
        value.inspect_err(|_| entries.push(0))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let entries = self.entries;
        let visitor = Tracked {
            inner: visitor,
            entries: &mut *entries,
        };
        let value = self.inner.struct_variant(fields, visitor);
        value.inspect_err(|_| entries.push(0))
    }
}

/// Returns the path along the entries, as far as the text is valid.
fn path(text: &str, entries: &mut Vec<usize>) -> String {
    let mut path = String::new();
    entries.reverse();
    let finder = PathFinder {
        entries,
        index: None,
        path: &mut path,
    };
    // Always ends in an error: at the failing value, or earlier in invalid text.
    let _ = finder.deserialize(&mut serde_json::Deserializer::from_str(text));
    if path.is_empty() {
        path.push('.');
    }
    path
}

/// Follows the entries through the text and stops at the last one.
struct PathFinder<'a> {
    entries: &'a [usize],
    /// The index in the enclosing array.
    index: Option<usize>,
    path: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for PathFinder<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if let Some(index) = self.index {
            // Writing to a `String` cannot fail.
            let _ = write!(self.path, "[{index}]");
        }
        if self.entries.is_empty() {
            return Err(D::Error::custom("the end of the path"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PathFinder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((entry, entries)) = self.entries.split_first() else {
            return Ok(());
        };
        for _ in 0..*entry {
            map.next_entry::<IgnoredAny, IgnoredAny>()?;
        }
        let Some(key) = map.next_key::<String>()? else {
            return Ok(());
        };
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(&key);
        map.next_value_seed(PathFinder {
            entries,
            index: None,
            path: self.path,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some((entry, entries)) = self.entries.split_first() else {
            return Ok(());
        };
        for _ in 0..*entry {
            seq.next_element::<IgnoredAny>()?;
        }
        let element = seq.next_element_seed(PathFinder {
            entries,
            index: Some(*entry),
            path: self.path,
        });
        element.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use super::decode;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        #[serde(default)]
        count: Option<u8>,
        #[serde(default)]
        items: Vec<Item>,
        #[serde(default)]
        named: BTreeMap<String, Box<Item>>,
        #[serde(default)]
        pair: Option<(u8, bool)>,
        #[serde(default)]
        kind: Option<Kind>,
        #[serde(default)]
        newtype: Option<Newtype>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        Unit,
        Newtype(Vec<u8>),
        Tuple(u8, u8),
        Struct { count: u8 },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Newtype(Vec<u8>);

    /// Asserts the path of a failure, also against `serde_path_to_error`.
    #[track_caller]
    fn fails<T: DeserializeOwned + Debug>(text: &str, expected: &str) {
        let (path, error) = decode::<T>(text).unwrap_err();
        assert_eq!(path, expected, "{error}");
        let (other, at) = {
            let json = &mut serde_json::Deserializer::from_str(text);
            let error = serde_path_to_error::deserialize::<_, T>(json).unwrap_err();
            (error.path().to_string(), error.into_inner().to_string())
        };
        assert_eq!((path, error.to_string()), (other, at));
    }

    #[test]
    fn reports_path_of_mismatched_values() {
        fails::<Item>("7", ".");
        fails::<Item>(r#"{"count":"x"}"#, "count");
        fails::<Item>(r#"{"count":300}"#, "count");
        fails::<Item>(
            r#"{"items":[{},{"count":1},{"count":[]}]}"#,
            "items[2].count",
        );
        fails::<Item>(r#"{"items":[{"items":[{}, 7]}]}"#, "items[0].items[1]");
        fails::<Item>(
            r#"{"count":1,"named":{"a":{},"b.c":{"items":["x"]}}}"#,
            "named.b.c.items[0]",
        );
        fails::<Item>(r#"{"pair":[1,2]}"#, "pair[1]");
        fails::<Item>(r#"{"newtype":[1,"x"]}"#, "newtype[1]");
        fails::<Vec<Vec<u8>>>("[[1],[2,3,[]]]", "[1][2]");
    }

    #[test]
    fn reports_path_of_object_or_key_errors() {
        fails::<Item>(r#"{"items":[{"count":1,"count":2}]}"#, "items[0]");
        fails::<Item>(r#"{"items":[{"count":1,"odd":2}]}"#, "items[0].odd");
        fails::<Item>(r#"{"pair":[1]}"#, "pair");
        fails::<Item>(r#"{"kind":{"Struct":{}}}"#, "kind.Struct");
    }

    #[test]
    fn includes_variants_in_paths() {
        fails::<Item>(r#"{"kind":{"Newtype":[1,"x"]}}"#, "kind.Newtype[1]");
        fails::<Item>(r#"{"kind":{"Tuple":[1,"x"]}}"#, "kind.Tuple[1]");
        fails::<Item>(r#"{"kind":{"Struct":{"count":"x"}}}"#, "kind.Struct.count");
        fails::<Item>(r#"{"kind":"Odd"}"#, "kind");
    }

    #[test]
    fn reports_path_within_invalid_json() {
        fails::<Item>("", ".");
        fails::<Item>(r#"{"items":[{"count":"#, "items[0].count");
        let (path, _) = decode::<Item>(r#"{"items":[{"named":{"a":{}"#).unwrap_err();
        assert_eq!(path, "items[0].named");
        fails::<Value>(r#"{"a":[1,{"b":nul}]}"#, "a[1].b");
    }

    #[test]
    fn decodes_like_serde_json() {
        for text in [
            "{}",
            r#"{"count":null,"items":[{"count":3}],"pair":[1,true],"kind":"Unit","newtype":[7]}"#,
            r#"{"named":{"b":{"kind":{"Newtype":[1]}},"a":{"kind":{"Tuple":[1,2]}}}}"#,
            r#"{"kind":{"Struct":{"count":1}}}"#,
        ] {
            let expected: Item = serde_json::from_str(text).unwrap();
            assert_eq!(decode::<Item>(text).unwrap(), expected);
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(decode::<Value>(text).unwrap(), expected);
        }
    }

    #[test]
    fn ignores_handled_failures() {
        /// Ignores decode errors.
        #[derive(Debug)]
        struct Lenient;
        impl<'de> Deserialize<'de> for Lenient {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let _ = Vec::<u8>::deserialize(deserializer);
                Ok(Self)
            }
        }
        #[derive(Debug, Deserialize)]
        struct Pair {
            #[serde(rename = "lenient")]
            _lenient: Vec<Lenient>,
        }
        let (path, _) = decode::<Vec<Pair>>(r#"[{"lenient":["x"]},{"lenient":7}]"#).unwrap_err();
        assert_eq!(path, "[1].lenient");
    }

    #[test]
    fn rejects_trailing_bytes() {
        let (path, error) = decode::<u8>("7 8").unwrap_err();
        assert_eq!(path, ".");
        assert!(error.to_string().starts_with("trailing characters"));
    }
}
