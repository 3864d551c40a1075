//! The pairing of components between two revisions, by name or else by similarity.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::form::Form;
use super::revision::{Revision, SCHEMAS, component};
use crate::document::{Kind as Node, Pointer, for_each};
use crate::lower::names;

/// The number of rounds in which to search for renamed components. Each round uses the pairs found so far.
const ROUNDS: usize = 4;

/// The paired components.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// The new name of each old component that has a counterpart, the same name included.
    pub(super) pairs: BTreeMap<String, String>,
}

impl Types {
    /// Pairs the components of two revisions.
    pub(super) fn of(old: &Revision<'_>, new: &Revision<'_>) -> Self {
        let mut pairs = BTreeMap::new();
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for name in old.schemas().into_iter().flatten().map(|(name, _)| name) {
            if new.schema(name).is_some() {
                pairs.insert(name.clone(), name.clone());
            } else {
                gone.push(name.as_str());
            }
        }
        for name in new.schemas().into_iter().flatten().map(|(name, _)| name) {
            if old.schema(name).is_none() {
                come.push(name.as_str());
            }
        }
        if gone.is_empty() || come.is_empty() {
            return Self { pairs };
        }
        let places = Places::of(old, new);
        let traits = Traits::of_all(old, &gone, new, &come);
        // A known pair supports other pairs at the places that it references.
        for _ in 0..ROUNDS {
            let found = renamed(&traits, &places.votes(&pairs), &pairs);
            if found.is_empty() {
                break;
            }
            pairs.extend(found);
        }
        Self { pairs }
    }

    /// Returns whether the components `old` and `new` are a pair.
    pub(super) fn are_one(&self, old: &str, new: &str) -> bool {
        self.pairs.get(old).is_some_and(|name| name == new)
    }

    /// Returns the name of the component `old` in the new revision.
    pub(super) fn renamed(&self, old: &str) -> Option<&str> {
        self.pairs.get(old).map(String::as_str)
    }
}

/// The traits by which a renamed component is identified.
struct Traits {
    form: std::mem::Discriminant<Form<'static>>,
    /// The properties with their forms, the values or the variants.
    parts: BTreeSet<String>,
    words: BTreeSet<String>,
}

/// The references of two specs by place.
struct Places {
    old: HashMap<Pointer, String>,
    new: HashMap<Pointer, String>,
}

impl Places {
    fn of(old: &Revision<'_>, new: &Revision<'_>) -> Self {
        let [old, new] = [old, new].map(|revision| {
            let mut found = HashMap::new();
            for_each(&revision.document, |at, kind, node| {
                if kind == Node::Schema
                    && let Some(name) = component(node)
                {
                    found.insert(at.clone(), name);
                }
            });
            found
        });
        Self { old, new }
    }

    /// Returns the pairs of different components that are referenced at the same places of the two specs.
    fn votes(&self, pairs: &BTreeMap<String, String>) -> HashSet<(&str, &str)> {
        let mut votes = HashSet::new();
        for (at, old) in &self.old {
            let mut tokens: Vec<String> = at.tokens().collect();
            if let Some(of) = tokens.get_mut(2)
                && let Some(renamed) = pairs.get(of)
                && tokens.starts_with(&SCHEMAS.map(str::to_owned))
            {
                tokens[2].clone_from(renamed);
            }
            if let Some(new) = self.new.get(&Pointer::of(&tokens))
                && old != new
            {
                votes.insert((old.as_str(), new.as_str()));
            }
        }
        votes
    }
}

