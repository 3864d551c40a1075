//! The comparison of the names of types that are generated for inline schemas.
//!
//! Such a type is named after the places that use it, so a change elsewhere can rename it. This module lowers both
//! specs and compares the types that the same places reference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Change, Effect, Kind, Users};
use super::comparison::Comparison;
use super::pairing::Pairing;
use super::revision::{Revision, component_place};
use crate::lower::{names, references};

/// The types that the places of a lowered spec reference.
struct Lowered {
    places: BTreeMap<Place, Vec<String>>,
    /// The names of all types.
    names: BTreeSet<String>,
    /// The names of the types that are generated for components.
    components: BTreeMap<String, String>,
}

/// A place in a lowered spec.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A property of a type.
    Property(String, String),
    /// A parameter of a function.
    Parameter(String, String),
    Body(String),
    Response(String),
}

impl Comparison<'_> {
    /// Compares the names of inline types in the lowered specs.
    ///
    /// Does nothing if a spec cannot be lowered: `regen` reports the error.
    pub(super) fn type_names(&mut self, [old, new]: [Option<Value>; 2], pairing: &Pairing<'_>) {
        let (Some(old), Some(new)) = (old, new) else {
            return;
        };
        let before = Lowered::of(&old, self.old);
        let after = Lowered::of(&new, self.new);
        let functions: BTreeMap<&str, &str> = pairing
            .both
            .iter()
            .map(|(old, new)| (old.function.as_str(), new.function.as_str()))
            .collect();
        let mut renamed: BTreeMap<(String, String), Vec<Place>> = BTreeMap::new();
        for (place, olds) in &before.places {
            let moved = self.moved(place, &before, &functions);
            let Some(news) = moved.as_ref().and_then(|place| after.places.get(place)) else {
                continue;
            };
            if olds.len() != news.len() {
                continue;
            }
            for (old, new) in olds.iter().zip(news) {
                let is_inline =
                    !before.components.contains_key(old) && !after.components.contains_key(new);
                if old != new && is_inline {
                    let places = renamed.entry((old.clone(), new.clone())).or_default();
                    places.push(place.clone());
                }
            }
        }
        self.types_that_stay(&before.names, &after.names);
        for ((old, new), places) in renamed {
            self.inline_type_renamed(old, new, &places, &before);
        }
    }

    /// Maps a place in the old spec to the new spec.
    fn moved(
        &self,
        place: &Place,
        before: &Lowered,
        functions: &BTreeMap<&str, &str>,
    ) -> Option<Place> {
        let function = |name: &String| functions.get(name.as_str()).map(|name| (*name).to_owned());
        Some(match place {
            Place::Property(of, name) => {
                let of = match before.components.get(of) {
                    Some(component) => names::type_name(self.types.renamed(component)?),
                    None => of.clone(),
                };
                Place::Property(of, name.clone())
            }
            Place::Parameter(of, name) => Place::Parameter(function(of)?, name.clone()),
            Place::Body(of) => Place::Body(function(of)?),
            Place::Response(of) => Place::Response(function(of)?),
        })
    }

    fn inline_type_renamed(
        &mut self,
        old: String,
        new: String,
        places: &[Place],
        before: &Lowered,
    ) {
        let mut users = Users::default();
        let mut said = BTreeSet::new();
        let mut pointer = None;
        for place in places {
            match place {
                Place::Property(of, name) => {
                    if let Some(component) = before.components.get(of) {
                        let used = self.old.used(component);
                        users.extend(&used.users);
                        let at = component_place(component).join("properties").join(name);
                        pointer.get_or_insert(at);
                    }
                    said.insert(format!("{of}.{name}"));
                }
                Place::Parameter(of, _) | Place::Body(of) | Place::Response(of) => {
                    let operation = self.old.operations.iter().find(|one| one.function == *of);
                    if let Some(operation) = operation {
                        users.operations.insert(of.clone());
                        users.families.insert(operation.family.clone());
                        pointer.get_or_insert(operation.pointer.clone());
                    }
                    said.insert(match place {
                        Place::Parameter(_, name) => format!("{of}({name})"),
                        Place::Body(_) => format!("{of}(body)"),
                        _ => format!("{of} -> "),
                    });
                }
            }
        }
        let effect = Effect::Renamed;
        self.push_whole(Change {
            class: effect.class(),
            kind: Kind::InlineTypeRenamed,
            effect,
            family: users.module(),
            place: said.into_iter().next().unwrap_or_default(),
            old_pointer: pointer.map(|at| self.old.original_place(&at).to_string()),
            new_pointer: None,
            before: Some(old),
            after: Some(new),
            operations: users.operations,
            families: users.families,
        });
    }
}

impl Lowered {
    fn of(lowered: &Value, revision: &Revision<'_>) -> Self {
        let mut places = BTreeMap::new();
        let schemas = lowered["components"]["schemas"].as_object();
        for (of, schema) in schemas.into_iter().flatten() {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let found = references(property);
                if !found.is_empty() {
                    places.insert(Place::Property(of.clone(), name.clone()), found);
                }
            }
        }
        for operation in &revision.operations {
            let Some(node) = operation.pointer.find(lowered) else {
                continue;
            };
            let of = &operation.function;
            for parameter in node["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap_or_default().to_owned();
                places.insert(Place::Parameter(of.clone(), name), references(parameter));
            }
            places.insert(Place::Body(of.clone()), references(&node["requestBody"]));
            places.insert(Place::Response(of.clone()), references(&node["responses"]));
        }
        let components = revision.schemas().into_iter().flatten();
        let components = components.map(|(name, _)| (names::type_name(name), name.clone()));
        Self {
            places,
            names: schemas
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
            components: components.collect(),
        }
    }
}
