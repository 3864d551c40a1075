//! Values drawn from the schemas of the document, repeatable by a seed.
//!
//! A schema leaves choices: whether a property is there, which variant, which value. Each choice takes an alternative
//! that was never taken at its place, then one that leads to such a choice, so that a few draws take all of them, and
//! [`Coverage`] can tell.

mod any;
mod choices;
mod number;
#[cfg(test)]
mod tests;
mod timestamp;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use self::choices::{Presence, Variant};
use super::coverage::{Choice, Coverage, Point};
use super::description::{Location, Operation, Parameter, Spec};
use super::schema::{Additional, Array, Object, Place, Property, Schema, Shape, Union};
use super::text::{self, Alphabet};

/// How deep objects and lists nest before only what is required is drawn.
const DEPTH: usize = 7;

/// Names of files: with an extension, with what a form has to escape, and without anything.
const FILE_NAMES: [&str; 3] = ["prices.csv", "a \"b\" \u{e4}.txt", "data"];

/// What of the possible values is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// What is required, and nothing else.
    Minimal,
    /// Every property, none of them null, every list with something in it.
    Full,
    /// Every property, null wherever that is allowed.
    Nulls,
    /// Shortest and longest texts, smallest and largest numbers.
    Edges,
    /// Anything that fits the schema; a union has its tag.
    Varied,
    /// What a service could answer although it does not fit the schema: values, tags and properties that the document
    /// does not have, null for what can be left out, instants without an offset; and unions without their tag, which
    /// fit where the document does not require it, but can fit several variants then. For requests the same as
    /// [`Varied`](Self::Varied).
    Newer,
}

/// Draws values, and keeps account of the choices.
#[derive(Clone, Debug)]
pub struct Sampler {
    random: Rng,
    /// Whether what is drawn is an answer, which can be newer than the document.
    answers: bool,
    /// The properties that are the tag of a union.
    tags: Arc<HashSet<Place>>,
    coverage: Coverage,
    /// The choices within a schema, once they were looked for.
    points: HashMap<Place, Arc<[Point]>>,
    /// The schemas of which every choice was taken.
    covered: HashSet<Place>,
}

/// The circumstances of one value within a draw.
#[derive(Clone, Copy)]
struct At {
    profile: Profile,
    depth: usize,
    alphabet: Alphabet,
}

impl At {
    fn deeper(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    fn is_minimal(self) -> bool {
        self.profile == Profile::Minimal || self.depth > DEPTH
    }
}

impl Sampler {
    /// A sampler of what a client sends.
    #[must_use]
    pub fn for_requests(spec: &Spec, seed: u64) -> Self {
        Self::new(spec, seed, false)
    }

    /// A sampler of what a service answers.
    #[must_use]
    pub fn for_responses(spec: &Spec, seed: u64) -> Self {
        Self::new(spec, seed, true)
    }

    fn new(spec: &Spec, seed: u64, answers: bool) -> Self {
        Self {
            random: Rng::with_seed(seed),
            answers,
            tags: Arc::new(choices::tags(spec.schema(spec.as_value()))),
            coverage: Coverage::default(),
            points: HashMap::new(),
            covered: HashSet::new(),
        }
    }

    /// A sampler of the same document that has drawn nothing yet.
    pub(crate) fn anew(&self, seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            answers: self.answers,
            tags: Arc::clone(&self.tags),
            coverage: Coverage::default(),
            points: HashMap::new(),
            covered: HashSet::new(),
        }
    }

    /// Which choices were taken.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// A value of a schema.
    pub fn draw(&mut self, schema: &Schema<'_>, profile: Profile) -> Value {
        let at = At {
            profile,
            depth: 0,
            alphabet: Alphabet::Any,
        };
        self.value(*schema, at)
    }

    /// What a request of an operation is made of: an object with `path`, `query`, `header` and `part`, each of them an
    /// object by the names of parameters, and `body`. What is empty is left out.
    pub fn arguments(&mut self, operation: &Operation<'_>, profile: Profile) -> Map<String, Value> {
        let mut arguments = Map::new();
        let parts = operation.body.iter().flat_map(super::Body::parts);
        for parameter in operation.parameters.iter().copied().chain(parts) {
            if self.is_set(parameter.schema.place(), parameter.required, profile) {
                let value = self.parameter(&parameter, profile);
                arguments
                    .entry(parameter.location.as_str())
                    .or_insert_with(|| json!({}))[parameter.name] = value;
            }
        }
        if let Some(body) = operation.body.filter(|body| body.parts().is_empty())
            && self.is_set(body.schema.place(), body.required, profile)
        {
            let value = self.draw(&body.schema.without_null(), profile);
            arguments.insert("body".to_owned(), value);
        }
        arguments
    }

