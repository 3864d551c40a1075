//! Inline enums, objects and unions become components; equal ones become one.
//!
//! The generator names an inline type after where it stands, without a look at the names that exist
//! already, and prints equal ones as often as they occur. So each is moved to the components under
//! a name chosen here: after its place (`WorkflowRun.lifecycle` is `WorkflowRunLifecycle`), after
//! what its places have in common (the `source` of `CreateWorkflowEvalRequest` and of `WorkflowEval`
//! is `WorkflowEvalSource`), or as an overlay says with `x-type-name`.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::component_names::PREFIX;
use super::{TYPE_NAME, constants, names};
use crate::document::{
    Order, Pointer, for_each_operation, for_each_schema_mut, for_each_subschema_mut,
};

/// The beginning of a reference to a schema that has been taken out and not yet been named.
const UNNAMED: &str = "#/unnamed/";

/// Moves inline types to the components.
pub(super) fn lower(document: &mut Value) {
    let places = Places::of(document);
    let mut found = Found::default();
    for_each_schema_mut(document, Order::ChildrenFirst, |pointer, schema| {
        if let Some(site) = Site::at(pointer, &places)
            && is_type(schema)
        {
            found.take(schema, pointer, site);
        }
    });
    let names = found.names(document);
    let schemas = std::mem::take(&mut found.types)
        .into_iter()
        .map(|found| found.schema);
    if let Some(components) = document["components"]["schemas"].as_object_mut() {
        components.extend(names.iter().cloned().zip(schemas));
    }
    for_each_schema_mut(document, Order::ParentsFirst, |_, schema| {
        let number = unnamed(schema);
        if let Some(name) = number.and_then(|number| names.get(number)) {
            schema["$ref"] = json!(format!("{PREFIX}{name}"));
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.remove(TYPE_NAME);
        }
    });
}

/// Whether a schema becomes a Rust type of its own.
fn is_type(schema: &Value) -> bool {
    let several = |keyword: &str| schema[keyword].as_array().is_some_and(|all| all.len() > 1);
    let listed = constants::listed(schema);
    several("anyOf")
        || several("oneOf")
        || several("allOf")
        || (listed.len() > 1 && listed.iter().all(|value| value.is_string()))
        || schema["properties"]
            .as_object()
            .is_some_and(|properties| !properties.is_empty())
}

fn unnamed(schema: &Value) -> Option<usize> {
    schema["$ref"].as_str()?.strip_prefix(UNNAMED)?.parse().ok()
}

/// What operations and parameters are called, by the pointer to them.
struct Places {
    operations: HashMap<Pointer, String>,
    parameters: HashMap<Pointer, String>,
}

impl Places {
    fn of(document: &Value) -> Self {
        let mut places = Self {
            operations: HashMap::new(),
            parameters: HashMap::new(),
        };
        let named = |node: &Value, key: &str| node[key].as_str().unwrap_or_default().to_owned();
        for_each_operation(document, |pointer, _, operation| {
            places
                .operations
                .insert(pointer.clone(), named(operation, "operationId"));
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for (index, parameter) in parameters.enumerate() {
                let pointer = pointer.join("parameters").join(index);
                places.parameters.insert(pointer, named(parameter, "name"));
            }
        });
        places
    }
}

/// Where an inline schema stands.
#[derive(Clone, Debug, PartialEq)]
struct Site {
    /// The component or operation around it.
    owner: String,
    /// The property, parameter or role that it has there; empty for a variant of a union.
    label: String,
}