fn renamed(
    traits: &[Vec<(&str, Traits)>; 2],
    votes: &HashSet<(&str, &str)>,
    pairs: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let known: HashSet<&String> = pairs.values().collect();
    let mut scored: Vec<(u32, &str, &str)> = Vec::new();
    for (old_name, old) in &traits[0] {
        for (new_name, new) in &traits[1] {
            if !pairs.contains_key(*old_name) && !known.contains(&(*new_name).to_owned()) {
                let score = old.likeness(new, votes.contains(&(*old_name, *new_name)));
                scored.extend(score.map(|score| (score, *old_name, *new_name)));
            }
        }
    }
    scored.sort_by(|one, other| {
        other
            .0
            .cmp(&one.0)
            .then((one.1, one.2).cmp(&(other.1, other.2)))
    });
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    let mut given: HashSet<&str> = HashSet::new();
    for (_, old, new) in scored {
        if !found.contains_key(old) && given.insert(new) {
            found.insert(old, new);
        }
    }
    let found = found.into_iter();
    found
        .map(|(old, new)| (old.to_owned(), new.to_owned()))
        .collect()
}

impl Traits {
    fn of_all<'n>(
        old: &Revision<'_>,
        gone: &[&'n str],
        new: &Revision<'_>,
        come: &[&'n str],
    ) -> [Vec<(&'n str, Self)>; 2] {
        [(old, gone), (new, come)].map(|(revision, names)| {
            let traits = |name: &&'n str| Some((*name, Self::of(name, revision.schema(name)?)));
            names.iter().filter_map(traits).collect()
        })
    }

    fn of(name: &str, schema: &Value) -> Self {
        // Only the discriminant is used, which does not depend on the lifetime.
        let form = match Form::of(schema) {
            Form::Any => Form::Any,
            Form::Reference => Form::Reference,
            Form::Scalar(name) => Form::Scalar(name),
            Form::Values(_) => Form::Values(Vec::new()),
            Form::List(_) => Form::List(None),
            Form::Map(_) => Form::Map(None),
            Form::Object => Form::Object,
            Form::Union(_) => Form::Union(&[]),
        };
        let parts = match Form::of(schema) {
            Form::Object => {
                let properties = schema.get("properties").and_then(Value::as_object);
                let properties = properties.into_iter().flatten();
                properties
                    .map(|(name, property)| format!("{name}: {}", rough(property)))
                    .collect()
            }
            Form::Values(values) => values.iter().map(ToString::to_string).collect(),
            Form::Union(all) => all
                .iter()
                .map(|one| component(one).unwrap_or_else(|| rough(one)))
                .collect(),
            _ => [rough(schema)].into(),
        };
        Self {
            form: std::mem::discriminant(&form),
            parts,
            words: names::words(name).into_iter().collect(),
        }
    }

    /// Returns the similarity of two components, at most 2000, or `None` if they count as different.
    ///
    /// Most of the structure has to match, or less of it if the names are similar or a place votes for the pair.
    /// Components with at most 3 parts require similar names or a vote.
    fn likeness(&self, other: &Self, voted: bool) -> Option<u32> {
        if self.form != other.form {
            return None;
        }
        let parts = overlap(&self.parts, &other.parts);
        let words = overlap(&self.words, &other.words);
        let is_telling = self.parts.len().min(other.parts.len()) > 3;
        let is_one = match (voted, words >= 500) {
            (true, true) => parts >= 300,
            (true, false) | (false, true) => parts >= 500,
            (false, false) => is_telling && parts >= 800 && (words > 0 || parts == 1000),
        };
        is_one.then_some(parts + words / 2 + if voted { 500 } else { 0 })
    }
}

/// Describes the form of a schema without type names, which may also have been renamed.
fn rough(schema: &Value) -> String {
    match Form::of(schema) {
        Form::Scalar(name) => name.to_owned(),
        Form::Values(_) => "values".to_owned(),
        Form::List(items) => format!("[{}]", items.map_or(String::new(), rough)),
        Form::Map(_) => "map".to_owned(),
        Form::Reference | Form::Object => "type".to_owned(),
        Form::Union(_) => "union".to_owned(),
        Form::Any => "any".to_owned(),
    }
}

/// Returns the size of the intersection of two sets, in thousandths of their union.
fn overlap(one: &BTreeSet<String>, other: &BTreeSet<String>) -> u32 {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    if all == 0 {
        return 1000;
    }
    u32::try_from(common * 1000 / all).unwrap_or_default()
}
