//! Structs with fields that may be at an alternative path.
//!
//! `#[serde(remote = "Self")]` makes the derived decoder an inherent function. [`deserialize`] passes it a deserializer
//! that streams the object, stores values at alternative paths, and appends them as fields if the object ends without the
//! real fields.

use std::fmt;

use serde::Deserializer;
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Error, IgnoredAny, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};

/// A string field that may be at an alternative path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alternative {
    /// The name of the field on the wire.
    pub(crate) field: &'static str,
    /// The alternative path. Its first name is not a field of the struct.
    pub(crate) path: &'static [&'static str],
}

/// Decodes a struct with its derived decoder.
///
/// The real field takes precedence over its alternative. Values at the alternative path that are not strings are ignored.
pub(crate) fn deserialize<'de, D: Deserializer<'de>, T, const N: usize>(
    deserializer: D,
    alternatives: &'static [Alternative; N],
    decode: impl FnOnce(WithAlternatives<D, N>) -> Result<T, D::Error>,
) -> Result<T, D::Error> {
    decode(WithAlternatives {
        inner: deserializer,
        alternatives,
    })
}

/// Deserializes an object, presenting values at alternative paths as fields.
pub(crate) struct WithAlternatives<D, const N: usize> {
    inner: D,
    alternatives: &'static [Alternative; N],
}

impl<'de, D: Deserializer<'de>, const N: usize> Deserializer<'de> for WithAlternatives<D, N> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_map(ObjectVisitor {
            visitor,
            alternatives: self.alternatives,
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

struct ObjectVisitor<V, const N: usize> {
    visitor: V,
    alternatives: &'static [Alternative; N],
}

impl<'de, V: Visitor<'de>, const N: usize> Visitor<'de> for ObjectVisitor<V, N> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Entries {
            map: Some(map),
            fields: self.alternatives.each_ref().map(|alternative| Field {
                alternative,
                is_set: false,
                found: None,
            }),
            current: None,
        })
    }
}

/// The state of a field that has an alternative.
struct Field {
    alternative: &'static Alternative,
    is_set: bool,
    found: Option<String>,
}

/// The entries of the object, followed by fields that are only at their alternative paths.
struct Entries<A, const N: usize> {
    /// `None` at the end of the object.
    map: Option<A>,
    fields: [Field; N],
    /// The alternative value of the field whose key was returned last.
    current: Option<String>,
}

impl<'de, A: MapAccess<'de>, const N: usize> MapAccess<'de> for Entries<A, N> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if self.fields.iter().all(|field| field.is_set) {
            // No alternative is needed any more, so their paths are unknown fields.
            let map = self.map.as_mut();
            return map.map_or(Ok(None), |map| map.next_key_seed(seed));
        }
        let mut seed = Some(seed);
        while let Some(map) = &mut self.map {
            let key = KeySeed {
                seed: &mut seed,
                fields: &mut self.fields,
            };
            match map.next_key_seed(key)? {
                Some(Key::Field(key)) => return Ok(Some(key)),
                Some(Key::Alternative(paths)) => map.next_value_seed(AlternativeValue {
                    paths,
                    fields: &mut self.fields,
                })?,
                None => self.map = None,
            }
        }
        let missing = |field: &&mut Field| !field.is_set && field.found.is_some();
        match (self.fields.iter_mut().find(missing), seed) {
            (Some(field), Some(seed)) => {
                field.is_set = true;
                self.current = field.found.take();
                let name: StrDeserializer<'_, A::Error> =
                    field.alternative.field.into_deserializer();
                seed.deserialize(name).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match (self.current.take(), &mut self.map) {
            (Some(found), _) => seed.deserialize(found.into_deserializer()),
            (None, Some(map)) => map.next_value_seed(seed),
            (None, None) => Err(A::Error::custom("value requested before its key")),
        }
    }
}

/// A key of the object.
enum Key<T> {
    /// A field of the struct, already decoded.
    Field(T),
    /// The first name of alternative paths, with the rest of each.
    Alternative(Vec<RemainingPath>),
}

/// The rest of an alternative path, and the index of its field.
struct RemainingPath {
    field: usize,
    path: &'static [&'static str],
}

struct KeySeed<'a, K> {
    /// Taken when the key is a field of the struct.
    seed: &'a mut Option<K>,
    fields: &'a mut [Field],
}

impl<K> KeySeed<'_, K> {
    /// Returns the seed if the key is a field of the struct, or else the alternative paths that it starts.
    fn match_key(&mut self, key: &str) -> Result<Option<K>, Vec<RemainingPath>> {
        let mut is_alternative = false;
        for Field {
            alternative,
            is_set,
            ..
        } in self.fields.iter_mut()
        {
            is_alternative |= alternative.path.first() == Some(&key);
            *is_set |= alternative.field == key;
        }
        if is_alternative {
            return Err(self.paths_after(key));
        }
        Ok(self.seed.take())
    }

    /// Returns the rest of all alternative paths that start with `key`.
    #[cold]
    fn paths_after(&self, key: &str) -> Vec<RemainingPath> {
        let fields = self.fields.iter().enumerate();
        let paths = fields.filter_map(|(field, state)| match state.alternative.path {
            [first, path @ ..] if *first == key => Some(RemainingPath { field, path }),
            _ => None,
        });
        paths.collect()
    }
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for KeySeed<'_, K> {
    type Value = Key<K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for KeySeed<'_, K> {
    type Value = Key<K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(mut self, key: &'de str) -> Result<Self::Value, E> {
        match self.match_key(key) {
            Ok(Some(seed)) => seed
                .deserialize(BorrowedStrDeserializer::new(key))
                .map(Key::Field),
            Ok(None) => Err(E::custom("key seed used twice")),
            Err(paths) => Ok(Key::Alternative(paths)),
        }
    }

    fn visit_str<E: Error>(mut self, key: &str) -> Result<Self::Value, E> {
        match self.match_key(key) {
            Ok(Some(seed)) => seed.deserialize(StrDeserializer::new(key)).map(Key::Field),
            Ok(None) => Err(E::custom("key seed used twice")),
            Err(paths) => Ok(Key::Alternative(paths)),
        }
    }
}

