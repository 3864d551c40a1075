//! Merges each `allOf` into one schema.
//!
//! Objects are merged, and the last member that defines a property wins. An `allOf` of one reference, without other
//! keywords that define a type, becomes that reference. If a member is a union, its properties become additional
//! properties of the merged object. Members that cannot be merged become any JSON.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::notes::Repairs;
use crate::document::{Order, Pointer, for_each_schema_mut};

const PREFIX: &str = "#/components/schemas/";

/// Maximum number of references followed per spec, more than any handwritten spec needs.
const FOLLOWED: usize = 20_000;

/// Annotations, which define no type.
const TEXTS: [&str; 9] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "discriminator",
];

/// Replaces every `allOf`.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let whole = document.clone();
    let mut merger = Merger {
        document: &whole,
        followed: 0,
        inside: Vec::new(),
    };
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        if schema.get("allOf").is_none() {
            return;
        }
        // References inlined by an outer `allOf` are not inlined again within it, which would never end.
        merger.inside.retain(|(outer, _)| pointer.is_within(outer));
        let mut open: BTreeSet<String> = merger
            .inside
            .iter()
            .flat_map(|(_, used)| used.iter().cloned())
            .collect();
        let tokens: Vec<String> = pointer.tokens().collect();
        if let [components, schemas, name, ..] = &tokens[..]
            && (components.as_str(), schemas.as_str()) == ("components", "schemas")
        {
            open.insert(reference_to(name));
        }
        let mut walk = Walk {
            open,
            ..Walk::default()
        };
        let said = match only_reference(schema) {
            Some(reference) => Merged::of_reference(schema, reference),
            None => merger.merged(schema, &mut walk),
        };
        merger.inside.push((pointer.clone(), walk.used));
        let (whole, note) = said.finish();
        if let Some(note) = note {
            repairs.note(&pointer.join("allOf"), note);
        }
        *schema = whole;
    });
}

fn reference_to(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('~', "~0").replace('/', "~1"))
}

struct Merger<'a> {
    document: &'a Value,
    followed: usize,
    /// The merged places around the current one, with the references inlined there.
    inside: Vec<(Pointer, BTreeSet<String>)>,
}

/// The merged members of an `allOf`.
#[derive(Default)]
struct Merged {
    keywords: Map<String, Value>,
    unions: Vec<Map<String, Value>>,
    note: Option<&'static str>,
}

impl Merger<'_> {
    /// Merges `schema` with its `allOf` members and references inlined.
    fn merged(&mut self, schema: &Value, walk: &mut Walk) -> Merged {
        let mut merged = Merged::default();
        let mut own = schema.as_object().cloned().unwrap_or_default();
        let members = match own.shift_remove("allOf") {
            Some(Value::Array(members)) => members,
            _ => Vec::new(),
        };
        for member in members {
            merged.join(self.merged(&member, walk).of_member());
        }
        if let Some(Value::String(reference)) = own.shift_remove("$ref") {
            merged.join(self.followed(reference, walk).of_member());
        }
        merged.add(own);
        merged
    }

    fn followed(&mut self, reference: String, walk: &mut Walk) -> Merged {
        let dropped = |note| Merged {
            note: Some(note),
            ..Merged::default()
        };
        if walk.open.contains(&reference) {
            return dropped("circular reference; dropped");
        }
        if self.followed > FOLLOWED {
            return dropped("too many `allOf` references in the spec; dropped");
        }
        // Already inlined through another member.
        if !walk.used.insert(reference.clone()) {
            return Merged::default();
        }
        self.followed += 1;
        let target = Pointer::from_reference(&reference);
        let target = target.and_then(|target| target.find(self.document));
        walk.open.insert(reference.clone());
        let merged = self.merged(target.unwrap_or(&Value::Null), walk);
        walk.open.remove(&reference);
        merged
    }
}

/// The references followed while merging one `allOf`.
#[derive(Default)]
struct Walk {
    /// References being inlined.
    open: BTreeSet<String>,
    /// References already inlined.
    used: BTreeSet<String>,
}

