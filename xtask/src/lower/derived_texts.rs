//! Derives descriptions of properties and parameters from their names and types.
//!
//! The vendored spec has no descriptions. The overlays add them where the name does not say enough.
//! For the rest, rules turn the name into a phrase, so a name reads the same everywhere:
//! `workflow_run_id` becomes `ID of the workflow run`.

use serde_json::{Value, json};

use super::names::{type_name, words};
use super::stated_values::not_null;
use crate::document::{Kind, Order, for_each_mut};

/// Describes properties and parameters that have no description.
///
/// Parameters that match no rule stay without one, because their setter already shows their name.
pub(super) fn lower(document: &mut Value) {
    for_each_mut(
        document,
        Order::ChildrenFirst,
        |pointer, kind, node| match kind {
            Kind::Schema if node.get("properties").is_some() => {
                let tokens: Vec<String> = pointer.tokens().collect();
                let subject = match &tokens[..] {
                    [components, schemas, name]
                        if components == "components" && schemas == "schemas" =>
                    {
                        subject(name)
                    }
                    _ => None,
                };
                describe_properties(node, subject.as_deref());
            }
            Kind::Parameter if lacks_description(node) => {
                let name = node["name"].as_str().unwrap_or_default();
                if let Some(phrase) = derived(&words(name), &node["schema"], None) {
                    node["description"] = json!(setter_sentence(&phrase));
                }
            }
            _ => {}
        },
    );
}

fn describe_properties(schema: &mut Value, subject: Option<&str>) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    let is_page = properties
        .as_ref()
        .is_some_and(|all| all.contains_key("list_metadata"));
    for (name, property) in properties.into_iter().flatten() {
        if lacks_description(property) {
            let words = words(name);
            let phrase = if is_page && name == "data" {
                "items of the page".to_owned()
            } else {
                derived(&words, property, subject).unwrap_or_else(|| phrase(&words))
            };
            property["description"] = json!(sentence(&phrase));
        }
    }
}

fn lacks_description(node: &Value) -> bool {
    let has_text = |text: &Value| text.as_str().is_some_and(|text| !text.trim().is_empty());
    node.is_object() && !has_text(&node["description"])
}

/// Returns the resource that a component describes.
///
/// Drops `Request`, `Response` and `Ref` suffixes, and the verb of a request.
fn subject(component: &str) -> Option<String> {
    const VERBS: &[&str] = &[
        "cancel", "create", "generate", "publish", "set", "stream", "update", "upload",
    ];
    let name = words(&type_name(component));
    let mut name = &name[..];
    if let [rest @ .., last] = name
        && (last == "request" || last == "response")
    {
        name = rest;
        if let [first, rest @ ..] = name
            && VERBS.contains(&first.as_str())
        {
            name = rest;
        }
    }
    if let [rest @ .., last] = name
        && last == "ref"
    {
        name = rest;
    }
    (!name.is_empty()).then(|| phrase(name))
}

/// Properties that describe the enclosing object.
const OF_SUBJECT: &[&str] = &[
    "color",
    "description",
    "height",
    "id",
    "kind",
    "label",
    "lifecycle",
    "metadata",
    "name",
    "state",
    "status",
    "timing",
    "title",
    "type",
    "version",
    "width",
];

/// First words of boolean options.
const IMPERATIVES: &[&str] = &[
    "allow", "bust", "check", "fill", "flatten", "include", "promote", "skip", "use",
];

/// First words of boolean statements.
const STATEMENTS: &[&str] = &["depends", "requires", "supports"];