    fn is_set(&mut self, place: Place, required: bool, profile: Profile) -> bool {
        let allowed = match profile {
            _ if required => &[1][..],
            Profile::Minimal => &[0],
            Profile::Full | Profile::Nulls => &[1],
            _ => &[0, 1],
        };
        self.choose(place, Choice::Presence, allowed) == 1
    }

    fn parameter(&mut self, parameter: &Parameter<'_>, profile: Profile) -> Value {
        // Null and the empty list have no form outside of a body.
        let schema = parameter.schema.without_null();
        let at = At {
            profile,
            depth: 0,
            alphabet: match parameter.location {
                Location::Path => Alphabet::Segment,
                Location::Header => Alphabet::Header,
                _ => Alphabet::Any,
            },
        };
        match (parameter.location, schema.shape()) {
            (Location::File, _) => {
                let name = FILE_NAMES[self.random.usize(..FILE_NAMES.len())];
                let at_edge = profile == Profile::Edges;
                let content = text::draw(&mut self.random, schema, Alphabet::Any, at_edge);
                json!({"file_name": name, "content": content})
            }
            (_, Shape::Array(array)) => self.filled(&array, at),
            _ => self.value(schema, at),
        }
    }

    fn value(&mut self, schema: Schema<'_>, at: At) -> Value {
        let schema = schema.resolved();
        let place = schema.place();
        match schema.shape() {
            Shape::Any => any::draw(&mut self.random, at.depth),
            Shape::Values(values) => {
                let newer = self.is_open(place, &values).then_some(values.len());
                let newer = newer.filter(|_| at.profile == Profile::Newer);
                let allowed: Vec<usize> = (0..values.len()).chain(newer).collect();
                let chosen = self.choose(place, Choice::Value, &allowed);
                values.get(chosen).map_or_else(
                    || json!("value_of_a_newer_service"),
                    |value| (*value).clone(),
                )
            }
            Shape::Union(union) => self.variant(place, &union, at),
            Shape::Object(object) => self.object(place, &object, at),
            Shape::Array(array) => {
                let allowed = match at.profile {
                    _ if array.at_least > 0 => &[1][..],
                    _ if at.is_minimal() => &[0],
                    Profile::Full | Profile::Nulls => &[1],
                    _ => &[0, 1],
                };
                match self.choose(place, Choice::Content, allowed) {
                    0 => json!([]),
                    _ => self.filled(&array, at),
                }
            }
            Shape::Text if schema.is_timestamp() => {
                let forms = timestamp::forms(self.answers && at.profile == Profile::Newer);
                let allowed: Vec<usize> = (0..forms.len()).collect();
                let form = self.choose(place, Choice::Form, &allowed);
                Value::from(timestamp::draw(&mut self.random, forms[form]))
            }
            Shape::Text => Value::from(text::draw(
                &mut self.random,
                schema,
                at.alphabet,
                at.profile == Profile::Edges,
            )),
            Shape::Integer => {
                number::integer(&mut self.random, schema, at.profile == Profile::Edges)
            }
            Shape::Number => number::number(&mut self.random, schema, at.profile == Profile::Edges),
            Shape::Boolean => Value::from(self.choose(place, Choice::Value, &[0, 1]) == 1),
            Shape::Null => Value::Null,
        }
    }

    fn filled(&mut self, array: &Array<'_>, at: At) -> Value {
        let most = array.at_most.unwrap_or(array.at_least.max(2));
        let least = array.at_least.max(1).min(most);
        let length = if at.profile == Profile::Edges {
            [least, most][self.random.usize(..2)]
        } else {
            self.random.usize(least..=most.min(least + 1))
        };
        let items = (0..length).map(|_| match array.items {
            Some(items) => self.value(items, at.deeper()),
            None => any::draw(&mut self.random, at.depth),
        });
        items.collect()
    }