/// The only reference in an `allOf`, if nothing else in the schema defines a type.
///
/// A bare `type: object` is ignored.
fn only_reference(schema: &Value) -> Option<&Value> {
    let makes_type = |schema: &&Value| {
        let said = without_texts(schema);
        said != json!({}) && said != json!({"type": "object"})
    };
    let mut own = schema.as_object()?.clone();
    own.shift_remove("allOf");
    if makes_type(&&Value::Object(own)) {
        return None;
    }
    let mut counted = schema["allOf"].as_array()?.iter().filter(makes_type);
    let only = counted.next()?;
    let is_reference = without_texts(only)
        .as_object()
        .is_some_and(|said| said.len() == 1);
    only.get("$ref")
        .filter(|_| is_reference && counted.next().is_none())
}

/// Whether a keyword only constrains values or is an extension, and so defines no type.
fn is_rule(key: &str) -> bool {
    matches!(
        key,
        "pattern"
            | "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "multipleOf"
            | "minLength"
            | "maxLength"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "minProperties"
            | "maxProperties"
    ) || key.starts_with("x-")
}

fn without_texts(schema: &Value) -> Value {
    let schema = schema.as_object().into_iter().flatten();
    let kept = schema.filter(|(key, _)| !TEXTS.contains(&key.as_str()) && !is_rule(key));
    Value::Object(
        kept.map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    )
}

impl Merged {
    /// Creates a merged schema from a single reference and the annotations of `schema`.
    fn of_reference(schema: &Value, reference: &Value) -> Self {
        let mut keywords = schema.as_object().cloned().unwrap_or_default();
        keywords.retain(|key, _| TEXTS.contains(&key.as_str()) || key.starts_with("x-"));
        keywords.insert("$ref".to_owned(), reference.clone());
        Self {
            keywords,
            ..Self::default()
        }
    }

    /// Adds the keywords of a schema without references.
    fn add(&mut self, mut schema: Map<String, Value>) {
        let mut union: Map<String, Value> = ["anyOf", "oneOf"]
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), schema.shift_remove(key)?)))
            .collect();
        if !union.is_empty() {
            if let Some(discriminator) = schema.shift_remove("discriminator") {
                union.insert("discriminator".to_owned(), discriminator);
            }
            self.unions.push(union);
        }
        for (key, value) in schema {
            self.say(key, value);
        }
    }

    /// Adds the keywords of a merged member.
    fn join(&mut self, member: Self) {
        for (key, value) in member.keywords {
            self.say(key, value);
        }
        self.unions.extend(member.unions);
        self.note = self.note.or(member.note);
    }

    /// Drops the annotations, which describe only the member.
    fn of_member(mut self) -> Self {
        self.keywords
            .retain(|key, _| !TEXTS.contains(&key.as_str()));
        self
    }

    fn say(&mut self, key: String, value: Value) {
        let Some(said) = self.keywords.get_mut(&key) else {
            self.keywords.insert(key, value);
            return;
        };
        match (key.as_str(), said, value) {
            ("properties", Value::Object(said), Value::Object(more)) => {
                for (name, more) in more {
                    match (said.get_mut(&name), more) {
                        (Some(Value::Object(property)), Value::Object(more))
                            if !property.contains_key("$ref") && !more.contains_key("$ref") =>
                        {
                            property.extend(more);
                        }
                        (_, more) => {
                            said.insert(name, more);
                        }
                    }
                }
            }
            ("required", Value::Array(said), Value::Array(more)) => {
                for name in more {
                    if !said.contains(&name) {
                        said.push(name);
                    }
                }
            }
            ("additionalProperties", said, more) => {
                if said.is_boolean() {
                    *said = more;
                } else if !more.is_boolean() && *said != more {
                    *said = json!({});
                }
            }
            ("type", said, more) => {
                if *said != more {
                    *said = narrower(said, &more);
                }
            }
            (_, said, more) => *said = more,
        }
    }

    /// Returns the merged schema and a note if part of it was lost.
    fn finish(mut self) -> (Value, Option<&'static str>) {
        let mut note = self.note;
        let is_conflict = self.keywords.get("type") == Some(&Value::Null);
        let has_object = self.keywords.contains_key("properties")
            || self.keywords.contains_key("additionalProperties");
        if is_conflict {
            self.keywords.retain(|key, _| TEXTS.contains(&key.as_str()));
            return (
                Value::Object(self.keywords),
                Some("members have no common type; treated as any JSON"),
            );
        }
        match (&self.unions[..], has_object) {
            ([], _) => {}
            ([only], false) => {
                for (key, value) in only.clone() {
                    self.keywords.insert(key, value);
                }
                self.keywords.shift_remove("required");
                return (Value::Object(self.keywords), note);
            }
            _ => {
                note = note.or(Some(
                    "a member is a union; its properties become additional properties",
                ));
                self.keywords
                    .insert("additionalProperties".to_owned(), json!({}));
            }
        }
        if has_object || self.keywords.contains_key("required") {
            self.keywords
                .entry("type")
                .or_insert_with(|| json!("object"));
        }
        (Value::Object(self.keywords), note)
    }
}

