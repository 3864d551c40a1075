//! The comparison of parameters.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::change::{Effect, Kind};
use super::comparison::{Comparison, Side, Site, users_of};
use super::form::describe;
use super::revision::{Operation, Revision, Role};
use crate::document::Pointer;
use crate::lower::{names, path_parameters};
use crate::repair::is_sent;

/// The schema of an undeclared path parameter.
static UNDECLARED: LazyLock<Value> = LazyLock::new(|| json!({"type": "string"}));

/// A parameter of an operation, declared in the operation, its path item or the components.
struct Parameter<'a> {
    name: String,
    location: String,
    required: bool,
    /// Whether the client sends it.
    is_sent: bool,
    schema: Option<&'a Value>,
    pointer: Pointer,
    schema_pointer: Pointer,
}

impl<'a> Comparison<'a> {
    /// Compares the parameters of a pair of operations.
    pub(super) fn parameters(&mut self, old: &'a Operation, new: &'a Operation) {
        let (olds, mut news) = (declared(self.old, old), declared(self.new, new));
        let renames = renamed_in_path(&old.path, &new.path);
        let mut gone = Vec::new();
        for before in olds {
            let is_it = |after: &Parameter<'_>| {
                before.location == after.location
                    && (before.name == after.name
                        || before.location == "path"
                            && renames.contains(&(before.name.as_str(), after.name.as_str())))
            };
            match news.iter().position(is_it) {
                Some(at) => self.one_parameter(new, &before, &news.remove(at)),
                None => gone.push(before),
            }
        }
        // The remaining parameters may have moved or changed their case.
        for before in gone {
            let is_it = |after: &Parameter<'_>| {
                names::value_name(&before.name) == names::value_name(&after.name)
            };
            if let Some(at) = news.iter().position(is_it) {
                self.one_parameter(new, &before, &news.remove(at));
                continue;
            }
            let site = site(new, &before, &before);
            let effect = if before.is_sent {
                Effect::Gone
            } else {
                Effect::NotGenerated
            };
            let said = Some(before.said());
            self.push(Kind::ParameterRemoved, effect, &site, Side::Old, said, None);
        }
        for after in news {
            let site = site(new, &after, &after);
            let effect = match (after.is_sent, after.required) {
                (false, _) => Effect::NotGenerated,
                (true, true) => Effect::NewlyRequired,
                (true, false) => Effect::New,
            };
            let said = Some(after.said());
            self.push(Kind::ParameterAdded, effect, &site, Side::New, None, said);
        }
    }

    fn one_parameter(
        &mut self,
        operation: &Operation,
        before: &Parameter<'a>,
        after: &Parameter<'a>,
    ) {
        let site = site(operation, before, after);
        let effect = |effect: Effect| {
            site.effect(match (before.is_sent, after.is_sent) {
                (true, true) => effect,
                (true, false) => Effect::Gone,
                (false, true) => Effect::New,
                (false, false) => Effect::NotGenerated,
            })
        };
        if before.location != after.location {
            let said = (Some(before.location.clone()), Some(after.location.clone()));
            let effect = effect(Effect::OnTheWire);
            self.push(
                Kind::ParameterMoved,
                effect,
                &site,
                Side::Both,
                said.0,
                said.1,
            );
        }
        if before.name != after.name {
            let is_same = names::value_name(&before.name) == names::value_name(&after.name);
            let effect = effect(if is_same {
                Effect::OnTheWire
            } else {
                Effect::Renamed
            });
            let said = (Some(before.name.clone()), Some(after.name.clone()));
            self.push(
                Kind::ParameterRenamed,
                effect,
                &site,
                Side::Both,
                said.0,
                said.1,
            );
        }
        if before.required != after.required {
            let (kind, known) = if after.required {
                (Kind::ParameterRequired, Effect::NewlyRequired)
            } else {
                (Kind::ParameterOptional, Effect::Relaxed)
            };
            self.push(kind, effect(known), &site, Side::Both, None, None);
        }
        let mut within = site.clone();
        within.old.clone_from(&before.schema_pointer);
        within.new.clone_from(&after.schema_pointer);
        match (before.schema, after.schema) {
            (Some(old), Some(new)) => {
                self.default_of_whole(old, new, &within);
                // A query cannot express null.
                self.null(old, new, &within, Effect::Nothing);
                self.schemas(old, new, &within);
            }
            (None, None) => {}
            (before, after) => {
                let said = |schema: Option<&Value>| Some(schema.map_or("any".to_owned(), describe));
                let effect = effect(Effect::Retyped);
                let kind = Kind::TypeChanged;
                self.push(kind, effect, &site, Side::Both, said(before), said(after));
            }
        }
    }

    /// Compares the defaults of two schemas that are not properties.
    pub(super) fn default_of_whole(&mut self, old: &Value, new: &Value, site: &Site) {
        let said = |schema: &Value| schema.get("default").map(Value::to_string);
        if old.get("default") != new.get("default") {
            let effect = site.effect(Effect::Nothing);
            let kind = Kind::DefaultChanged;
            self.push(kind, effect, site, Side::Both, said(old), said(new));
        }
    }
}

