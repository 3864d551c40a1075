//! Structs some of whose fields the service has written at another path.
//!
//! A struct with `#[serde(remote = "Self")]` has its derived decoder as an inherent function. That
//! decoder reads through [`deserialize`], which hands it the object entry by entry, as it is read:
//! what stands at an alternative path is noted, and given as the field when the object ends without
//! having it.

use std::fmt;

use serde::Deserializer;
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Error, IgnoredAny, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};

/// A field that may stand at another path, as a string.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alternative {
    /// The name of the field on the wire.
    pub(crate) field: &'static str,
    /// The names that lead to the alternative; the first is no field of the struct.
    pub(crate) path: &'static [&'static str],
}

/// Decodes a struct by its derived decoder; the field itself wins over its alternative, and
/// anything but a string at the alternative path is as good as nothing.
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

/// A deserializer of an object, with what stands at the alternative paths as fields of it.
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

/// What is known of a field that has an alternative.
struct Field {
    alternative: &'static Alternative,
    is_set: bool,
    found: Option<String>,
}

/// The entries of the object, then the fields that only their alternatives have.
struct Entries<A, const N: usize> {
    /// `None` once it has ended.
    map: Option<A>,
    fields: [Field; N],
    /// The value of the field that was named last, where an alternative has it.
    current: Option<String>,
}

impl<'de, A: MapAccess<'de>, const N: usize> MapAccess<'de> for Entries<A, N> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if self.fields.iter().all(|field| field.is_set) {
            // Nothing is left for an alternative to give: its path is one more unknown field.
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
                Some(Key::Passed(key)) => return Ok(Some(key)),
                Some(Key::Leads(steps)) => map.next_value_seed(AlternativeValue {
                    steps,
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
            (None, None) => Err(A::Error::custom("a value was asked for without its key")),
        }
    }
}

/// A key of the object.
enum Key<T> {
    /// The struct's own, which has read it.
    Passed(T),
    /// The first step to alternatives: which, and the steps that follow.
    Leads(Vec<Steps>),
}

/// What is left of an alternative path, and the field that it leads to.
struct Steps {
    field: usize,
    path: &'static [&'static str],
}

struct KeySeed<'a, K> {
    /// Taken by a key that is the struct's own.
    seed: &'a mut Option<K>,
    fields: &'a mut [Field],
}

impl<K> KeySeed<'_, K> {
    /// The seed of a key that is the struct's own, or where it leads.
    fn own(&mut self, key: &str) -> Result<Option<K>, Vec<Steps>> {
        let mut leads = false;
        for Field {
            alternative,
            is_set,
            ..
        } in self.fields.iter_mut()
        {
            leads |= alternative.path.first() == Some(&key);
            *is_set |= alternative.field == key;
        }
        if leads {
            return Err(self.led_by(key));
        }
        Ok(self.seed.take())
    }

    /// The steps that follow this first one.
    #[cold]
    fn led_by(&self, key: &str) -> Vec<Steps> {
        let fields = self.fields.iter().enumerate();
        let led = fields.filter_map(|(field, known)| match known.alternative.path {
            [first, path @ ..] if *first == key => Some(Steps { field, path }),
            _ => None,
        });
        led.collect()
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
        match self.own(key) {
            Ok(Some(seed)) => seed
                .deserialize(BorrowedStrDeserializer::new(key))
                .map(Key::Passed),
            Ok(None) => Err(E::custom("a key was read twice")),
            Err(leads) => Ok(Key::Leads(leads)),
        }
    }

    fn visit_str<E: Error>(mut self, key: &str) -> Result<Self::Value, E> {
        match self.own(key) {
            Ok(Some(seed)) => seed.deserialize(StrDeserializer::new(key)).map(Key::Passed),
            Ok(None) => Err(E::custom("a key was read twice")),
            Err(leads) => Ok(Key::Leads(leads)),
        }
    }
}

/// Notes the strings at the ends of alternative paths and skips everything else.
struct AlternativeValue<'a> {
    steps: Vec<Steps>,
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
        for step in self.steps.iter().filter(|step| step.path.is_empty()) {
            if let Some(field) = self.fields.get_mut(step.field) {
                field.found = Some(text.to_owned());
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let steps: Vec<_> = self
                .steps
                .iter()
                .filter_map(|step| match step.path {
                    [first, path @ ..] if *first == key => Some(Steps {
                        field: step.field,
                        path,
                    }),
                    _ => None,
                })
                .collect();
            if steps.is_empty() {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(AlternativeValue {
                    steps,
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
    fn both_shapes_decode() {
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
    fn a_buffered_value_decodes_as_well() {
        let value =
            json!({"id": "run_1", "workflow": {"workflow_id": "wf_1", "version": {"id": "ver_1"}}});
        assert_eq!(
            serde_json::from_value::<Run>(value).unwrap(),
            run("wf_1", "ver_1")
        );
    }

    #[test]
    fn the_field_wins_wherever_it_stands() {
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
    fn neither_is_a_missing_field() {
        fails_at(r#"{"id":"run_1"}"#, "[0]", "missing field `workflow_id`");
        fails_at(
            r#"{"id":"run_1","workflow_id":"wf_1","workflow":{}}"#,
            "[0]",
            "missing field `workflow_version_id`",
        );
    }

    #[test]
    fn anything_but_a_string_at_the_end_of_the_path_is_as_good_as_nothing() {
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
    fn other_fields_keep_their_path() {
        fails_at(
            r#"{"id":"run_1","workflow":{"workflow_id":"wf_1","version":{"id":"v"}},"steps":[1,"SECRET"]}"#,
            "[0].steps[1]",
            "expected u32, found a string",
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        fails_at("7", "[0]", "expected struct Run, found an integer");
    }

    #[test]
    fn it_is_written_in_the_shape_of_the_struct() {
        assert_eq!(
            serde_json::to_string(&run("wf_1", "ver_1")).unwrap(),
            r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1"}"#
        );
    }
}
