//! Which choices a schema leaves, and with which alternatives.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::{Profile, Sampler, timestamp};
use crate::spec::Body;
use crate::spec::coverage::{Choice, Point};
use crate::spec::description::Operation;
use crate::spec::schema::{Additional, Place, Property, Schema, Shape, Union};

/// Whether a property is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    Set,
    /// Null although its schema has no null: what can be left out is written as null by some services.
    Null,
}

/// A variant of a union.
#[derive(Clone, Copy)]
pub(super) enum Variant<'d> {
    Known(Schema<'d>),
    /// One whose tag the document does not have.
    Unknown(&'d str),
}

impl Sampler {
    /// Counts the choices of an operation's request as ones that are to be taken.
    pub fn expect_arguments(&mut self, operation: &Operation<'_>) {
        let points = self.points_of_arguments(operation);
        self.coverage.expect(&points);
    }

    /// Counts the choices of a schema as ones that are to be taken; `name` is where it stands, for a reader.
    pub fn expect(&mut self, schema: &Schema<'_>, name: &str) {
        let points = self.points(*schema, name);
        self.coverage.expect(&points);
    }

    /// Whether every choice of an operation's request was taken.
    #[must_use]
    pub fn covers_arguments(&self, operation: &Operation<'_>) -> bool {
        self.coverage.covers(&self.points_of_arguments(operation))
    }

    /// Whether every choice of a schema was taken.
    #[must_use]
    pub fn covers(&mut self, schema: &Schema<'_>) -> bool {
        let place = schema.resolved().place();
        if self.covered.contains(&place) {
            return true;
        }
        let points = match self.points.get(&place) {
            Some(points) => Arc::clone(points),
            None => Arc::from(self.points(*schema, "")),
        };
        self.points.insert(place, Arc::clone(&points));
        let covers = self.coverage.covers(&points);
        if covers {
            self.covered.insert(place);
        }
        covers
    }

    fn points_of_arguments(&self, operation: &Operation<'_>) -> Vec<Point> {
        let mut walk = Walk::new(self);
        let parts = operation.body.iter().flat_map(Body::parts);
        for parameter in operation.parameters.iter().copied().chain(parts) {
            let name = format!(
                "{} {} {}",
                operation.id,
                parameter.location.as_str(),
                parameter.name
            );
            walk.presence(
                parameter.schema.place(),
                &[Presence::Absent, Presence::Set],
                parameter.required,
                &name,
            );
            match parameter.schema.without_null().shape() {
                Shape::Array(array) => {
                    if let Some(items) = array.items {
                        walk.visit(items, &format!("{name}[]"));
                    }
                }
                _ => walk.visit(parameter.schema.without_null(), &name),
            }
        }
        if let Some(body) = operation.body.filter(|body| body.parts().is_empty()) {
            let name = format!("{} body", operation.id);
            walk.presence(
                body.schema.place(),
                &[Presence::Absent, Presence::Set],
                body.required,
                &name,
            );
            walk.visit(body.schema.without_null(), &name);
        }
        walk.points
    }

    fn points(&self, schema: Schema<'_>, name: &str) -> Vec<Point> {
        let mut walk = Walk::new(self);
        walk.visit(schema, name);
        walk.points
    }

    /// Whether a newer service could answer another value than these; a tag is an affair of its union.
    pub(super) fn is_open(&self, place: Place, values: &[&Value]) -> bool {
        self.answers && !self.tags.contains(&place) && values.iter().all(|value| value.is_string())
    }

    /// First of all that it is set.
    pub(super) fn presences(&self, property: &Property<'_>, profile: Profile) -> Vec<Presence> {
        let mut presences = vec![Presence::Set];
        let is_newer = self.answers && profile == Profile::Newer;
        let is_sent = !is_newer && self.tags.contains(&property.schema.place());
        if !property.required && !is_sent {
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
            && self.answers
            && profile == Profile::Newer
        {
            variants.push(Variant::Unknown(tag));
        }
        variants
    }
}

/// How deep the smallest value of a schema nests; none for a schema that has no finite value.
pub(super) fn height(schema: Schema<'_>, within: &mut Vec<Place>) -> Option<usize> {
    let schema = schema.resolved();
    if within.contains(&schema.place()) {
        return None;
    }
    within.push(schema.place());
    let height = match schema.shape() {
        Shape::Union(union) => union
            .variants
            .iter()
            .filter_map(|variant| height(*variant, within))
            .min(),
        Shape::Object(object) => {
            let mut properties = object
                .properties
                .iter()
                .filter(|property| property.required);
            properties.try_fold(0, |most, property| {
                Some(most.max(1 + height(property.schema, within)?))
            })
        }
        Shape::Array(array) if array.at_least > 0 => match array.items {
            Some(items) => height(items, within).map(|height| height + 1),
            None => Some(1),
        },
        _ => Some(0),
    };
    within.pop();
    height
}

/// The properties that are the tag of a union, anywhere within a node.
pub(super) fn tags(node: Schema<'_>) -> HashSet<Place> {
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
                tags.extend(properties.map(|property| property.schema.place()));
            }
        }
    }
    for inner in node.inner() {
        tags.extend(self::tags(inner));
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

/// Collects the choices that can come up in a value.
struct Walk<'s> {
    sampler: &'s Sampler,
    points: Vec<Point>,
    seen: HashSet<Place>,
}

