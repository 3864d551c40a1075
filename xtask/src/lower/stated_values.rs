//! Appends defaults, limits and constants to property descriptions.
//!
//! Later passes drop these keywords, because only the service enforces them. The description still
//! documents them: `Default: 20. 1 to 100.`

use serde_json::Value;

use super::constants::listed;
use crate::document::{Order, for_each_schema_mut};

/// Appends the value constraints of every property to its description.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let properties = schema.get_mut("properties");
        let Some(properties) = properties.and_then(Value::as_object_mut) else {
            return;
        };
        for property in properties.values_mut().filter(|schema| schema.is_object()) {
            if let Some(stated) = stated_values(property) {
                property["description"] = described(property, Some(stated)).into();
            }
        }
    });
}

/// Returns the description of `node` followed by `stated`.
pub(crate) fn described(node: &Value, stated: Option<String>) -> Option<String> {
    let text = node["description"].as_str().map(str::trim);
    let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
    match (text, stated) {
        (Some(text), Some(stated)) => Some(format!("{text}\n\n{stated}")),
        (text, stated) => text.or(stated),
    }
}

/// Describes the value constraints of a schema in sentences, or returns `None` if there are none.
pub(crate) fn stated_values(schema: &Value) -> Option<String> {
    let inner = not_null(schema);
    let mut sentences = Vec::new();
    let fixed = fixed(inner);
    let is_fixed = fixed.is_some();
    sentences.extend(fixed);
    if !is_fixed {
        sentences.extend(default(schema).or_else(|| default(inner)));
        sentences.extend(range(inner, &RANGE));
        sentences.extend(range(inner, &LENGTH));
        sentences.extend(range(inner, &ITEMS));
        let step = number(&inner["multipleOf"]).map(|step| format!("A multiple of {step}."));
        sentences.extend(step);
        let pattern = inner["pattern"].as_str().and_then(code);
        sentences.extend(pattern.map(|pattern| format!("Matches {pattern}.")));
        let format = inner["format"].as_str().filter(|format| {
            inner["type"] == "string" && !matches!(*format, "date-time" | "binary")
        });
        sentences.extend(
            format
                .and_then(code)
                .map(|format| format!("Format: {format}.")),
        );
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The only non-null variant, or the schema itself.
pub(super) fn not_null(schema: &Value) -> &Value {
    let alternatives = ["anyOf", "oneOf"]
        .iter()
        .find_map(|keyword| schema[*keyword].as_array());
    let mut others = alternatives
        .into_iter()
        .flatten()
        .filter(|alternative| alternative["type"] != "null");
    match (others.next(), others.next()) {
        (Some(only), None) => only,
        _ => schema,
    }
}

/// A sentence for a constant or for an enum that does not become a type.
fn fixed(schema: &Value) -> Option<String> {
    let values = listed(schema);
    if values.len() > 1 && values.iter().all(|value| value.is_string()) {
        return None;
    }
    let values: Option<Vec<String>> = values.into_iter().map(json).collect();
    match &values?[..] {
        [] => None,
        [only] => Some(format!("Always {only}.")),
        several => Some(format!("One of {}.", several.join(", "))),
    }
}

fn default(schema: &Value) -> Option<String> {
    let default = schema.get("default").filter(|default| !default.is_null())?;
    Some(format!("Default: {}.", json(default)?))
}

/// A pair of lower and upper bound keywords and their unit.
struct Bounds {
    least: &'static str,
    most: &'static str,
    one: &'static str,
    several: &'static str,
}

const RANGE: Bounds = Bounds {
    least: "minimum",
    most: "maximum",
    one: "",
    several: "",
};
const LENGTH: Bounds = Bounds {
    least: "minLength",
    most: "maxLength",
    one: " character",
    several: " characters",
};
const ITEMS: Bounds = Bounds {
    least: "minItems",
    most: "maxItems",
    one: " item",
    several: " items",
};

fn range(schema: &Value, bounds: &Bounds) -> Option<String> {
    let of = |count: &str| {
        if count == "1" {
            bounds.one
        } else {
            bounds.several
        }
    };
    let least = number(&schema[bounds.least]);
    let most = number(&schema[bounds.most]);
    let above = number(&schema["exclusiveMinimum"]).filter(|_| bounds.least == "minimum");
    let below = number(&schema["exclusiveMaximum"]).filter(|_| bounds.most == "maximum");
    let lower = match (least, above) {
        (Some(least), _) => Some((least, "At least")),
        (None, above) => above.map(|above| (above, "More than")),
    };
    let upper = match (most, below) {
        (Some(most), _) => Some((most, "at most")),
        (None, below) => below.map(|below| (below, "less than")),
    };
    match (lower, upper) {
        (Some((least, "At least")), Some((most, "at most"))) if least == most => {
            Some(format!("Exactly {most}{}.", of(&most)))
        }
        (Some((least, "At least")), Some((most, "at most"))) => {
            Some(format!("{least} to {most}{}.", of(&most)))
        }
        (Some((least, from)), Some((most, to))) => Some(format!("{from} {least}, {to} {most}.")),
        (Some((least, from)), None) => Some(format!("{from} {least}{}.", of(&least))),
        (None, Some((most, to))) => {
            let to = if to == "at most" {
                "At most"
            } else {
                "Less than"
            };
            Some(format!("{to} {most}{}.", of(&most)))
        }
        (None, None) => None,
    }
}

fn number(value: &Value) -> Option<String> {
    value.as_number().map(ToString::to_string)
}

/// Formats a value as code: a string unquoted, anything else as JSON.
fn json(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() => Some("the empty string".to_owned()),
        Value::String(text) => code(text),
        value => code(&value.to_string()),
    }
}

/// Formats a string as code, unless it is too long or cannot be quoted.
fn code(text: &str) -> Option<String> {
    const LONGEST: usize = 80;
    let fits = text.len() <= LONGEST && !text.contains(['`', '\n', '\r']);
    fits.then(|| format!("`{text}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn appends_constraints_to_descriptions() {
        let mut document = json!({"components": {"schemas": {"Page": {"properties": {
            "limit": {"type": "integer", "description": "How many.", "default": 20, "minimum": 1, "maximum": 100},
            "kind": {"const": "file"},
            "id": {"type": "string"},
        }}}}});
        lower(&mut document);
        let properties = &document["components"]["schemas"]["Page"]["properties"];
        assert_eq!(
            properties["limit"]["description"],
            "How many.\n\nDefault: `20`. 1 to 100."
        );
        assert_eq!(properties["kind"]["description"], "Always `file`.");
        assert_eq!(properties["id"], json!({"type": "string"}));
    }

    #[test]
    fn describes_each_constraint() {
        for (schema, sentence) in [
            (json!({"exclusiveMinimum": 0}), Some("More than 0.")),
            (
                json!({"exclusiveMinimum": 0, "maximum": 1.5}),
                Some("More than 0, at most 1.5."),
            ),
            (json!({"exclusiveMaximum": 9}), Some("Less than 9.")),
            (json!({"minLength": 1}), Some("At least 1 character.")),
            (
                json!({"minLength": 2, "maxLength": 2}),
                Some("Exactly 2 characters."),
            ),
            (json!({"maxItems": 10}), Some("At most 10 items.")),
            (json!({"multipleOf": 5}), Some("A multiple of 5.")),
            (json!({"pattern": "^a+$"}), Some("Matches `^a+$`.")),
            (json!({"pattern": "`"}), None),
            (
                json!({"type": "string", "format": "uri"}),
                Some("Format: `uri`."),
            ),
            (json!({"type": "string", "format": "date-time"}), None),
            (json!({"enum": [3, 5, 7]}), Some("One of `3`, `5`, `7`.")),
            (json!({"enum": ["a", "b"]}), None),
            (json!({"enum": ["a"], "default": "a"}), Some("Always `a`.")),
            (json!({"default": ""}), Some("Default: the empty string.")),
            (json!({"default": null}), None),
            (
                json!({"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}], "default": "x"}),
                Some("Default: `x`. At most 200 characters."),
            ),
            (json!({"anyOf": [{"maxLength": 1}, {"maxLength": 2}]}), None),
            (json!({}), None),
        ] {
            assert_eq!(stated_values(&schema).as_deref(), sentence, "{schema}");
        }
    }
}
