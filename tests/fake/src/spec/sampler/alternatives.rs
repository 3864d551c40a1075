//! The alternatives that a schema leaves open, in requests and in responses.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::profile::Profile;
use crate::spec::openapi::Spec;
use crate::spec::schema::{NodeId, Property, Schema, Shape, Union};

/// Whether a property is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    Set,
    /// Null although the schema does not allow it: some services send null for optional properties.
    Null,
}

/// A variant of a union.
#[derive(Clone, Copy)]
pub(super) enum Variant<'d> {
    Known(Schema<'d>),
    /// An object whose tag has an unknown value. Contains the name of the tag.
    Unknown(&'d str),
}

/// Determines the alternatives of choices.
#[derive(Clone, Debug)]
pub(super) struct Alternatives {
    /// Whether responses are sampled, which can come from a newer version of the service.
    pub(super) for_responses: bool,
    /// The properties that are the tag of a union.
    tags: Arc<HashSet<NodeId>>,
}

impl Alternatives {
    pub(super) fn new(spec: &Spec, for_responses: bool) -> Self {
        Self {
            for_responses,
            tags: Arc::new(union_tags(spec.schema(spec.as_value()))),
        }
    }

    /// Returns whether a newer service could return another value of this enum. For a tag, its union decides.
    pub(super) fn is_open(&self, node: NodeId, values: &[&Value]) -> bool {
        self.for_responses
            && !self.tags.contains(&node)
            && values.iter().all(|value| value.is_string())
    }

    /// Returns the possible presences of a property, [`Presence::Set`] first.
    pub(super) fn presences(&self, property: &Property<'_>, profile: Profile) -> Vec<Presence> {
        let mut presences = vec![Presence::Set];
        let is_newer = self.for_responses && profile == Profile::Newer;
        let is_always_set = !is_newer && self.tags.contains(&property.schema.id());
        if !property.required && !is_always_set {
            presences.push(Presence::Absent);
        }
        if is_newer && property.can_be_absent() && !accepts_null(property.schema) {
            presences.push(Presence::Null);
        }
        presences
    }

    pub(super) fn variants<'d>(&self, union: &Union<'d>, profile: Profile) -> Vec<Variant<'d>> {
        let mut variants: Vec<_> = union.variants.iter().copied().map(Variant::Known).collect();
        if let Some(tag) = union.tag
            && self.for_responses
            && profile == Profile::Newer
        {
            variants.push(Variant::Unknown(tag));
        }
        variants
    }
}

/// Returns the nesting depth of the smallest value of a schema, or `None` if every value is infinitely deep.
///
/// `ancestors` contains the enclosing schemas.
pub(super) fn min_depth(schema: Schema<'_>, ancestors: &mut Vec<NodeId>) -> Option<usize> {
    let schema = schema.resolved();
    if ancestors.contains(&schema.id()) {
        return None;
    }
    ancestors.push(schema.id());
    let depth = match schema.shape() {
        Shape::Union(union) => union
            .variants
            .iter()
            .filter_map(|variant| min_depth(*variant, ancestors))
            .min(),
        Shape::Object(object) => {
            let mut properties = object
                .properties
                .iter()
                .filter(|property| property.required);
            properties.try_fold(0, |deepest, property| {
                Some(deepest.max(1 + min_depth(property.schema, ancestors)?))
            })
        }
        Shape::Array(array) if array.min_items > 0 => match array.items {
            Some(items) => min_depth(items, ancestors).map(|depth| depth + 1),
            None => Some(1),
        },
        _ => Some(0),
    };
    ancestors.pop();
    depth
}

/// Returns all properties within a node that are the tag of a union.
fn union_tags(node: Schema<'_>) -> HashSet<NodeId> {
    let mut tags = HashSet::new();
    if let Shape::Union(Union {
        variants,
        tag: Some(tag),
    }) = node.shape()
    {
        for variant in variants {
            if let Shape::Object(object) = variant.shape() {
                let properties = object
                    .properties
                    .iter()
                    .filter(|property| property.name == tag);
                tags.extend(properties.map(|property| property.schema.id()));
            }
        }
    }
    for child in node.children() {
        tags.extend(union_tags(child));
    }
    tags
}

fn accepts_null(schema: Schema<'_>) -> bool {
    match schema.shape() {
        Shape::Any | Shape::Null => true,
        Shape::Union(union) => union.variants.iter().any(|variant| accepts_null(*variant)),
        _ => false,
    }
}
