//! Sampling of values and arguments.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::alternatives::{self, Alternatives, Presence, Variant};
use super::profile::Profile;
use super::string::{self, Alphabet};
use super::{any, choice_collector, number, timestamp};
use crate::spec::coverage::{Choice, ChoiceKind, Coverage};
use crate::spec::openapi::Spec;
use crate::spec::operation::{Body, Location, Operation, Parameter};
use crate::spec::schema::{Additional, Array, NodeId, Object, Property, Schema, Shape, Union};

/// The nesting depth beyond which only required values are drawn.
const MAX_DEPTH: usize = 7;

/// File names: an ordinary one, one that multipart encoding must escape, and one without an extension.
const FILE_NAMES: [&str; 3] = ["prices.csv", "a \"b\" \u{e4}.txt", "data"];

/// Draws values from schemas and records the coverage of their choices.
#[derive(Clone, Debug)]
pub struct Sampler {
    random: Rng,
    alternatives: Alternatives,
    coverage: Coverage,
    /// A cache of the choices within each schema.
    choices: HashMap<NodeId, Arc<[Choice]>>,
    /// The schemas whose choices are all covered.
    covered: HashSet<NodeId>,
}

/// The context of one value within a draw.
#[derive(Clone, Copy)]
struct Context {
    profile: Profile,
    depth: usize,
    alphabet: Alphabet,
}

impl Context {
    fn deeper(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    fn is_minimal(self) -> bool {
        self.profile == Profile::Minimal || self.depth > MAX_DEPTH
    }
}

impl Sampler {
    /// Creates a sampler for requests.
    #[must_use]
    pub fn for_requests(spec: &Spec, seed: u64) -> Self {
        Self::new(spec, seed, false)
    }

    /// Creates a sampler for responses.
    #[must_use]
    pub fn for_responses(spec: &Spec, seed: u64) -> Self {
        Self::new(spec, seed, true)
    }

    fn new(spec: &Spec, seed: u64, for_responses: bool) -> Self {
        Self {
            random: Rng::with_seed(seed),
            alternatives: Alternatives::new(spec, for_responses),
            coverage: Coverage::default(),
            choices: HashMap::new(),
            covered: HashSet::new(),
        }
    }

    /// Creates a sampler for the same spec, with a new seed and without coverage.
    pub(crate) fn reseeded(&self, seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            alternatives: self.alternatives.clone(),
            coverage: Coverage::default(),
            choices: HashMap::new(),
            covered: HashSet::new(),
        }
    }

    /// Returns the coverage of the draws so far.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Includes the choices of an operation's arguments in the coverage report.
    pub fn track_arguments(&mut self, operation: &Operation<'_>) {
        let choices = choice_collector::argument_choices(&self.alternatives, operation);
        self.coverage.track(&choices);
    }

    /// Includes the choices of a schema in the coverage report. `name` identifies the schema there.
    pub fn track_schema(&mut self, schema: &Schema<'_>, name: &str) {
        let choices = choice_collector::schema_choices(&self.alternatives, *schema, name);
        self.coverage.track(&choices);
    }

    /// Returns whether all choices of an operation's arguments are covered.
    #[must_use]
    pub fn covers_arguments(&self, operation: &Operation<'_>) -> bool {
        let choices = choice_collector::argument_choices(&self.alternatives, operation);
        self.coverage.covers(&choices)
    }

    /// Returns whether all choices of a schema are covered.
    #[must_use]
    pub fn covers_schema(&mut self, schema: &Schema<'_>) -> bool {
        let node = schema.resolved().id();
        if self.covered.contains(&node) {
            return true;
        }
        let choices = match self.choices.get(&node) {
            Some(choices) => Arc::clone(choices),
            None => Arc::from(choice_collector::schema_choices(
                &self.alternatives,
                *schema,
                "",
            )),
        };
        self.choices.insert(node, Arc::clone(&choices));
        let covers = self.coverage.covers(&choices);
        if covers {
            self.covered.insert(node);
        }
        covers
    }

    /// Draws a value of a schema.
    pub fn draw(&mut self, schema: &Schema<'_>, profile: Profile) -> Value {
        let context = Context {
            profile,
            depth: 0,
            alphabet: Alphabet::Any,
        };
        self.value(*schema, context)
    }

    /// Draws the arguments of a request.
    ///
    /// The keys are `path`, `query`, `header` and `part`, each with an object of parameters by name, and `body`. Empty
    /// locations are omitted.
    pub fn arguments(&mut self, operation: &Operation<'_>, profile: Profile) -> Map<String, Value> {
        let mut arguments = Map::new();
        let parts = operation.body.iter().flat_map(Body::parts);
        for parameter in operation.parameters.iter().copied().chain(parts) {
            if self.is_set(parameter.schema.id(), parameter.required, profile) {
                let value = self.parameter(&parameter, profile);
                arguments
                    .entry(parameter.location.as_str())
                    .or_insert_with(|| json!({}))[parameter.name] = value;
            }
        }
        if let Some(body) = operation.body.filter(|body| body.parts().is_empty())
            && self.is_set(body.schema.id(), body.required, profile)
        {
            let value = self.draw(&body.schema.without_null(), profile);
            arguments.insert("body".to_owned(), value);
        }
        arguments
    }