impl Site {
    /// The site of the schema at `pointer`; none for a component itself.
    fn at(pointer: &Pointer, places: &Places) -> Option<Self> {
        let tokens: Vec<String> = pointer.tokens().collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let operation = |path, method| places.operations.get(&Pointer::of(["paths", path, method]));
        let (owner, label, inner) = match tokens[..] {
            ["components", "schemas", name, _, ..] => (name, "", 3),
            ["paths", path, method, "parameters", index, ..] => {
                let parameter = Pointer::of(["paths", path, method, "parameters", index]);
                (
                    operation(path, method)?.as_str(),
                    places.parameters.get(&parameter)?.as_str(),
                    6,
                )
            }
            ["paths", path, method, "requestBody", ..] => {
                (operation(path, method)?.as_str(), "request", 7)
            }
            ["paths", path, method, "responses", ..] => {
                (operation(path, method)?.as_str(), "response", 8)
            }
            _ => return None,
        };
        Some(Self {
            owner: owner.to_owned(),
            label: inner_label(label.to_owned(), tokens.get(inner..)?),
        })
    }
}

/// The label of what the keywords lead to, from a schema that is labelled `label`.
fn inner_label(mut label: String, keywords: &[&str]) -> String {
    let mut keywords = keywords.iter();
    while let Some(keyword) = keywords.next() {
        match *keyword {
            "properties" => label = keywords.next().map(ToString::to_string).unwrap_or_default(),
            "items" | "additionalProperties" if label.is_empty() => "item".clone_into(&mut label),
            "items" | "additionalProperties" => label = names::singular(&label),
            _ => {
                keywords.next();
                label.clear();
            }
        }
    }
    label
}

/// The inline types of a document, equal ones once.
#[derive(Default)]
struct Found {
    types: Vec<FoundType>,
    /// The number of a type, by its identity.
    known: HashMap<String, usize>,
    /// The number of the type that stood at a pointer.
    places: BTreeMap<Pointer, usize>,
}

struct FoundType {
    schema: Value,
    name: Option<String>,
    sites: Vec<(Pointer, Site)>,
}

impl Found {
    /// Puts a reference in the place of `schema`, which keeps its text and whether it is nullable.
    fn take(&mut self, schema: &mut Value, pointer: &Pointer, site: Site) {
        let Some(mut inline) = schema.as_object().cloned() else {
            return;
        };
        let mut reference = Map::new();
        for keyword in ["description", "nullable"] {
            if let Some(value) = inline.remove(keyword) {
                reference.insert(keyword.to_owned(), value);
            }
        }
        let name = inline.remove(TYPE_NAME);
        let inline = Value::Object(inline);
        let next = self.types.len();
        let number = *self.known.entry(identity(&inline)).or_insert(next);
        if number == next {
            self.types.push(FoundType {
                schema: inline,
                name: None,
                sites: Vec::new(),
            });
        }
        let found = &mut self.types[number];
        found.sites.push((pointer.clone(), site));
        if let Some(Value::String(name)) = name {
            found.name.get_or_insert(name);
        }
        self.places.insert(pointer.clone(), number);
        reference.insert("$ref".to_owned(), json!(format!("{UNNAMED}{number}")));
        *schema = Value::Object(reference);
    }