/// The types common to two `type` keywords, or null if there are none.
fn narrower(one: &Value, other: &Value) -> Value {
    let list = |types: &Value| match types {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    let other = list(other);
    let both = |name: &Value| {
        other.contains(name) || (name == "integer" && other.contains(&json!("number")))
    };
    let mut common: Vec<Value> = list(one).into_iter().filter(both).collect();
    if common.is_empty()
        && list(one).contains(&json!("number"))
        && other.contains(&json!("integer"))
    {
        common.push(json!("integer"));
    }
    match common.len() {
        0 => Value::Null,
        1 => common.remove(0),
        _ => Value::Array(common),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::testing::repaired;

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("{PREFIX}{name}")})
    }

    fn merged(schema: Value) -> (Value, Vec<String>) {
        let (mut document, notes) = repaired(
            repair,
            json!({"components": {"schemas": {
                "Base": {
                    "type": "object", "description": "A base.", "required": ["id"],
                    "properties": {"id": {"type": "string"}, "kind": {"type": "string"}},
                },
                "Named": {"allOf": [reference("Base"), {"properties": {"name": {"type": "string"}}}]},
                "Either": {"oneOf": [reference("Base"), reference("Named")]},
                "Loop": {"allOf": [reference("Loop"), {"properties": {"a": {}}}]},
                "Text": {"type": "string"},
                "X": schema,
            }}}),
        );
        let notes = notes.into_iter().filter(|note| note.contains("/X/"));
        (
            document["components"]["schemas"]["X"].take(),
            notes.collect(),
        )
    }

    #[test]
    fn merges_objects() {
        let (schema, notes) = merged(json!({
            "description": "Mine.",
            "allOf": [
                reference("Named"),
                {"required": ["kind"], "properties": {"kind": {"enum": ["a"]}}},
            ],
        }));
        assert_eq!(
            schema,
            json!({
                "type": "object",
                "required": ["id", "kind"],
                "properties": {
                    "id": {"type": "string"},
                    "kind": {"type": "string", "enum": ["a"]},
                    "name": {"type": "string"},
                },
                "description": "Mine.",
            })
        );
        assert!(notes.is_empty());
    }

    #[test]
    fn preserves_a_single_reference() {
        for schema in [
            json!({"allOf": [reference("Base")], "description": "Mine."}),
            json!({"type": "object", "allOf": [reference("Base")], "description": "Mine."}),
            json!({"allOf": [reference("Base"), {"description": "Not kept."}], "description": "Mine."}),
        ] {
            let (schema, _) = merged(schema);
            assert_eq!(
                schema,
                json!({"description": "Mine.", "$ref": format!("{PREFIX}Base")})
            );
        }
    }

    #[test]
    fn widens_members_that_cannot_be_merged() {
        let (schema, notes) = merged(json!({"allOf": [reference("Base"), reference("Either")]}));
        assert_eq!(schema["additionalProperties"], json!({}));
        assert_eq!(schema["properties"]["id"], json!({"type": "string"}));
        assert_eq!(notes.len(), 1);
        let (schema, notes) = merged(json!({"allOf": [reference("Text"), {"type": "integer"}]}));
        assert_eq!(schema, json!({}));
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn terminates_on_cycles() {
        let (schema, notes) = merged(json!({"allOf": [reference("X"), {"properties": {"a": {}}}]}));
        assert_eq!(schema, json!({"type": "object", "properties": {"a": {}}}));
        assert_eq!(notes.len(), 1);
        // Inlining the child would inline its own child.
        let child =
            json!({"allOf": [reference("Base"), reference("X"), {"properties": {"a": {}}}]});
        let (schema, notes) = merged(json!({"properties": {"child": child}}));
        assert_eq!(schema["properties"]["child"]["properties"]["a"], json!({}));
        assert_eq!(notes.len(), 1);
    }
}