    fn is_set(&mut self, node: NodeId, required: bool, profile: Profile) -> bool {
        let allowed = match profile {
            _ if required => &[1][..],
            Profile::Minimal => &[0],
            Profile::Full | Profile::Nulls => &[1],
            _ => &[0, 1],
        };
        self.choose(node, ChoiceKind::Presence, allowed) == 1
    }

    fn parameter(&mut self, parameter: &Parameter<'_>, profile: Profile) -> Value {
        // Outside a body, null and empty arrays cannot be encoded.
        let schema = parameter.schema.without_null();
        let context = Context {
            profile,
            depth: 0,
            alphabet: match parameter.location {
                Location::Path => Alphabet::PathSegment,
                Location::Header => Alphabet::Header,
                _ => Alphabet::Any,
            },
        };
        match (parameter.location, schema.shape()) {
            (Location::File, _) => {
                let name = FILE_NAMES[self.random.usize(..FILE_NAMES.len())];
                let use_limits = profile == Profile::Edges;
                let text = string::draw(&mut self.random, schema, Alphabet::Any, use_limits);
                json!({"file_name": name, "content": text})
            }
            (_, Shape::Array(array)) => self.non_empty_array(&array, context),
            _ => self.value(schema, context),
        }
    }

    fn value(&mut self, schema: Schema<'_>, context: Context) -> Value {
        let schema = schema.resolved();
        let node = schema.id();
        match schema.shape() {
            Shape::Any => any::draw(&mut self.random, context.depth),
            Shape::Enum(values) => {
                let is_open = self.alternatives.is_open(node, &values);
                let unknown = is_open.then_some(values.len());
                let unknown = unknown.filter(|_| context.profile == Profile::Newer);
                let allowed: Vec<usize> = (0..values.len()).chain(unknown).collect();
                let chosen = self.choose(node, ChoiceKind::Value, &allowed);
                values.get(chosen).map_or_else(
                    || json!("value_of_a_newer_service"),
                    |value| (*value).clone(),
                )
            }
            Shape::Union(union) => self.variant(node, &union, context),
            Shape::Object(object) => self.object(node, &object, context),
            Shape::Array(array) => {
                let allowed = match context.profile {
                    _ if array.min_items > 0 => &[1][..],
                    _ if context.is_minimal() => &[0],
                    Profile::Full | Profile::Nulls => &[1],
                    _ => &[0, 1],
                };
                match self.choose(node, ChoiceKind::Content, allowed) {
                    0 => json!([]),
                    _ => self.non_empty_array(&array, context),
                }
            }
            Shape::String if schema.is_timestamp() => {
                let formats = timestamp::formats(
                    self.alternatives.for_responses && context.profile == Profile::Newer,
                );
                let allowed: Vec<usize> = (0..formats.len()).collect();
                let format = self.choose(node, ChoiceKind::Format, &allowed);
                Value::from(timestamp::draw(&mut self.random, formats[format]))
            }
            Shape::String => Value::from(string::draw(
                &mut self.random,
                schema,
                context.alphabet,
                context.profile == Profile::Edges,
            )),
            Shape::Integer => {
                number::integer(&mut self.random, schema, context.profile == Profile::Edges)
            }
            Shape::Number => {
                number::number(&mut self.random, schema, context.profile == Profile::Edges)
            }
            Shape::Boolean => Value::from(self.choose(node, ChoiceKind::Value, &[0, 1]) == 1),
            Shape::Null => Value::Null,
        }
    }

    fn non_empty_array(&mut self, array: &Array<'_>, context: Context) -> Value {
        let longest = array.max_items.unwrap_or(array.min_items.max(2));
        let shortest = array.min_items.max(1).min(longest);
        let length = if context.profile == Profile::Edges {
            [shortest, longest][self.random.usize(..2)]
        } else {
            self.random.usize(shortest..=longest.min(shortest + 1))
        };
        let items = (0..length).map(|_| match array.items {
            Some(items) => self.value(items, context.deeper()),
            None => any::draw(&mut self.random, context.depth),
        });
        items.collect()
    }

