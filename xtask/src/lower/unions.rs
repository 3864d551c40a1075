//! Replaces unions with placeholders that the code generation turns into enums.
//!
//! The generator emits enums that try their variants in order: a missing or new tag selects the
//! first match and loses the rest of the object. This pass replaces each union component with an
//! object that has one required property per variant. The generator emits a struct whose fields have
//! the Rust types of the variants. [`UNION`] describes how to distinguish them, and the code
//! generation replaces the struct with an enum that does so.
//!
//! The tag comes from the discriminator, or is inferred if every variant has the same property with
//! a different constant. If only such unions refer to a variant, its tag property is dropped, since
//! the enum writes it. Untagged variants are distinguished by JSON type, and several objects by their
//! properties. For example, an experiment summary contains `likelihoods` for an extraction block, but
//! `diag` and `flows` for a classification block. All are optional, so an object without any of them
//! stays unknown. Unions with indistinguishable variants become any JSON.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::component_names::PREFIX;
use super::extensions::UNION;
use super::unreachable::references;
use super::{constants, names};

/// The content of the extension [`UNION`]: how to distinguish the variants of a union.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Union {
    /// How to select the variant of a value.
    pub(crate) distinction: Distinction,
    /// The variants, in the order of the spec.
    pub(crate) variants: Vec<Variant>,
}

/// How to select the variant of a value.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Distinction {
    /// By the tag property of this name.
    Tag(String),
    /// By JSON type, or by properties for objects.
    Shape,
}

/// One variant of a union.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Variant {
    /// The name of the variant in Rust.
    pub(crate) name: String,
    /// The placeholder property with the type of the variant.
    pub(crate) property: String,
    /// The tag value; empty in an untagged union.
    #[serde(default)]
    pub(crate) tag: String,
    /// Whether the type of the variant contains the tag as a field.
    #[serde(default)]
    pub(crate) has_tag: bool,
    /// The JSON type of the variant; empty in a tagged union.
    #[serde(default)]
    pub(crate) shape: String,
    /// The properties of the variant; empty unless several variants are objects.
    #[serde(default)]
    pub(crate) properties: Vec<String>,
}

/// Replaces every union component with a placeholder.
pub(super) fn lower(document: &mut Value) {
    let schemas = match document.pointer_mut("/components/schemas").map(Value::take) {
        Some(Value::Object(schemas)) => schemas,
        _ => Map::new(),
    };
    let unions: Vec<(String, Option<Union>)> = schemas
        .iter()
        .filter(|(_, schema)| variants(schema).is_some())
        .map(|(name, schema)| (name.clone(), read_union(&schemas, name, schema)))
        .collect();
    document["components"]["schemas"] = Value::Object(schemas);
    let owned = owned_tags(document, &unions);
    drop_owned_tags(document, &owned);
    for (name, union) in unions {
        let schema = &mut document["components"]["schemas"][&name];
        *schema = placeholder(schema, union, &owned);
    }
}

/// Reads the union from its placeholder in a lowered spec.
fn read(schema: &Value) -> Option<Union> {
    serde_json::from_value(schema.get(UNION)?.clone()).ok()
}

/// Returns the unions of a lowered spec by component name.
pub(crate) fn unions(document: &Value) -> HashMap<String, Union> {
    let schemas = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten();
    schemas
        .filter_map(|(name, schema)| Some((name.clone(), read(schema)?)))
        .collect()
}

fn variants(schema: &Value) -> Option<&Vec<Value>> {
    schema["oneOf"]
        .as_array()
        .or_else(|| schema["anyOf"].as_array())
}

fn component(variant: &Value) -> Option<&str> {
    variant["$ref"].as_str()?.strip_prefix(PREFIX)
}

/// Determines how to distinguish the variants of a union, or returns `None` if it is not possible.
pub(crate) fn read_union(
    schemas: &Map<String, Value>,
    name: &str,
    schema: &Value,
) -> Option<Union> {
    let all = variants(schema)?;
    if is_variant_of_itself(schemas, name, all) {
        return None;
    }
    tagged(schemas, schema, all).or_else(|| by_shape(schemas, all))
}

/// Whether a union contains itself as a variant, directly or through other unions.
fn is_variant_of_itself(schemas: &Map<String, Value>, name: &str, all: &[Value]) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    let mut open: Vec<&str> = all.iter().filter_map(component).collect();
    while let Some(next) = open.pop() {
        if next == name {
            return true;
        }
        if !seen.contains(&next) {
            seen.push(next);
            let inner = schemas.get(next).and_then(variants);
            open.extend(inner.into_iter().flatten().filter_map(component));
        }
    }
    false
}