/// Returns the phrase for a name that matches a rule.
fn derived(name: &[String], schema: &Value, subject: Option<&str>) -> Option<String> {
    let name: Vec<&str> = name.iter().map(String::as_str).collect();
    let schema = not_null(schema);
    if schema["type"] == "boolean"
        && let Some(phrase) = boolean(&name)
    {
        return Some(phrase);
    }
    let is_number = matches!(schema["type"].as_str(), Some("integer" | "number"));
    Some(match &name[..] {
        [only] if OF_SUBJECT.contains(only) => format!("{} of the {}", phrase(&[*only]), subject?),
        ["from", rest @ .., "id"] if !rest.is_empty() => {
            format!("ID of the base {}", phrase(rest))
        }
        ["to", rest @ .., "id"] if !rest.is_empty() => {
            format!("ID of the target {}", phrase(rest))
        }
        [rest @ .., "id"] if !rest.is_empty() => format!("ID of the {}", phrase(rest)),
        [rest @ .., "ids"] if !rest.is_empty() => format!("IDs of the {}", plural(rest)),
        [rest @ .., "at"] if schema["format"] == "date-time" => time(rest)?,
        ["total", rest @ .., "count"] if is_number && !rest.is_empty() => {
            format!("total number of {}", plural(rest))
        }
        [rest @ .., "count"] | ["n" | "num", rest @ ..] if is_number && !rest.is_empty() => {
            format!("number of {}", plural(rest))
        }
        [rest @ .., unit @ ("ms" | "seconds" | "bytes")] if is_number && !rest.is_empty() => {
            let unit = if *unit == "ms" { "milliseconds" } else { unit };
            format!("{} in {unit}", phrase(rest))
        }
        _ => return None,
    })
}

fn boolean(name: &[&str]) -> Option<String> {
    Some(match name {
        ["is", rest @ ..] if !rest.is_empty() => format!("whether it is {}", phrase(rest)),
        ["has", rest @ ..] if !rest.is_empty() => format!("whether it has {}", phrase(rest)),
        [first, _, ..] if IMPERATIVES.contains(first) => format!("whether to {}", phrase(name)),
        [first, _, ..] if STATEMENTS.contains(first) => format!("whether it {}", phrase(name)),
        ["before" | "after", "sensitive"] => {
            format!("whether the value {} the change is sensitive", name[0])
        }
        [rest @ .., last @ ("available" | "enabled" | "sensitive")] if !rest.is_empty() => {
            format!("whether {} is {last}", phrase(rest))
        }
        [only] => format!("whether it is {}", phrase(&[*only])),
        _ => return None,
    })
}

/// Returns the phrase for a timestamp: `created` becomes `creation time`.
fn time(name: &[&str]) -> Option<String> {
    let last = name.last()?;
    Some(match name {
        ["completed"] => "completion time".to_owned(),
        ["created"] => "creation time".to_owned(),
        ["expires"] => "expiration time".to_owned(),
        ["published"] => "publication time".to_owned(),
        ["reviewed"] => "review time".to_owned(),
        ["started"] => "start time".to_owned(),
        ["updated"] => "time of the last update".to_owned(),
        _ if last.ends_with("ed") => format!("time at which it was {}", phrase(name)),
        _ if last.ends_with('s') => format!("time at which it {}", phrase(name)),
        _ => format!("time of the {}", phrase(name)),
    })
}

/// Joins words into a phrase, with acronyms in their usual case.
fn phrase<W: AsRef<str>>(words: &[W]) -> String {
    let words = words.iter().map(|word| match word.as_ref() {
        "api" => "API",
        "bbox" => "bounding box",
        "csv" => "CSV",
        "http" => "HTTP",
        "id" => "ID",
        "ids" => "IDs",
        "iou" => "IoU",
        "json" => "JSON",
        "llm" => "LLM",
        "mime" => "MIME",
        "sha256" => "SHA-256",
        "url" => "URL",
        "yaml" => "YAML",
        word => word,
    });
    words.collect::<Vec<&str>>().join(" ")
}

/// Joins words into a phrase in the plural.
fn plural(words: &[&str]) -> String {
    let text = phrase(words);
    let stem = text
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match stem {
        _ if text.ends_with('s') => text,
        Some(stem) => format!("{stem}ies"),
        None if ["x", "ch", "sh"].iter().any(|end| text.ends_with(end)) => format!("{text}es"),
        None => format!("{text}s"),
    }
}