    fn variant(&mut self, node: NodeId, union: &Union<'_>, context: Context) -> Value {
        let all = self.alternatives.variants(union, context.profile);
        let is_null =
            |variant: &Variant<'_>| matches!(variant, Variant::Known(schema) if schema.is_null());
        let mut allowed: Vec<usize> = (0..all.len()).collect();
        match context.profile {
            _ if context.depth > MAX_DEPTH => {
                let depth = |index: &usize| match all[*index] {
                    Variant::Known(schema) => alternatives::min_depth(schema, &mut Vec::new()),
                    Variant::Unknown(_) => None,
                };
                let shallowest = allowed.iter().filter_map(depth).min();
                allowed.retain(|index| depth(index) == shallowest);
            }
            Profile::Nulls if all.iter().any(is_null) => {
                allowed.retain(|index| is_null(&all[*index]));
            }
            Profile::Full => allowed.retain(|index| !is_null(&all[*index])),
            _ => {}
        }
        let leads_to = |index: usize| match all[index] {
            Variant::Known(schema) => Some(schema),
            Variant::Unknown(_) => None,
        };
        match all[self.choose_schema(node, ChoiceKind::Variant, &allowed, leads_to)] {
            Variant::Known(schema) => self.value(schema, context),
            Variant::Unknown(tag) => {
                let mut object = Map::new();
                object.insert(
                    "zeta".to_owned(),
                    any::draw(&mut self.random, context.depth),
                );
                object.insert(tag.to_owned(), json!("variant_of_a_newer_service"));
                object.insert(
                    "alpha".to_owned(),
                    any::draw(&mut self.random, context.depth),
                );
                Value::Object(object)
            }
        }
    }

    fn object(&mut self, node: NodeId, object: &Object<'_>, context: Context) -> Value {
        let mut drawn = Map::new();
        // A service can send properties in any order.
        let mut properties: Vec<&Property<'_>> = object.properties.iter().collect();
        if context.profile != Profile::Full {
            self.random.shuffle(&mut properties);
        }
        for property in properties {
            let presences = self.alternatives.presences(property, context.profile);
            let allowed = presences
                .iter()
                .enumerate()
                .filter(|(_, presence)| match presence {
                    _ if presences.len() == 1 => true,
                    Presence::Absent => !matches!(context.profile, Profile::Full | Profile::Nulls),
                    Presence::Set | Presence::Null => !context.is_minimal(),
                });
            let mut allowed: Vec<usize> = allowed.map(|(index, _)| index).collect();
            if allowed.is_empty() {
                // The property is required, and the profile excludes everything else.
                allowed.push(0);
            }
            let leads_to =
                |index: usize| (presences[index] == Presence::Set).then_some(property.schema);
            let chosen = self.choose_schema(
                property.schema.id(),
                ChoiceKind::Presence,
                &allowed,
                leads_to,
            );
            match presences[chosen] {
                Presence::Absent => {}
                Presence::Null => drop(drawn.insert(property.name.to_owned(), Value::Null)),
                Presence::Set => {
                    let value = self.value(property.schema, context.deeper());
                    drawn.insert(property.name.to_owned(), value);
                }
            }
        }
        match object.additional {
            Additional::Allowed(schema) => {
                let allowed = match context.profile {
                    _ if context.is_minimal() => &[0][..],
                    Profile::Full | Profile::Nulls => &[1],
                    _ => &[0, 1],
                };
                if self.choose(node, ChoiceKind::Content, allowed) == 1 {
                    for name in any::names(&mut self.random) {
                        let value = match schema {
                            Some(schema) => self.value(schema, context.deeper()),
                            None => any::draw(&mut self.random, context.depth),
                        };
                        drawn.insert(name.to_owned(), value);
                    }
                }
            }
            Additional::NotAllowed
                if self.alternatives.for_responses && context.profile == Profile::Newer =>
            {
                if self.choose(node, ChoiceKind::Extra, &[0, 1]) == 1 {
                    let value = any::draw(&mut self.random, context.depth);
                    drawn.insert("property_of_a_newer_service".to_owned(), value);
                }
            }
            Additional::NotAllowed => {}
        }
        Value::Object(drawn)
    }

    /// Chooses one of the allowed alternatives, preferably one that was never drawn for this choice.
    fn choose(&mut self, node: NodeId, kind: ChoiceKind, allowed: &[usize]) -> usize {
        let mut candidates = allowed.to_vec();
        candidates.retain(|index| !self.coverage.is_drawn(node, kind, *index));
        if candidates.is_empty() {
            candidates.extend(allowed);
        }
        let chosen = candidates[self.random.usize(..candidates.len())];
        self.coverage.record(node, kind, chosen);
        chosen
    }

    /// Like [`choose`](Self::choose), for alternatives that can lead to a schema. Once all were drawn, prefers one whose
    /// schema is not covered yet.
    fn choose_schema<'d>(
        &mut self,
        node: NodeId,
        kind: ChoiceKind,
        allowed: &[usize],
        leads_to: impl Fn(usize) -> Option<Schema<'d>>,
    ) -> usize {
        if allowed
            .iter()
            .all(|index| self.coverage.is_drawn(node, kind, *index))
        {
            let mut uncovered = allowed.to_vec();
            uncovered.retain(|index| {
                leads_to(*index).is_some_and(|schema| !self.covers_schema(&schema))
            });
            if !uncovered.is_empty() {
                return self.choose(node, kind, &uncovered);
            }
        }
        self.choose(node, kind, allowed)
    }
}
