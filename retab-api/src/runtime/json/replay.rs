//! Objects with buffered leading entries.

use serde::de::{DeserializeSeed, Error as _, IntoDeserializer as _, MapAccess};
use serde_json::Value;

use super::within;

/// The entries of an object: buffered entries, then streamed ones.
pub(crate) struct Replay<A> {
    before: std::vec::IntoIter<(String, Value)>,
    current: Option<(String, Value)>,
    rest: Option<A>,
}

impl<A> Replay<A> {
    pub(crate) fn new(before: Vec<(String, Value)>, rest: Option<A>) -> Self {
        Self {
            before: before.into_iter(),
            current: None,
            rest,
        }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Replay<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match (self.before.next(), &mut self.rest) {
            (Some(entry), _) => {
                let (key, _) = self.current.insert(entry);
                seed.deserialize(key.as_str().into_deserializer()).map(Some)
            }
            (None, Some(rest)) => rest.next_key_seed(seed),
            (None, None) => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match (self.current.take(), &mut self.rest) {
            (Some((key, value)), _) => within::decode(&key, value, seed),
            (None, Some(rest)) => rest.next_value_seed(seed),
            (None, None) => Err(A::Error::custom("value requested before its key")),
        }
    }
}