    /// The name of every type, by its number: unique among them and the components.
    fn names(&self, document: &Value) -> Vec<String> {
        let components: HashSet<&String> = document["components"]["schemas"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .collect();
        let mut candidates: Vec<Option<Candidates>> = (0..self.types.len()).map(|_| None).collect();
        // An inline type is named after the one around it, which is found after it.
        for number in (0..self.types.len()).rev() {
            let named = self.candidates(number, &candidates);
            candidates[number] = Some(named);
        }
        let candidates: Vec<Candidates> = candidates.into_iter().flatten().collect();
        let mut claims: HashMap<&str, usize> = HashMap::new();
        for candidate in &candidates {
            *claims.entry(&candidate.best).or_default() += 1;
        }
        let mut taken: HashSet<String> = HashSet::new();
        candidates
            .iter()
            .map(|candidate| {
                let alone =
                    claims[candidate.best.as_str()] == 1 && !components.contains(&candidate.best);
                let name = if alone {
                    &candidate.best
                } else {
                    &candidate.longer
                };
                let name = names::first_free(name, |free| {
                    taken.contains(free) || components.contains(&free.to_owned())
                });
                taken.insert(name.clone());
                name
            })
            .collect()
    }

    fn candidates(&self, number: usize, named: &[Option<Candidates>]) -> Candidates {
        let found = &self.types[number];
        if let Some(name) = &found.name {
            return Candidates {
                best: name.clone(),
                longer: name.clone(),
            };
        }
        if let Some(name) = scalar_union(&found.schema) {
            return Candidates {
                best: name.clone(),
                longer: name,
            };
        }
        let mut places: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for (pointer, site) in &found.sites {
            let owner = match self.around(pointer) {
                Some(around) => match named.get(around) {
                    Some(Some(candidates)) => candidates.longer.clone(),
                    _ => format!("Inline{around}"),
                },
                None => site.owner.clone(),
            };
            let label = if site.label.is_empty() {
                label_of(&found.schema)
            } else {
                site.label.clone()
            };
            let place = (names::words(&owner), names::words(&label));
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Candidates::of(&places)
    }

    /// The number of the nearest inline type around `pointer`.
    fn around(&self, pointer: &Pointer) -> Option<usize> {
        let mut outer = pointer.parent()?;
        loop {
            if let Some(number) = self.places.get(&outer) {
                return Some(*number);
            }
            outer = outer.parent()?;
        }
    }
}

/// The names that a type may get.
struct Candidates {
    /// The one to take when nothing else wants it.
    best: String,
    /// The one that nothing else is likely to want.
    longer: String,
}

impl Candidates {
    /// From the words of each place's owner and label.
    fn of(places: &[(Vec<String>, Vec<String>)]) -> Self {
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
fn label_of(schema: &Value) -> String {
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
fn scalar_union(schema: &Value) -> Option<String> {
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

/// The schema as text, in which two that differ in descriptions or in order only are the same.
fn identity(schema: &Value) -> String {
    let mut schema = schema.clone();
    for_each_subschema_mut(&mut schema, Order::ChildrenFirst, |_, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        schema.remove("description");
        schema.sort_keys();
        for (keyword, list) in schema.iter_mut() {
            if let ("enum" | "required", Value::Array(list)) = (keyword.as_str(), list) {
                list.sort_by_key(Value::to_string);
            }
        }
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.sort_keys();
        }
    });
    schema.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("{PREFIX}{name}")})
    }

    fn lowered(schemas: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": schemas}});
        lower(&mut document);
        document["components"]["schemas"].take()
    }

    #[test]
    fn an_inline_type_is_named_after_its_place() {
        let schemas = lowered(json!({"Run": {"properties": {
            "status": {"type": "string", "enum": ["a", "b"], "description": "Where it is.", "nullable": true},
            "steps": {"type": "array", "items": {"properties": {"id": {"type": "string"}}}},
            "note": {"type": "string"},
        }}}));
        assert_eq!(
            schemas,
            json!({
                "Run": {"properties": {
                    "status": {
                        "description": "Where it is.",
                        "nullable": true,
                        "$ref": "#/components/schemas/RunStatus",
                    },
                    "steps": {"type": "array", "items": reference("RunStep")},
                    "note": {"type": "string"},
                }},
                "RunStatus": {"type": "string", "enum": ["a", "b"]},
                "RunStep": {"properties": {"id": {"type": "string"}}},
            })
        );
    }

    #[test]
    fn types_within_types_are_named_after_the_outer_one() {
        let schemas = lowered(json!({"Run": {"properties": {
            "error": {"properties": {"stage": {"enum": ["a", "b"]}}},
        }}}));
        assert_eq!(
            schemas["RunError"]["properties"]["stage"],
            reference("RunErrorStage")
        );
        assert_eq!(schemas["RunErrorStage"], json!({"enum": ["a", "b"]}));
    }

    #[test]
    fn equal_types_are_one_named_after_what_their_places_share() {
        let source =
            |text: &str| json!({"anyOf": [reference("A"), reference("B")], "description": text});
        let schemas = lowered(json!({
            "A": {"type": "object"},
            "B": {"type": "object"},
            "CreateEvalRequest": {"properties": {"source": source("one")}},
            "UpdateEvalRequest": {"properties": {"source": source("another")}},
            "WorkflowEval": {"properties": {"source": source("a third")}},
        }));
        assert_eq!(
            schemas["EvalSource"],
            json!({"anyOf": [reference("A"), reference("B")]})
        );
        assert_eq!(
            schemas["WorkflowEval"]["properties"]["source"]["$ref"],
            reference("EvalSource")["$ref"]
        );
        assert_eq!(schemas.as_object().map(Map::len), Some(6));
    }

    #[test]
    fn the_order_of_values_and_keywords_does_not_make_a_type() {
        let schemas = lowered(json!({
            "Review": {"properties": {"block_type": {"type": "string", "enum": ["split", "extract"]}}},
            "Result": {"properties": {"block_type": {"enum": ["extract", "split"], "type": "string"}}},
        }));
        assert_eq!(
            schemas["Review"]["properties"]["block_type"],
            reference("BlockType")
        );
        assert_eq!(
            schemas["Result"]["properties"]["block_type"],
            reference("BlockType")
        );
    }

    #[test]
    fn one_shared_word_is_not_a_name() {
        let order = json!({"enum": ["asc", "desc"]});
        let schemas = lowered(json!({
            "Query": {"properties": {"order": order}},
            "Listing": {"properties": {"order": order}},
        }));
        assert_eq!(schemas["QueryOrder"], order);
        assert_eq!(
            schemas["Listing"]["properties"]["order"],
            reference("QueryOrder")
        );
    }

    #[test]
    fn an_overlay_names_a_type() {
        let schemas = lowered(json!({
            "Query": {"properties": {"order": {"enum": ["asc", "desc"], "x-type-name": "Order"}}},
            "Listing": {"properties": {"order": {"enum": ["asc", "desc"]}}},
        }));
        assert_eq!(schemas["Order"], json!({"enum": ["asc", "desc"]}));
        assert_eq!(
            schemas["Listing"]["properties"]["order"],
            reference("Order")
        );
    }

    #[test]
    fn no_name_is_taken_from_a_component() {
        let schemas = lowered(json!({
            "Job": {"properties": {"response": {"properties": {"id": {"type": "string"}}}}},
            "JobResponse": {"type": "object"},
        }));
        assert_eq!(schemas["JobResponse"], json!({"type": "object"}));
        assert_eq!(
            schemas["Job"]["properties"]["response"],
            reference("JobResponse2")
        );
    }

    #[test]
    fn parameters_and_answers_are_named_after_their_operation() {
        let mut document = json!({
            "paths": {"/runs": {"get": {
                "operationId": "list_runs",
                "parameters": [
                    {"in": "query", "name": "limit", "schema": {"type": "integer"}},
                    {"in": "query", "name": "status", "schema": {"enum": ["a", "b"]}},
                ],
                "responses": {"2XX": {"content": {"application/json": {"schema": {
                    "oneOf": [reference("A"), reference("B")],
                }}}}},
            }}},
            "components": {"schemas": {"A": {}, "B": {}}},
        });
        lower(&mut document);
        let operation = &document["paths"]["/runs"]["get"];
        assert_eq!(
            operation["parameters"][1]["schema"],
            reference("ListRunsStatus")
        );
        assert_eq!(
            operation["responses"]["2XX"]["content"]["application/json"]["schema"],
            reference("ListRunsResponse")
        );
    }

    #[test]
    fn variants_of_a_union_are_named_after_their_constant_and_scalars_after_themselves() {
        let schemas = lowered(json!({"Event": {"properties": {
            "payload": {"oneOf": [
                {"properties": {"kind": {"const": "opened"}}},
                {"properties": {"kind": {"const": "closed"}}},
            ]},
            "key": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        }}}));
        assert_eq!(
            schemas["EventPayload"],
            json!({"oneOf": [reference("EventPayloadOpened"), reference("EventPayloadClosed")]})
        );
        assert_eq!(
            schemas["Event"]["properties"]["key"],
            reference("StringOrInteger")
        );
    }
}
