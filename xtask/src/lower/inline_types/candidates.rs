//! The names that an inline type may get, from the words of its places.

use serde_json::Value;

use crate::lower::{constants, names};

/// The names that a type may get.
pub(super) struct Candidates {
    /// The one to take when nothing else wants it.
    pub(super) best: String,
    /// The one that nothing else is likely to want.
    pub(super) longer: String,
}

impl Candidates {
    /// From the words of each place's owner and label.
    pub(super) fn of(places: &[(Vec<String>, Vec<String>)]) -> Self {
        let owners: Vec<&[String]> = places.iter().map(|(owner, _)| owner.as_slice()).collect();
        let label = most_common(places.iter().map(|(_, label)| label));
        let longer = places
            .iter()
            .map(|(owner, label)| joined(owner, label))
            .min_by_key(|name| (name.len(), name.clone()))
            .unwrap_or_default();
        let common = if owners.len() > 1 {
            common_run(&owners)
        } else {
            Vec::new()
        };
        // A single word says too little about a type to be its whole name.
        let best = if common.len() + label.len() > 1 && owners.len() > 1 {
            joined(&common, label)
        } else {
            longer.clone()
        };
        Self { best, longer }
    }
}

/// The words as the name of a type, without saying twice what both end and begin with.
fn joined(owner: &[String], label: &[String]) -> String {
    let overlap = (1..=label.len().min(owner.len()))
        .rev()
        .find(|length| owner.ends_with(&label[..*length]) && *length < label.len())
        .unwrap_or(0);
    let words: Vec<&str> = owner
        .iter()
        .chain(&label[overlap..])
        .map(String::as_str)
        .collect();
    names::type_name(&words.join("_"))
}

/// The label that most places have; the first of those where several have as many.
fn most_common<'a>(labels: impl Iterator<Item = &'a Vec<String>>) -> &'a [String] {
    let mut counts: Vec<(&Vec<String>, usize)> = Vec::new();
    for label in labels {
        match counts.iter_mut().find(|(known, _)| *known == label) {
            Some((_, count)) => *count += 1,
            None => counts.push((label, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts
        .iter()
        .find(|(_, count)| Some(*count) == most)
        .map_or(&[], |(label, _)| label.as_slice())
}

/// The longest run of words that stands in every one of the lists.
fn common_run(lists: &[&[String]]) -> Vec<String> {
    let Some((first, others)) = lists.split_first() else {
        return Vec::new();
    };
    for length in (1..=first.len()).rev() {
        for run in first.windows(length) {
            if others
                .iter()
                .all(|list| list.windows(length).any(|other| other == run))
            {
                return run.to_vec();
            }
        }
    }
    Vec::new()
}

/// A label for a type that has no property's name: what its constant says, or its first property.
pub(super) fn label_of(schema: &Value) -> String {
    let properties = schema["properties"].as_object();
    let mut properties = properties.into_iter().flatten();
    let constant =
        properties
            .clone()
            .find_map(|(_, property)| match constants::listed(property)[..] {
                [Value::String(value)] => Some(value.clone()),
                _ => None,
            });
    constant
        .or_else(|| properties.next().map(|(name, _)| name.clone()))
        .unwrap_or_else(|| "value".to_owned())
}

/// `StringOrInteger`, for a union of nothing but scalars.
pub(super) fn scalar_union(schema: &Value) -> Option<String> {
    let variants = schema["anyOf"]
        .as_array()
        .or_else(|| schema["oneOf"].as_array())?;
    let mut kinds: Vec<String> = Vec::new();
    for variant in variants {
        let kind = variant["type"].as_str()?;
        if !matches!(kind, "string" | "integer" | "number" | "boolean")
            || variant.get("enum").is_some()
        {
            return None;
        }
        kinds.push(kind.to_owned());
    }
    kinds.sort();
    kinds.dedup();
    kinds.reverse();
    Some(names::type_name(&kinds.join("_or_")))
}
