//! The pass: finds inline types, names them and replaces them with references.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::candidates::{Candidates, label_of, scalar_union};
use super::site::{Places, Site};
use crate::document::{Order, Pointer, for_each_schema_mut, for_each_subschema_mut};
use crate::lower::component_names::PREFIX;
use crate::lower::extensions::{RENAMED_TYPES, TYPE_NAME};
use crate::lower::{constants, names};

/// The prefix of a reference to a hoisted schema that has no name yet.
const UNNAMED: &str = "#/unnamed/";

/// Hoists inline types into the components.
pub(in crate::lower) fn lower(document: &mut Value) {
    let places = Places::of(document);
    let mut found = Found::default();
    for_each_schema_mut(document, Order::ChildrenFirst, |pointer, schema| {
        if let Some(site) = Site::at(pointer, &places)
            && is_type(schema)
        {
            found.take(schema, pointer, site);
        }
    });
    let all = found.names(document);
    let renamed: Vec<Value> = (all.iter().zip(&found.types))
        .filter(|(named, _)| named.name != named.wanted)
        .filter_map(|(named, found)| {
            let (place, _) = found.sites.first()?;
            let note = format!(
                "type name {} is already taken; renamed to {}",
                named.wanted, named.name
            );
            Some(json!([place.tokens().collect::<Vec<_>>(), note]))
        })
        .collect();
    if !renamed.is_empty() {
        document[RENAMED_TYPES] = Value::Array(renamed);
    }
    let names: Vec<String> = all.into_iter().map(|named| named.name).collect();
    let schemas = std::mem::take(&mut found.types)
        .into_iter()
        .map(|found| found.schema);
    if let Some(components) = document["components"]["schemas"].as_object_mut() {
        components.extend(names.iter().cloned().zip(schemas));
    }
    for_each_schema_mut(document, Order::ParentsFirst, |_, schema| {
        let number = unnamed(schema);
        if let Some(name) = number.and_then(|number| names.get(number)) {
            schema["$ref"] = json!(format!("{PREFIX}{name}"));
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.remove(TYPE_NAME);
        }
    });
}

/// Removes the list of renamed inline types from a lowered spec and returns their original places and notes.
pub(crate) fn take_renamed_types(document: &mut Value) -> Vec<(Pointer, String)> {
    let listed = document
        .as_object_mut()
        .and_then(|document| document.shift_remove(RENAMED_TYPES));
    let listed = listed.as_ref().and_then(Value::as_array);
    let renamed = listed.into_iter().flatten().filter_map(|entry| {
        let tokens = entry[0].as_array()?.iter().filter_map(Value::as_str);
        Some((Pointer::of(tokens), entry[1].as_str()?.to_owned()))
    });
    renamed.collect()
}

/// Whether a schema becomes a separate Rust type.
fn is_type(schema: &Value) -> bool {
    let several = |keyword: &str| schema[keyword].as_array().is_some_and(|all| all.len() > 1);
    let listed = constants::listed(schema);
    several("anyOf")
        || several("oneOf")
        || several("allOf")
        || (listed.len() > 1 && listed.iter().all(|value| value.is_string()))
        || schema["additionalProperties"] == false
        || schema["properties"].as_object().is_some_and(|properties| {
            !properties.is_empty() || schema.get("additionalProperties").is_none()
        })
}

fn unnamed(schema: &Value) -> Option<usize> {
    schema["$ref"].as_str()?.strip_prefix(UNNAMED)?.parse().ok()
}

/// The distinct inline types of a spec.
#[derive(Default)]
struct Found {
    types: Vec<FoundType>,
    /// Maps the identity of a type to its number.
    known: HashMap<String, usize>,
    /// Maps the original place of a type to its number.
    places: BTreeMap<Pointer, usize>,
}

/// The name of a type, and its preferred name before resolving collisions.
struct Named {
    wanted: String,
    name: String,
}

struct FoundType {
    schema: Value,
    name: Option<String>,
    sites: Vec<(Pointer, Site)>,
}

