//! Collection of the choices that a schema leaves open.

use std::collections::HashSet;

use super::alternatives::{Alternatives, Presence, Variant};
use super::profile::Profile;
use super::timestamp;
use crate::spec::coverage::{Choice, ChoiceKind};
use crate::spec::operation::{Body, Operation};
use crate::spec::schema::{Additional, NodeId, Schema, Shape};

/// Returns the choices of the arguments of an operation.
pub(super) fn argument_choices(
    alternatives: &Alternatives,
    operation: &Operation<'_>,
) -> Vec<Choice> {
    let mut collector = ChoiceCollector::new(alternatives);
    let parts = operation.body.iter().flat_map(Body::parts);
    for parameter in operation.parameters.iter().copied().chain(parts) {
        let name = format!(
            "{} {} {}",
            operation.id,
            parameter.location.as_str(),
            parameter.name
        );
        collector.presence(
            parameter.schema.id(),
            &[Presence::Absent, Presence::Set],
            parameter.required,
            &name,
        );
        match parameter.schema.without_null().shape() {
            Shape::Array(array) => {
                if let Some(items) = array.items {
                    collector.visit(items, &format!("{name}[]"));
                }
            }
            _ => collector.visit(parameter.schema.without_null(), &name),
        }
    }
    if let Some(body) = operation.body.filter(|body| body.parts().is_empty()) {
        let name = format!("{} body", operation.id);
        collector.presence(
            body.schema.id(),
            &[Presence::Absent, Presence::Set],
            body.required,
            &name,
        );
        collector.visit(body.schema.without_null(), &name);
    }
    collector.choices
}

/// Returns the choices of a schema. `name` is used in reports if the schema is not a reference.
pub(super) fn schema_choices(
    alternatives: &Alternatives,
    schema: Schema<'_>,
    name: &str,
) -> Vec<Choice> {
    let mut collector = ChoiceCollector::new(alternatives);
    collector.visit(schema, name);
    collector.choices
}

struct ChoiceCollector<'a> {
    alternatives: &'a Alternatives,
    choices: Vec<Choice>,
    visited: HashSet<NodeId>,
}

impl<'a> ChoiceCollector<'a> {
    fn new(alternatives: &'a Alternatives) -> Self {
        Self {
            alternatives,
            choices: Vec::new(),
            visited: HashSet::new(),
        }
    }

    fn visit(&mut self, schema: Schema<'_>, name: &str) {
        let name = schema.reference().unwrap_or(name);
        let schema = schema.resolved();
        let node = schema.id();
        if !self.visited.insert(node) {
            return;
        }
        match schema.shape() {
            Shape::Enum(values) => {
                let mut alternatives: Vec<String> =
                    values.iter().map(ToString::to_string).collect();
                if self.alternatives.is_open(node, &values) {
                    alternatives.push("unknown value".to_owned());
                }
                self.add(node, ChoiceKind::Value, alternatives, name);
            }
            Shape::Union(union) => {
                let variants = self.alternatives.variants(&union, Profile::Newer);
                let alternatives =
                    variants
                        .iter()
                        .enumerate()
                        .map(|(index, variant)| match variant {
                            Variant::Known(schema) if schema.is_null() => "null".to_owned(),
                            Variant::Known(schema) => schema
                                .reference()
                                .map_or_else(|| format!("variant {index}"), str::to_owned),
                            Variant::Unknown(_) => "unknown tag".to_owned(),
                        });
                self.add(node, ChoiceKind::Variant, alternatives.collect(), name);
                for (index, variant) in union.variants.iter().enumerate() {
                    self.visit(*variant, &format!("{name}|{index}"));
                }
            }
            Shape::Object(object) => {
                for property in &object.properties {
                    let name = format!("{name}.{}", property.name);
                    let presences = self.alternatives.presences(property, Profile::Newer);
                    self.presence(
                        property.schema.id(),
                        &presences,
                        presences.len() == 1,
                        &name,
                    );
                    self.visit(property.schema, &name);
                }
                match object.additional {
                    Additional::Allowed(schema) => {
                        self.content(node, name);
                        if let Some(schema) = schema {
                            self.visit(schema, &format!("{name}{{}}"));
                        }
                    }
                    Additional::NotAllowed if self.alternatives.for_responses => {
                        let alternatives = vec!["plain".to_owned(), "unknown property".to_owned()];
                        self.add(node, ChoiceKind::Extra, alternatives, name);
                    }
                    Additional::NotAllowed => {}
                }
            }
            Shape::Array(array) => {
                if array.min_items == 0 {
                    self.content(node, name);
                }
                if let Some(items) = array.items {
                    self.visit(items, &format!("{name}[]"));
                }
            }
            Shape::String if schema.is_timestamp() => {
                let formats = timestamp::formats(self.alternatives.for_responses).iter();
                let alternatives = formats.map(|format| format.name.to_owned()).collect();
                self.add(node, ChoiceKind::Format, alternatives, name);
            }
            Shape::Boolean => {
                let alternatives = vec!["false".to_owned(), "true".to_owned()];
                self.add(node, ChoiceKind::Value, alternatives, name);
            }
            Shape::Any | Shape::String | Shape::Integer | Shape::Number | Shape::Null => {}
        }
    }

    fn presence(&mut self, node: NodeId, presences: &[Presence], required: bool, name: &str) {
        if !required {
            let alternatives = presences.iter().map(|presence| match presence {
                Presence::Absent => "absent".to_owned(),
                Presence::Set => "set".to_owned(),
                Presence::Null => "null".to_owned(),
            });
            self.add(node, ChoiceKind::Presence, alternatives.collect(), name);
        }
    }

    fn content(&mut self, node: NodeId, name: &str) {
        let alternatives = vec!["empty".to_owned(), "filled".to_owned()];
        self.add(node, ChoiceKind::Content, alternatives, name);
    }

    fn add(&mut self, node: NodeId, kind: ChoiceKind, alternatives: Vec<String>, name: &str) {
        self.choices.push(Choice {
            node,
            kind,
            alternatives,
            name: name.to_owned(),
        });
    }
}