    fn variant(&mut self, place: Place, union: &Union<'_>, at: At) -> Value {
        let all = self.variants(union, at.profile);
        let is_null =
            |variant: &Variant<'_>| matches!(variant, Variant::Known(schema) if schema.is_null());
        let mut allowed: Vec<usize> = (0..all.len()).collect();
        match at.profile {
            _ if at.depth > DEPTH => {
                let height = |at: &usize| match all[*at] {
                    Variant::Known(schema) => choices::height(schema, &mut Vec::new()),
                    Variant::Unknown(_) => None,
                };
                let least = allowed.iter().filter_map(height).min();
                allowed.retain(|at| height(at) == least);
            }
            Profile::Nulls if all.iter().any(is_null) => allowed.retain(|at| is_null(&all[*at])),
            Profile::Full => allowed.retain(|at| !is_null(&all[*at])),
            _ => {}
        }
        let leads_to = |at: usize| match all[at] {
            Variant::Known(schema) => Some(schema),
            Variant::Unknown(_) => None,
        };
        match all[self.choose_way(place, Choice::Variant, &allowed, leads_to)] {
            Variant::Known(schema) => self.value(schema, at),
            Variant::Unknown(tag) => {
                let mut object = Map::new();
                object.insert("zeta".to_owned(), any::draw(&mut self.random, at.depth));
                object.insert(tag.to_owned(), json!("variant_of_a_newer_service"));
                object.insert("alpha".to_owned(), any::draw(&mut self.random, at.depth));
                Value::Object(object)
            }
        }
    }

    fn object(&mut self, place: Place, object: &Object<'_>, at: At) -> Value {
        let mut drawn = Map::new();
        // The order in which a service writes properties is its own affair.
        let mut properties: Vec<&Property<'_>> = object.properties.iter().collect();
        if at.profile != Profile::Full {
            self.random.shuffle(&mut properties);
        }
        for property in properties {
            let presences = self.presences(property, at.profile);
            let allowed = presences
                .iter()
                .enumerate()
                .filter(|(_, presence)| match presence {
                    _ if presences.len() == 1 => true,
                    Presence::Absent => !matches!(at.profile, Profile::Full | Profile::Nulls),
                    Presence::Set | Presence::Null => !at.is_minimal(),
                });
            let mut allowed: Vec<usize> = allowed.map(|(at, _)| at).collect();
            if allowed.is_empty() {
                // Required, where nothing else is drawn.
                allowed.push(0);
            }
            let leads_to = |at: usize| (presences[at] == Presence::Set).then_some(property.schema);
            let chosen = self.choose_way(
                property.schema.place(),
                Choice::Presence,
                &allowed,
                leads_to,
            );
            match presences[chosen] {
                Presence::Absent => {}
                Presence::Null => drop(drawn.insert(property.name.to_owned(), Value::Null)),
                Presence::Set => {
                    let value = self.value(property.schema, at.deeper());
                    drawn.insert(property.name.to_owned(), value);
                }
            }
        }
        match object.additional {
            Additional::Of(schema) => {
                let allowed = match at.profile {
                    _ if at.is_minimal() => &[0][..],
                    Profile::Full | Profile::Nulls => &[1],
                    _ => &[0, 1],
                };
                if self.choose(place, Choice::Content, allowed) == 1 {
                    for name in any::names(&mut self.random) {
                        let value = match schema {
                            Some(schema) => self.value(schema, at.deeper()),
                            None => any::draw(&mut self.random, at.depth),
                        };
                        drawn.insert(name.to_owned(), value);
                    }
                }
            }
            Additional::Unsaid if self.answers && at.profile == Profile::Newer => {
                if self.choose(place, Choice::Extra, &[0, 1]) == 1 {
                    let value = any::draw(&mut self.random, at.depth);
                    drawn.insert("property_of_a_newer_service".to_owned(), value);
                }
            }
            Additional::Unsaid => {}
        }
        Value::Object(drawn)
    }

    /// One of the allowed alternatives: one that was never taken at this place, where there is one.
    fn choose(&mut self, place: Place, choice: Choice, allowed: &[usize]) -> usize {
        let mut candidates = allowed.to_vec();
        candidates.retain(|at| !self.coverage.has_taken(place, choice, *at));
        if candidates.is_empty() {
            candidates.extend(allowed);
        }
        let chosen = candidates[self.random.usize(..candidates.len())];
        self.coverage.take(place, choice, chosen);
        chosen
    }

    /// The same, where an alternative leads to a schema: first to one within which something was never taken.
    fn choose_way<'d>(
        &mut self,
        place: Place,
        choice: Choice,
        allowed: &[usize],
        leads_to: impl Fn(usize) -> Option<Schema<'d>>,
    ) -> usize {
        if allowed
            .iter()
            .all(|at| self.coverage.has_taken(place, choice, *at))
        {
            let mut open = allowed.to_vec();
            open.retain(|at| leads_to(*at).is_some_and(|schema| !self.covers(&schema)));
            if !open.is_empty() {
                return self.choose(place, choice, &open);
            }
        }
        self.choose(place, choice, allowed)
    }
}