/// Whether a component can contain a tag property: an object or a union.
fn can_be_tagged(schema: &Value) -> bool {
    variants(schema).is_some() || shape(schema).is_none_or(|shape| shape == "object")
}

fn tagged(schemas: &Map<String, Value>, schema: &Value, all: &[Value]) -> Option<Union> {
    let components: Vec<&str> = all.iter().map(component).collect::<Option<_>>()?;
    if !components
        .iter()
        .all(|name| schemas.get(*name).is_some_and(can_be_tagged))
    {
        return None;
    }
    let discriminator = &schema["discriminator"];
    let tag = match discriminator["propertyName"].as_str() {
        Some(tag) => tag.to_owned(),
        None => inferred_tag(schemas, &components)?,
    };
    let mut variants = Vec::new();
    for component in components {
        let mapped = discriminator["mapping"].as_object().into_iter().flatten();
        let mut values: Vec<String> = mapped
            .filter(|(_, target)| target.as_str() == Some(&format!("{PREFIX}{component}")))
            .map(|(value, _)| value.clone())
            .collect();
        if values.is_empty() {
            values = tag_values(&schemas.get(component)?["properties"][&tag]);
        }
        if values.is_empty() {
            values.push(component.to_owned());
        }
        for value in values {
            let known = |variant: &Variant| variant.tag == value;
            if !variants.iter().any(known) {
                variants.push(Variant {
                    name: names::type_name(&value),
                    property: component.to_owned(),
                    tag: value,
                    has_tag: true,
                    shape: String::new(),
                    properties: Vec::new(),
                });
            }
        }
    }
    name_apart(&mut variants);
    Some(Union {
        distinction: Distinction::Tag(tag),
        variants,
    })
}

/// The property that has a different constant in every variant.
fn inferred_tag(schemas: &Map<String, Value>, components: &[&str]) -> Option<String> {
    let properties = |component: &str| schemas.get(component)?["properties"].as_object();
    let is_tag = |name: &str| {
        let mut values = Vec::new();
        for component in components {
            let property = properties(component).and_then(|properties| properties.get(name));
            match tag_values(property.unwrap_or(&Value::Null))[..] {
                [ref value] if !values.contains(value) => values.push(value.clone()),
                _ => return false,
            }
        }
        true
    };
    let first = properties(components.first()?)?;
    ["type", "kind", "object"]
        .into_iter()
        .chain(first.keys().map(String::as_str))
        .find(|name| is_tag(name))
        .map(str::to_owned)
}

fn tag_values(property: &Value) -> Vec<String> {
    let listed = constants::listed(property);
    listed
        .into_iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Reads a union whose variants are distinguished by JSON type, or by properties for objects.
fn by_shape(schemas: &Map<String, Value>, all: &[Value]) -> Option<Union> {
    let mut variants: Vec<Variant> = Vec::new();
    for variant in all {
        let target = match component(variant) {
            Some(name) => schemas.get(name)?,
            None => variant,
        };
        let shape = shape(target)?;
        variants.push(Variant {
            name: names::type_name(component(variant).unwrap_or(shape)),
            property: component(variant).unwrap_or(shape).to_owned(),
            tag: String::new(),
            has_tag: false,
            shape: shape.to_owned(),
            properties: Vec::new(),
        });
    }
    let objects: Vec<usize> = (0..all.len())
        .filter(|index| variants[*index].shape == "object")
        .collect();
    let others = variants.iter().filter(|variant| variant.shape != "object");
    let mut shapes: Vec<&str> = others.map(|variant| variant.shape.as_str()).collect();
    shapes.sort_unstable();
    if shapes.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    if objects.len() > 1 {
        for index in objects {
            let properties = schemas.get(component(&all[index])?)?["properties"].as_object()?;
            variants[index].properties = properties.keys().cloned().collect();
        }
    }
    shorten(&mut variants);
    name_apart(&mut variants);
    Some(Union {
        distinction: Distinction::Shape,
        variants,
    })
}

fn shape(schema: &Value) -> Option<&'static str> {
    match schema["type"].as_str() {
        Some("string") => Some("string"),
        Some("integer") => Some("integer"),
        Some("number") => Some("number"),
        Some("boolean") => Some("boolean"),
        Some("array") => Some("array"),
        Some("object") => Some("object"),
        None if schema.get("properties").is_some() => Some("object"),
        None if schema.get("enum").is_some() => Some("string"),
        _ => None,
    }
}