impl<'s> Walk<'s> {
    fn new(sampler: &'s Sampler) -> Self {
        Self {
            sampler,
            points: Vec::new(),
            seen: HashSet::new(),
        }
    }

    fn visit(&mut self, schema: Schema<'_>, name: &str) {
        let name = schema.reference().unwrap_or(name);
        let schema = schema.resolved();
        let place = schema.place();
        if !self.seen.insert(place) {
            return;
        }
        match schema.shape() {
            Shape::Values(values) => {
                let mut alternatives: Vec<String> =
                    values.iter().map(ToString::to_string).collect();
                if self.sampler.is_open(place, &values) {
                    alternatives.push("unknown value".to_owned());
                }
                self.point(place, Choice::Value, alternatives, name);
            }
            Shape::Union(union) => {
                let variants = self.sampler.variants(&union, Profile::Newer);
                let alternatives = variants
                    .iter()
                    .enumerate()
                    .map(|(at, variant)| match variant {
                        Variant::Known(schema) if schema.is_null() => "null".to_owned(),
                        Variant::Known(schema) => schema
                            .reference()
                            .map_or_else(|| format!("variant {at}"), str::to_owned),
                        Variant::Unknown(_) => "unknown tag".to_owned(),
                    });
                self.point(place, Choice::Variant, alternatives.collect(), name);
                for (at, variant) in union.variants.iter().enumerate() {
                    self.visit(*variant, &format!("{name}|{at}"));
                }
            }
            Shape::Object(object) => {
                for property in &object.properties {
                    let name = format!("{name}.{}", property.name);
                    let presences = self.sampler.presences(property, Profile::Newer);
                    self.presence(
                        property.schema.place(),
                        &presences,
                        presences.len() == 1,
                        &name,
                    );
                    self.visit(property.schema, &name);
                }
                match object.additional {
                    Additional::Of(schema) => {
                        self.content(place, name);
                        if let Some(schema) = schema {
                            self.visit(schema, &format!("{name}{{}}"));
                        }
                    }
                    Additional::Unsaid if self.sampler.answers => {
                        let alternatives = vec!["plain".to_owned(), "unknown property".to_owned()];
                        self.point(place, Choice::Extra, alternatives, name);
                    }
                    Additional::Unsaid => {}
                }
            }
            Shape::Array(array) => {
                if array.at_least == 0 {
                    self.content(place, name);
                }
                if let Some(items) = array.items {
                    self.visit(items, &format!("{name}[]"));
                }
            }
            Shape::Text if schema.is_timestamp() => {
                let forms = timestamp::forms(self.sampler.answers).iter();
                let alternatives = forms.map(|form| form.name.to_owned()).collect();
                self.point(place, Choice::Form, alternatives, name);
            }
            Shape::Boolean => {
                let alternatives = vec!["false".to_owned(), "true".to_owned()];
                self.point(place, Choice::Value, alternatives, name);
            }
            Shape::Any | Shape::Text | Shape::Integer | Shape::Number | Shape::Null => {}
        }
    }

    fn presence(&mut self, place: Place, presences: &[Presence], required: bool, name: &str) {
        if !required {
            let alternatives = presences.iter().map(|presence| match presence {
                Presence::Absent => "left out".to_owned(),
                Presence::Set => "set".to_owned(),
                Presence::Null => "null".to_owned(),
            });
            self.point(place, Choice::Presence, alternatives.collect(), name);
        }
    }

    fn content(&mut self, place: Place, name: &str) {
        let alternatives = vec!["empty".to_owned(), "filled".to_owned()];
        self.point(place, Choice::Content, alternatives, name);
    }

    fn point(&mut self, place: Place, choice: Choice, alternatives: Vec<String>, name: &str) {
        self.points.push(Point {
            place,
            choice,
            alternatives,
            name: name.to_owned(),
        });
    }
}