/// Stores the strings at the ends of alternative paths and skips everything else.
struct AlternativeValue<'a> {
    paths: Vec<RemainingPath>,
    fields: &'a mut [Field],
}

impl<'de> DeserializeSeed<'de> for AlternativeValue<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AlternativeValue<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        for path in self.paths.iter().filter(|path| path.path.is_empty()) {
            if let Some(field) = self.fields.get_mut(path.field) {
                field.found = Some(text.to_owned());
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let paths: Vec<_> = self
                .paths
                .iter()
                .filter_map(|remaining| match remaining.path {
                    [first, path @ ..] if *first == key => Some(RemainingPath {
                        field: remaining.field,
                        path,
                    }),
                    _ => None,
                })
                .collect();
            if paths.is_empty() {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(AlternativeValue {
                    paths,
                    fields: self.fields,
                })?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::json;

    use super::Alternative;
    use crate::runtime::json::decode;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(remote = "Self")]
    struct Run {
        id: String,
        workflow_id: String,
        workflow_version_id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        steps: Option<Vec<u32>>,
    }

    impl<'de> Deserialize<'de> for Run {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            super::deserialize(
                deserializer,
                &[
                    Alternative {
                        field: "workflow_id",
                        path: &["workflow", "workflow_id"],
                    },
                    Alternative {
                        field: "workflow_version_id",
                        path: &["workflow", "version", "id"],
                    },
                ],
                Self::deserialize,
            )
        }
    }

    impl Serialize for Run {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Self::serialize(self, serializer)
        }
    }

    fn run(workflow_id: &str, version_id: &str) -> Run {
        Run {
            id: "run_1".to_owned(),
            workflow_id: workflow_id.to_owned(),
            workflow_version_id: version_id.to_owned(),
            steps: None,
        }
    }

    #[track_caller]
    fn fails_at(text: &str, path: &str, reason: &str) {
        let failure = decode::<Vec<Run>>(format!("[{text}]").as_bytes()).unwrap_err();
        assert_eq!(
            (failure.path.as_str(), failure.reason.as_str()),
            (path, reason)
        );
    }

    #[test]
    fn decodes_both_shapes() {
        for text in [
            r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1"}"#,
            r#"{"id":"run_1","workflow":{"workflow_id":"wf_1","version":{"id":"ver_1"}}}"#,
            r#"{"workflow":{"x":[1],"version":{"y":{},"id":"ver_1"},"workflow_id":"wf_1"},"id":"run_1"}"#,
            r#"{"workflow":{"workflow_id":"wf_1"},"id":"run_1","workflow_version_id":"ver_1"}"#,
        ] {
            assert_eq!(
                serde_json::from_str::<Run>(text).unwrap(),
                run("wf_1", "ver_1"),
                "{text}"
            );
        }
    }

    #[test]
    fn decodes_buffered_values() {
        let value =
            json!({"id": "run_1", "workflow": {"workflow_id": "wf_1", "version": {"id": "ver_1"}}});
        assert_eq!(
            serde_json::from_value::<Run>(value).unwrap(),
            run("wf_1", "ver_1")
        );
    }

    #[test]
    fn prefers_the_field_over_its_alternative() {
        for text in [
            r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","workflow":{"workflow_id":"old","version":{"id":"old"}}}"#,
            r#"{"workflow":{"workflow_id":"old","version":{"id":"old"}},"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1"}"#,
        ] {
            assert_eq!(
                serde_json::from_str::<Run>(text).unwrap(),
                run("wf_1", "ver_1"),
                "{text}"
            );
        }
    }

    #[test]
    fn reports_missing_field_without_alternative() {
        fails_at(r#"{"id":"run_1"}"#, "[0]", "missing field `workflow_id`");
        fails_at(
            r#"{"id":"run_1","workflow_id":"wf_1","workflow":{}}"#,
            "[0]",
            "missing field `workflow_version_id`",
        );
    }

    #[test]
    fn ignores_alternatives_that_are_not_strings() {
        for workflow in [
            "null",
            "7",
            "-7",
            "0.5",
            "true",
            r#""wf_1""#,
            r#"["workflow_id","wf_1"]"#,
            r#"{"workflow_id":1}"#,
            r#"{"workflow_id":null}"#,
            r#"{"workflow_id":{"workflow_id":"wf_1"}}"#,
            r#"{"workflow_id":["wf_1"]}"#,
        ] {
            fails_at(
                &format!(r#"{{"id":"run_1","workflow":{workflow},"workflow_version_id":"ver_1"}}"#),
                "[0]",
                "missing field `workflow_id`",
            );
        }
    }

    #[test]
    fn preserves_paths_of_other_fields() {
        fails_at(
            r#"{"id":"run_1","workflow":{"workflow_id":"wf_1","version":{"id":"v"}},"steps":[1,"SECRET"]}"#,
            "[0].steps[1]",
            "expected u32, found a string",
        );
    }

    #[test]
    fn rejects_values_that_are_not_objects() {
        fails_at("7", "[0]", "expected struct Run, found an integer");
    }

    #[test]
    fn serializes_fields_in_place() {
        assert_eq!(
            serde_json::to_string(&run("wf_1", "ver_1")).unwrap(),
            r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1"}"#
        );
    }
}