/// Removes the leading and trailing words common to all names.
fn shorten(variants: &mut [Variant]) {
    let all: Vec<Vec<String>> = variants
        .iter()
        .map(|variant| names::words(&variant.name))
        .collect();
    let Some(shortest) = all.iter().map(Vec::len).min() else {
        return;
    };
    let same = |index: &dyn Fn(&Vec<String>) -> usize| {
        all.iter()
            .all(|words| words[index(words)] == all[0][index(&all[0])])
    };
    let head = (0..shortest).take_while(|at| same(&|_| *at)).count();
    let tail = (1..=shortest - head)
        .take_while(|at| same(&|words| words.len() - at))
        .count();
    if head + tail < shortest {
        for (variant, words) in variants.iter_mut().zip(all) {
            variant.name = names::type_name(&words[head..words.len() - tail].join("_"));
        }
    }
}

/// Numbers variants with equal names; `Unknown` is reserved for the variant added by the enum.
fn name_apart(variants: &mut [Variant]) {
    let mut taken = vec!["Unknown".to_owned()];
    for variant in variants {
        variant.name = names::first_free(&variant.name, |name| taken.contains(&name.to_owned()));
        taken.push(variant.name.clone());
    }
}

/// Maps components referenced only by unions with the same tag to that tag.
fn owned_tags(document: &Value, unions: &[(String, Option<Union>)]) -> HashMap<String, String> {
    let mut by_unions: HashMap<(&str, &str), usize> = HashMap::new();
    for (name, union) in unions {
        let Some(Union {
            distinction: Distinction::Tag(tag),
            ..
        }) = union
        else {
            continue;
        };
        let schema = &document["components"]["schemas"][name];
        for component in variants(schema).into_iter().flatten().filter_map(component) {
            *by_unions.entry((component, tag)).or_default() += 1;
        }
    }
    let mut in_all: HashMap<String, usize> = HashMap::new();
    for name in references(document) {
        *in_all.entry(name).or_default() += 1;
    }
    by_unions
        .into_iter()
        .filter(|((component, _), count)| in_all.get(*component) == Some(count))
        .map(|((component, tag), _)| (component.to_owned(), tag.to_owned()))
        .collect()
}

fn drop_owned_tags(document: &mut Value, owned: &HashMap<String, String>) {
    for (component, tag) in owned {
        let schema = &mut document["components"]["schemas"][component];
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.shift_remove(tag);
        }
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name.as_str() != Some(tag));
        }
    }
}