impl Found {
    /// Replaces `schema` with a reference that preserves `description` and `nullable`.
    fn take(&mut self, schema: &mut Value, pointer: &Pointer, site: Site) {
        let Some(mut inline) = schema.as_object().cloned() else {
            return;
        };
        let mut reference = Map::new();
        for keyword in ["description", "nullable"] {
            if let Some(value) = inline.remove(keyword) {
                reference.insert(keyword.to_owned(), value);
            }
        }
        let name = inline.remove(TYPE_NAME);
        let inline = Value::Object(inline);
        let next = self.types.len();
        let number = *self.known.entry(identity(&inline)).or_insert(next);
        if number == next {
            self.types.push(FoundType {
                schema: inline,
                name: None,
                sites: Vec::new(),
            });
        }
        let found = &mut self.types[number];
        found.sites.push((pointer.clone(), site));
        if let Some(Value::String(name)) = name {
            found.name.get_or_insert(name);
        }
        self.places.insert(pointer.clone(), number);
        reference.insert("$ref".to_owned(), json!(format!("{UNNAMED}{number}")));
        *schema = Value::Object(reference);
    }

    /// Returns the name of every type by number, unique among inline types and components.
    fn names(&self, document: &Value) -> Vec<Named> {
        let components: HashSet<&String> = document["components"]["schemas"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .collect();
        let mut candidates: Vec<Option<Candidates>> = (0..self.types.len()).map(|_| None).collect();
        // Iterate in reverse: an inline type is named after the enclosing one, which is found later.
        for number in (0..self.types.len()).rev() {
            let named = self.candidates(number, &candidates);
            candidates[number] = Some(named);
        }
        let candidates: Vec<Candidates> = candidates.into_iter().flatten().collect();
        let mut claims: HashMap<&str, usize> = HashMap::new();
        for candidate in &candidates {
            *claims.entry(&candidate.best).or_default() += 1;
        }
        let mut taken: HashSet<String> = names::PRELUDE.map(str::to_owned).into();
        candidates
            .iter()
            .map(|candidate| {
                let alone =
                    claims[candidate.best.as_str()] == 1 && !components.contains(&candidate.best);
                let wanted = if alone {
                    &candidate.best
                } else {
                    &candidate.longer
                };
                let name = names::first_free(wanted, |free| {
                    taken.contains(free) || components.contains(&free.to_owned())
                });
                taken.insert(name.clone());
                Named {
                    wanted: wanted.clone(),
                    name,
                }
            })
            .collect()
    }

    fn candidates(&self, number: usize, named: &[Option<Candidates>]) -> Candidates {
        let found = &self.types[number];
        if let Some(name) = &found.name {
            return Candidates {
                best: name.clone(),
                longer: name.clone(),
            };
        }
        if let Some(name) = scalar_union(&found.schema) {
            return Candidates {
                best: name.clone(),
                longer: name,
            };
        }
        let mut places: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for (pointer, site) in &found.sites {
            let owner = match self.around(pointer) {
                Some(around) => match named.get(around) {
                    Some(Some(candidates)) => candidates.longer.clone(),
                    _ => format!("Inline{around}"),
                },
                None => site.owner.clone(),
            };
            let label = if site.label.is_empty() {
                label_of(&found.schema)
            } else {
                site.label.clone()
            };
            let place = (names::words(&owner), names::words(&label));
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Candidates::of(&places)
    }

    /// The number of the nearest inline type around `pointer`.
    fn around(&self, pointer: &Pointer) -> Option<usize> {
        let mut outer = pointer.parent()?;
        loop {
            if let Some(number) = self.places.get(&outer) {
                return Some(*number);
            }
            outer = outer.parent()?;
        }
    }
}

/// A canonical string for a schema, which ignores descriptions and order.
fn identity(schema: &Value) -> String {
    let mut schema = schema.clone();
    for_each_subschema_mut(&mut schema, Order::ChildrenFirst, |_, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        schema.remove("description");
        schema.sort_keys();
        for (keyword, list) in schema.iter_mut() {
            if let ("enum" | "required", Value::Array(list)) = (keyword.as_str(), list) {
                list.sort_by_key(Value::to_string);
            }
        }
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.sort_keys();
        }
    });
    schema.to_string()
}
