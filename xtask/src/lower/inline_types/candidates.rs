//! Candidate names for an inline type, built from its places.

use serde_json::Value;

use crate::lower::{constants, names};

/// The candidate names for a type.
pub(super) struct Candidates {
    /// The preferred name, used if it is unique.
    pub(super) best: String,
    /// A longer name that is unlikely to collide.
    pub(super) longer: String,
}

impl Candidates {
    /// Builds candidates from the owner and label words of each place.
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
        // A single word is too vague for a type name.
        let best = if common.len() + label.len() > 1 && owners.len() > 1 {
            joined(&common, label)
        } else {
            longer.clone()
        };
        Self { best, longer }
    }
}

/// Joins the words into a type name without repeating words shared by the end of `owner` and the start of `label`.
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

/// The most common label, or the first of several equally common ones.
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

/// The longest run of words contained in every list.
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

/// A label for a type outside of a property: its first string constant or its first property name.
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

/// The name of a union that contains only scalars, such as `StringOrInteger`.
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