/// Describes a setter by the phrase for what it sets.
fn setter_sentence(phrase: &str) -> String {
    if phrase.starts_with("whether ") {
        format!("Sets {phrase}.")
    } else {
        format!("Sets the {phrase}.")
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(component: &str, name: &str, schema: Value) -> String {
        let mut document = json!({"components": {"schemas": {
            component: {"type": "object", "properties": {name: schema}},
        }}});
        lower(&mut document);
        let property = &document["components"]["schemas"][component]["properties"][name];
        property["description"].as_str().unwrap().to_owned()
    }

    #[test]
    fn derives_descriptions_from_names() {
        let string = || json!({"type": "string"});
        let boolean = || json!({"type": "boolean"});
        let integer = || json!({"anyOf": [{"type": "integer"}, {"type": "null"}]});
        let time = || json!({"type": "string", "format": "date-time"});
        for (component, name, schema, expected) in [
            ("WorkflowRun", "id", string(), "ID of the workflow run."),
            (
                "CreateWorkflowRequest",
                "name",
                string(),
                "Name of the workflow.",
            ),
            ("A", "workflow_run_id", string(), "ID of the workflow run."),
            (
                "A",
                "added_block_ids",
                json!({"type": "array"}),
                "IDs of the added blocks.",
            ),
            (
                "A",
                "from_edge_version_id",
                string(),
                "ID of the base edge version.",
            ),
            ("A", "created_at", time(), "Creation time."),
            ("A", "expires_at", time(), "Expiration time."),
            ("A", "archived_at", time(), "Time at which it was archived."),
            ("A", "ends_at", time(), "Time at which it ends."),
            (
                "A",
                "last_activity_at",
                time(),
                "Time of the last activity.",
            ),
            ("A", "look_at", string(), "Look at."),
            ("A", "entry_count", integer(), "Number of entries."),
            ("A", "total_box_count", integer(), "Total number of boxes."),
            ("A", "duration_ms", integer(), "Duration in milliseconds."),
            ("A", "block_type", string(), "Block type."),
            ("A", "is_stale", boolean(), "Whether it is stale."),
            (
                "A",
                "include_output",
                boolean(),
                "Whether to include output.",
            ),
            (
                "A",
                "after_sensitive",
                boolean(),
                "Whether the value after the change is sensitive.",
            ),
            ("A", "downloadURL", string(), "Download URL."),
            (
                "A",
                "json_inputs",
                json!({"type": "object"}),
                "JSON inputs.",
            ),
        ] {
            assert_eq!(
                text(component, name, schema),
                expected,
                "{component} {name}"
            );
        }
    }

    #[test]
    fn describes_items_of_page() {
        let mut document = json!({"components": {"schemas": {"RunList": {"properties": {
            "data": {"type": "array"}, "list_metadata": {},
        }}}}});
        lower(&mut document);
        let properties = &document["components"]["schemas"]["RunList"]["properties"];
        assert_eq!(properties["data"]["description"], "Items of the page.");
        assert_eq!(text("Input", "data", json!({})), "Data.");
    }

    #[test]
    fn preserves_existing_description() {
        let described = json!({"$ref": "#/components/schemas/A", "description": "The first one."});
        assert_eq!(text("A", "id", described), "The first one.");
        assert_eq!(
            text("A", "run", json!({"$ref": "#/components/schemas/A"})),
            "Run."
        );
    }

    #[test]
    fn describes_parameters_that_match_a_rule() {
        let mut document = json!({"paths": {"/runs": {"get": {"parameters": [
            {"in": "query", "name": "run_id", "schema": {"type": "string"}},
            {"in": "query", "name": "include_output", "schema": {"type": "boolean"}},
            {"in": "query", "name": "search", "schema": {"type": "string"}},
        ]}}}});
        lower(&mut document);
        let parameters = &document["paths"]["/runs"]["get"]["parameters"];
        assert_eq!(parameters[0]["description"], "Sets the ID of the run.");
        assert_eq!(
            parameters[1]["description"],
            "Sets whether to include output."
        );
        assert_eq!(parameters[2].get("description"), None);
    }
}