impl Parameter<'_> {
    fn said(&self) -> String {
        let required = if self.required {
            "required"
        } else {
            "optional"
        };
        let of = self.schema.map_or("any".to_owned(), describe);
        format!("{required} {} {of}", self.location)
    }
}

fn site(operation: &Operation, before: &Parameter<'_>, after: &Parameter<'_>) -> Site {
    let is_sent = before.is_sent || after.is_sent;
    Site {
        place: format!("{}({})", operation.function, after.name),
        old: before.pointer.clone(),
        new: after.pointer.clone(),
        users: users_of(operation),
        role: if is_sent {
            Role::REQUEST
        } else {
            Role::default()
        },
    }
}

/// Pairs the path parameters of two paths that only differ in parameter names.
fn renamed_in_path<'p>(old: &'p str, new: &'p str) -> Vec<(&'p str, &'p str)> {
    if super::pairing::without_names(old) != super::pairing::without_names(new) {
        return Vec::new();
    }
    path_parameters(old).zip(path_parameters(new)).collect()
}

fn declared<'a>(revision: &'a Revision<'_>, operation: &Operation) -> Vec<Parameter<'a>> {
    let own = operation.pointer.join("parameters");
    let shared = Pointer::of(["paths", &operation.path, "parameters"]);
    let mut found: Vec<Parameter<'a>> = Vec::new();
    for list in [own, shared] {
        let parameters = list.find(&revision.document).and_then(Value::as_array);
        for (index, node) in parameters.into_iter().flatten().enumerate() {
            let at = list.join(index);
            let Some((node, pointer)) = revision.target(node, &at) else {
                continue;
            };
            let known = |seen: &Parameter<'_>| {
                node["name"] == seen.name.as_str() && node["in"] == seen.location.as_str()
            };
            if node.is_object() && !found.iter().any(known) {
                found.push(parameter(node, pointer));
            }
        }
    }
    for name in path_parameters(&operation.path) {
        let known = |seen: &Parameter<'_>| seen.location == "path" && seen.name == name;
        if !found.iter().any(known) {
            found.push(Parameter {
                name: name.to_owned(),
                location: "path".to_owned(),
                required: true,
                is_sent: true,
                schema: Some(&UNDECLARED),
                pointer: operation.pointer.clone(),
                schema_pointer: operation.pointer.clone(),
            });
        }
    }
    found
}

fn parameter(node: &Value, pointer: Pointer) -> Parameter<'_> {
    let text = |key: &str| node[key].as_str().unwrap_or_default().to_owned();
    let content = node.get("content").and_then(Value::as_object);
    let (place, schema) = match (
        node.get("schema"),
        content.and_then(|all| Map::iter(all).next()),
    ) {
        (Some(schema), _) => (vec!["schema"], Some(schema)),
        (None, Some((name, media))) => (vec!["content", name, "schema"], media.get("schema")),
        (None, None) => (Vec::new(), None),
    };
    let schema_pointer = place
        .iter()
        .fold(pointer.clone(), |at, token| at.join(token));
    Parameter {
        name: text("name"),
        location: text("in"),
        required: node["in"] == "path" || node["required"] == json!(true),
        is_sent: is_sent(node),
        schema,
        pointer,
        schema_pointer,
    }
}
