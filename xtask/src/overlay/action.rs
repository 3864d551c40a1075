//! A single overlay action: its target and its change.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::merge::{add_texts, merge};
use crate::document::Pointer;
use crate::problem::{Problem, Result};

/// A validated action.
#[derive(Debug)]
pub(super) struct Action {
    target: JsonPath,
    /// The reason for the action.
    pub(super) reason: String,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Update(Value),
    Copy(JsonPath),
    Remove,
}

/// The location of an action in error messages.
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) action: usize,
}

impl Place<'_> {
    pub(super) fn problem(&self, reason: impl fmt::Display, hint: impl fmt::Display) -> Problem {
        Problem::new(
            format_args!("{}, action {}", self.file, self.action),
            reason,
            hint,
        )
    }
}

/// The Action Object of the specification.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    target: String,
    description: Option<String>,
    // By default, `Option` would treat `update: null`, a valid value, as missing.
    #[serde(default, deserialize_with = "present")]
    update: Option<Value>,
    copy: Option<String>,
    #[serde(default)]
    remove: bool,
}

fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

impl Action {
    /// Validates an action; `reason` is the fallback from the overlay's `info`.
    ///
    /// # Errors
    /// Returns an error if there is no reason, a path is invalid, or there is not exactly one of `update`,
    /// `copy` and `remove`.
    pub(super) fn from_form(form: Form, reason: Option<&str>, place: &Place<'_>) -> Result<Self> {
        let path = |text: &str| {
            JsonPath::parse(text).map_err(|error| {
                place.problem(
                    format_args!("invalid JSONPath {text:?}: {error}"),
                    "use RFC 9535 syntax, for example $.components.schemas['Name']",
                )
            })
        };
        let target = path(&form.target)?;
        let reason = form.description.as_deref().or(reason).unwrap_or_default();
        if reason.trim().is_empty() {
            return Err(place.problem(
                "the action requires a reason",
                "add a `description` to the action, or to the overlay's `info` if it covers all actions",
            ));
        }
        let change = match (form.update, form.copy, form.remove) {
            (Some(update), None, false) => Change::Update(update),
            (None, Some(copy), false) => Change::Copy(path(&copy)?),
            (None, None, true) => Change::Remove,
            _ => {
                return Err(place.problem(
                    "an action requires exactly one of `update`, `copy` and `remove`",
                    "keep one of them and move the others to separate actions",
                ));
            }
        };
        Ok(Self {
            target,
            reason: reason.trim().to_owned(),
            change,
        })
    }

    /// Returns the target as a string.
    pub(super) fn target(&self) -> String {
        self.target.to_string()
    }

    /// Applies the action to `document` and returns the targets that matched nothing.
    ///
    /// # Errors
    /// Returns the reason if the change cannot be applied to its target.
    pub(super) fn apply(&self, document: &mut Value, texts: bool) -> Result<Vec<String>, String> {
        let places = select(&self.target, document);
        if places.is_empty() {
            return Ok(vec![self.target()]);
        }
        match &self.change {
            Change::Remove if texts => {
                return Err("a text overlay cannot remove values".to_owned());
            }
            Change::Remove => remove(document, &places)?,
            Change::Update(update) if texts => return add_texts(document, &places, update),
            Change::Update(update) => merge(document, &places, update)?,
            Change::Copy(_) if texts => {
                return Err("a text overlay cannot copy values".to_owned());
            }
            Change::Copy(source) => {
                let source = match select(source, document).as_slice() {
                    [] => return Ok(vec![source.to_string()]),
                    [one] => one.find(document).cloned().unwrap_or_default(),
                    several => {
                        return Err(format!(
                            "{source} selects {} values, but `copy` requires one",
                            several.len()
                        ));
                    }
                };
                merge(document, &places, &source)?;
            }
        }
        Ok(Vec::new())
    }
}

/// Returns the places that `path` selects, without duplicates, in the order of the spec.
fn select(path: &JsonPath, document: &Value) -> Vec<Pointer> {
    let mut places = Vec::new();
    for location in path.query_located(document).locations() {
        let place = Pointer::of(location.iter());
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

fn remove(document: &mut Value, places: &[Pointer]) -> Result<(), String> {
    // In reverse, so that removing an element does not shift the remaining indices.
    for place in places.iter().rev() {
        let (Some(parent), Some(token)) = (place.parent(), place.last()) else {
            return Err("the root of the spec cannot be removed".to_owned());
        };
        match parent.find_mut(document) {
            Some(Value::Object(members)) => {
                members.shift_remove(&token);
            }
            Some(Value::Array(elements)) => {
                if let Ok(index) = token.parse::<usize>()
                    && index < elements.len()
                {
                    elements.remove(index);
                }
            }
            // The parent was also selected and is already removed.
            _ => {}
        }
    }
    Ok(())
}
