//! One action of an overlay: what it selects, and what it does to that.

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::Place;
use super::merge::{add_texts, merge};
use crate::document::Pointer;
use crate::problem::Result;

/// An action that was read and checked.
#[derive(Debug)]
pub(super) struct Action {
    target: JsonPath,
    /// Why the action is there.
    pub(super) reason: String,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Update(Value),
    Copy(JsonPath),
    Remove,
}

/// The Action Object of the specification.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    target: String,
    description: Option<String>,
    // The default of an Option would take `update: null`, a value like any other, for a missing one.
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
    /// Checks an action; `reason` is the one of the whole overlay.
    ///
    /// # Errors
    /// No reason, no JSON path, or not exactly one of update, copy and remove.
    pub(super) fn from_form(form: Form, reason: Option<&str>, place: &Place<'_>) -> Result<Self> {
        let path = |text: &str| {
            JsonPath::parse(text).map_err(|error| {
                place.problem(
                    format_args!("{text:?} is not a JSONPath: {error}"),
                    "write it as RFC 9535 has it, for example $.components.schemas['Name']",
                )
            })
        };
        let target = path(&form.target)?;
        let reason = form.description.as_deref().or(reason).unwrap_or_default();
        if reason.trim().is_empty() {
            return Err(place.problem(
                "the action does not say why it is there",
                "give it a `description`, or the overlay's `info` one that serves all of its actions",
            ));
        }
        let change = match (form.update, form.copy, form.remove) {
            (Some(update), None, false) => Change::Update(update),
            (None, Some(copy), false) => Change::Copy(path(&copy)?),
            (None, None, true) => Change::Remove,
            _ => {
                return Err(place.problem(
                    "an action does one thing: update, copy or remove",
                    "keep one of them, and make an action of its own for each other",
                ));
            }
        };
        Ok(Self {
            target,
            reason: reason.trim().to_owned(),
            change,
        })
    }

    /// The target as it was written.
    pub(super) fn target(&self) -> String {
        self.target.to_string()
    }

    /// Changes `document`; returns what the action found nothing for.
    ///
    /// # Errors
    /// A change that does not fit what it is for, with the reason.
    pub(super) fn apply(&self, document: &mut Value, texts: bool) -> Result<Vec<String>, String> {
        let places = select(&self.target, document);
        if places.is_empty() {
            return Ok(vec![self.target()]);
        }
        match &self.change {
            Change::Remove if texts => {
                return Err("an overlay of texts removes nothing".to_owned());
            }
            Change::Remove => remove(document, &places)?,
            Change::Update(update) if texts => return add_texts(document, &places, update),
            Change::Update(update) => merge(document, &places, update)?,
            Change::Copy(_) if texts => {
                return Err("an overlay of texts copies nothing".to_owned());
            }
            Change::Copy(source) => {
                let source = match select(source, document).as_slice() {
                    [] => return Ok(vec![source.to_string()]),
                    [one] => one.find(document).cloned().unwrap_or_default(),
                    several => {
                        return Err(format!(
                            "{source} selects {} values, and one is copied",
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

/// The places that `path` selects, each once, in the order of the document.
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
    // Backwards, so that the index of an element still holds when those after it are gone.
    for place in places.iter().rev() {
        let (Some(parent), Some(token)) = (place.parent(), place.last()) else {
            return Err("the whole document cannot be removed".to_owned());
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
            // What contains it was selected as well, and is gone.
            _ => {}
        }
    }
    Ok(())
}