/// Returns an object with one property per variant, or any JSON without a union.
fn placeholder(schema: &Value, union: Option<Union>, owned: &HashMap<String, String>) -> Value {
    let mut placeholder = Map::new();
    if let Some(description) = schema.get("description") {
        placeholder.insert("description".to_owned(), description.clone());
    }
    let Some(mut union) = union else {
        return Value::Object(placeholder);
    };
    let all = variants(schema).map(Vec::as_slice).unwrap_or_default();
    let mut properties = Map::new();
    for (index, variant) in union.variants.iter_mut().enumerate() {
        let is_variant = |schema: &&Value| component(schema) == Some(&variant.property);
        let schema = all.iter().find(is_variant).or_else(|| all.get(index));
        variant.has_tag = variant.has_tag && !owned.contains_key(&variant.property);
        variant.property = format!("variant_{index}");
        properties.insert(
            variant.property.clone(),
            schema.cloned().unwrap_or_else(|| json!({})),
        );
    }
    placeholder.insert("type".to_owned(), json!("object"));
    placeholder.insert("required".to_owned(), properties.keys().cloned().collect());
    placeholder.insert("properties".to_owned(), Value::Object(properties));
    placeholder.insert(UNION.to_owned(), json!(union));
    Value::Object(placeholder)
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
    fn replaces_discriminated_unions_and_drops_their_tags() {
        let schemas = lowered(json!({
            "Lifecycle": {
                "description": "The run state.",
                "oneOf": [reference("Pending"), reference("AwaitingReview")],
                "discriminator": {"propertyName": "status", "mapping": {
                    "awaiting_review": format!("{PREFIX}AwaitingReview"),
                    "pending": format!("{PREFIX}Pending"),
                }},
            },
            "Pending": {
                "required": ["status"], "properties": {"status": {"const": "pending"}, "since": {}},
            },
            "AwaitingReview": {"properties": {"status": {"const": "awaiting_review"}}},
        }));
        assert_eq!(
            schemas,
            json!({
                "Lifecycle": {
                    "description": "The run state.",
                    "type": "object",
                    "required": ["variant_0", "variant_1"],
                    "properties": {
                        "variant_0": reference("Pending"),
                        "variant_1": reference("AwaitingReview"),
                    },
                    "x-union": {
                        "distinction": {"tag": "status"},
                        "variants": [
                            {
                                "name": "Pending", "property": "variant_0", "tag": "pending",
                                "has_tag": false, "shape": "", "properties": [],
                            },
                            {
                                "name": "AwaitingReview", "property": "variant_1", "tag": "awaiting_review",
                                "has_tag": false, "shape": "", "properties": [],
                            },
                        ],
                    },
                },
                "Pending": {"required": [], "properties": {"since": {}}},
                "AwaitingReview": {"properties": {}},
            })
        );
    }

    #[test]
    fn preserves_tags_of_variants_used_elsewhere() {
        let schemas = lowered(json!({
            "Input": {
                "oneOf": [reference("Json"), reference("File")],
                "discriminator": {"propertyName": "type"},
            },
            "Json": {"properties": {"type": {"const": "json"}}},
            "File": {"properties": {"type": {"enum": ["file", "document"]}}},
            "Step": {"properties": {"file": reference("File")}},
        }));
        let union = read(&schemas["Input"]).unwrap();
        let variants: Vec<_> = union
            .variants
            .iter()
            .map(|variant| (variant.name.as_str(), variant.tag.as_str(), variant.has_tag))
            .collect();
        assert_eq!(
            variants,
            [
                ("Json", "json", false),
                ("File", "file", true),
                ("Document", "document", true)
            ]
        );
        assert_eq!(
            schemas["File"]["properties"]["type"],
            json!({"enum": ["file", "document"]})
        );
        assert_eq!(
            schemas["Input"]["properties"]["variant_2"],
            reference("File")
        );
    }

    #[test]
    fn infers_tag_from_distinct_constants() {
        let schemas = lowered(json!({
            "Input": {"anyOf": [reference("Json"), reference("File")]},
            "Json": {"properties": {"version": {"const": "1"}, "type": {"const": "json"}}},
            "File": {"properties": {"version": {"const": "1"}, "type": {"const": "file"}}},
        }));
        let union = read(&schemas["Input"]).unwrap();
        assert_eq!(union.distinction, Distinction::Tag("type".to_owned()));
    }

    #[test]
    fn distinguishes_untagged_variants_by_shape() {
        let schemas = lowered(json!({
            "Key": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "Aggregate": {"anyOf": [reference("ExtractAggregate"), reference("ConfusionAggregate")]},
            "ExtractAggregate": {"type": "object", "properties": {"accuracy": {}, "count": {}}},
            "ConfusionAggregate": {"type": "object", "properties": {"matrix": {}}},
        }));
        let key = read(&schemas["Key"]).unwrap();
        assert_eq!(key.distinction, Distinction::Shape);
        assert_eq!(key.variants[1].shape, "integer");
        let aggregate = read(&schemas["Aggregate"]).unwrap();
        assert_eq!(aggregate.variants[0].name, "Extract");
        assert_eq!(aggregate.variants[0].properties, ["accuracy", "count"]);
        assert_eq!(aggregate.variants[1].name, "Confusion");
    }

    #[test]
    fn widens_indistinguishable_variants() {
        let schemas = lowered(json!({
            "Either": {"anyOf": [
                {"type": "array", "items": {"type": "string"}},
                {"type": "array", "items": {"type": "integer"}},
            ]},
        }));
        assert_eq!(schemas["Either"], json!({}));
    }

    #[test]
    fn widens_recursive_unions() {
        let schemas = lowered(json!({
            "Outer": {"oneOf": [reference("Inner"), reference("File")], "discriminator": {"propertyName": "type"}},
            "Inner": {"oneOf": [reference("Outer"), reference("File")], "discriminator": {"propertyName": "type"}},
            "File": {"properties": {"type": {"const": "file"}}},
        }));
        assert_eq!(schemas["Outer"], json!({}));
        assert_eq!(schemas["Inner"], json!({}));
    }

    #[test]
    fn ignores_discriminators_of_non_objects() {
        let schemas = lowered(json!({
            "Either": {"oneOf": [reference("Text"), reference("File")], "discriminator": {"propertyName": "type"}},
            "Text": {"type": "string"},
            "File": {"type": "object", "properties": {"type": {"const": "file"}}},
        }));
        let union = read(&schemas["Either"]).unwrap();
        assert_eq!(union.distinction, Distinction::Shape);
    }
}
