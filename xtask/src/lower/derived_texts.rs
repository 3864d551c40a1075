//! A property or a parameter without a text is described by what its name and its type say.
//!
//! The vendored document has no texts, and the overlays write them where there is something to say
//! that the document does not. The rest is told from the name, by rules, so that the same name reads
//! the same wherever it stands: `workflow_run_id` is the `Id of the workflow run`.

use serde_json::{Value, json};

use super::names::{type_name, words};
use super::stated_values::not_null;
use crate::document::{Kind, Order, for_each_mut};

/// Describes every property and every parameter that has no description.
pub(super) fn lower(document: &mut Value) {
    for_each_mut(document, Order::ChildrenFirst, |pointer, kind, node| {
        match kind {
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
            Kind::Parameter if is_without_text(node) => {
                let name = node["name"].as_str().unwrap_or_default();
                // The line that names the parameter says the bare words as well.
                if let Some(text) = ruled(&words(name), &node["schema"], None) {
                    node["description"] = json!(text);
                }
            }
            _ => {}
        }
    });
}

fn describe_properties(schema: &mut Value, subject: Option<&str>) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    let is_page = properties
        .as_ref()
        .is_some_and(|all| all.contains_key("list_metadata"));
    for (name, property) in properties.into_iter().flatten() {
        if is_without_text(property) {
            let words = words(name);
            let text = if is_page && name == "data" {
                "The items of the page.".to_owned()
            } else {
                ruled(&words, property, subject).unwrap_or_else(|| sentence(&spoken(&words)))
            };
            property["description"] = json!(text);
        }
    }
}

fn is_without_text(node: &Value) -> bool {
    let has_text = |text: &Value| text.as_str().is_some_and(|text| !text.trim().is_empty());
    node.is_object() && !has_text(&node["description"])
}

/// What a component is, in words: a request is about what it asks for, a reference about what it
/// leads to.
fn subject(component: &str) -> Option<String> {
    const ASKED: &[&str] = &[
        "cancel", "create", "generate", "publish", "set", "stream", "update", "upload",
    ];
    let name = words(&type_name(component));
    let mut name = &name[..];
    if let [rest @ .., last] = name
        && (last == "request" || last == "response")
    {
        name = rest;
        if let [first, rest @ ..] = name
            && ASKED.contains(&first.as_str())
        {
            name = rest;
        }
    }
    if let [rest @ .., last] = name
        && last == "ref"
    {
        name = rest;
    }
    (!name.is_empty()).then(|| spoken(name))
}

/// Properties that say something of the object around them.
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

/// Last words of names that say something of what stands before them.
const OF_REST: &[&str] = &[
    "email",
    "fingerprint",
    "hash",
    "index",
    "key",
    "kind",
    "method",
    "mode",
    "name",
    "number",
    "status",
    "type",
    "url",
    "version",
];

/// First words of names of booleans that ask for something.
const ASKS: &[&str] = &[
    "allow", "bust", "check", "fill", "flatten", "include", "promote", "skip", "use",
];

/// First words of names of booleans that state something.
const STATES: &[&str] = &["depends", "requires", "supports"];

/// The text for a name that a rule knows more of than its words.
fn ruled(name: &[String], schema: &Value, subject: Option<&str>) -> Option<String> {
    let name: Vec<&str> = name.iter().map(String::as_str).collect();
    let schema = not_null(schema);
    if schema["type"] == "boolean"
        && let Some(text) = boolean(&name)
    {
        return Some(text);
    }
    let is_number = matches!(schema["type"].as_str(), Some("integer" | "number"));
    let text = match &name[..] {
        [only] if OF_SUBJECT.contains(only) => format!("{} of the {}", spoken(&[*only]), subject?),
        ["from", rest @ .., "id"] if !rest.is_empty() => {
            format!("id of the {} that the changes start from", spoken(rest))
        }
        ["to", rest @ .., "id"] if !rest.is_empty() => {
            format!("id of the {} that the changes lead to", spoken(rest))
        }
        [rest @ .., "id"] if !rest.is_empty() => format!("id of the {}", spoken(rest)),
        [rest @ .., "ids"] if !rest.is_empty() => format!("ids of the {}", several(rest)),
        [rest @ .., "at"] if schema["format"] == "date-time" => when(rest)?,
        ["total", rest @ .., "count"] if is_number && !rest.is_empty() => {
            format!("total number of {}", several(rest))
        }
        [rest @ .., "count"] | ["n" | "num", rest @ ..] if is_number && !rest.is_empty() => {
            format!("number of {}", several(rest))
        }
        [rest @ .., unit @ ("ms" | "seconds" | "bytes")] if is_number && !rest.is_empty() => {
            let unit = if *unit == "ms" { "milliseconds" } else { unit };
            format!("{}, in {unit}", spoken(rest))
        }
        [rest @ .., last] if !rest.is_empty() && OF_REST.contains(last) => {
            format!("{} of the {}", spoken(&[*last]), spoken(rest))
        }
        _ => return None,
    };
    Some(sentence(&text))
}

fn boolean(name: &[&str]) -> Option<String> {
    let text = match name {
        ["is", rest @ ..] if !rest.is_empty() => format!("whether it is {}", spoken(rest)),
        ["has", rest @ ..] if !rest.is_empty() => format!("whether it has {}", spoken(rest)),
        [first, _, ..] if ASKS.contains(first) => format!("whether to {}", spoken(name)),
        [first, _, ..] if STATES.contains(first) => format!("whether it {}", spoken(name)),
        [rest @ .., last @ ("available" | "enabled" | "sensitive")] if !rest.is_empty() => {
            format!("whether {} is {last}", spoken(rest))
        }
        [only] => format!("whether it is {}", spoken(&[*only])),
        _ => return None,
    };
    Some(sentence(&text))
}

/// `created` is when it was created, `expires` is when it expires.
fn when(name: &[&str]) -> Option<String> {
    let last = name.last()?;
    Some(if last.ends_with("ed") {
        format!("when it was {}", spoken(name))
    } else if last.ends_with('s') {
        format!("when it {}", spoken(name))
    } else {
        format!("time of the {}", spoken(name))
    })
}

/// The words of a name as they stand in a sentence.
fn spoken<W: AsRef<str>>(words: &[W]) -> String {
    let words = words.iter().map(|word| match word.as_ref() {
        "api" => "API",
        "bbox" => "bounding box",
        "csv" => "CSV",
        "http" => "HTTP",
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

/// The same for several of what a name says.
fn several(words: &[&str]) -> String {
    let text = spoken(words);
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
    fn a_name_is_told_in_a_sentence() {
        let string = || json!({"type": "string"});
        let boolean = || json!({"type": "boolean"});
        let integer = || json!({"anyOf": [{"type": "integer"}, {"type": "null"}]});
        let time = || json!({"type": "string", "format": "date-time"});
        for (component, name, schema, told) in [
            ("WorkflowRun", "id", string(), "Id of the workflow run."),
            (
                "CreateWorkflowRequest",
                "name",
                string(),
                "Name of the workflow.",
            ),
            ("A", "workflow_run_id", string(), "Id of the workflow run."),
            (
                "A",
                "added_block_ids",
                json!({"type": "array"}),
                "Ids of the added blocks.",
            ),
            (
                "A",
                "from_edge_version_id",
                string(),
                "Id of the edge version that the changes start from.",
            ),
            ("A", "created_at", time(), "When it was created."),
            ("A", "expires_at", time(), "When it expires."),
            (
                "A",
                "last_activity_at",
                time(),
                "Time of the last activity.",
            ),
            ("A", "look_at", string(), "Look at."),
            ("A", "entry_count", integer(), "Number of entries."),
            ("A", "total_box_count", integer(), "Total number of boxes."),
            ("A", "duration_ms", integer(), "Duration, in milliseconds."),
            ("A", "block_type", string(), "Type of the block."),
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
                "Whether after is sensitive.",
            ),
            ("A", "downloadURL", string(), "URL of the download."),
            (
                "A",
                "json_inputs",
                json!({"type": "object"}),
                "JSON inputs.",
            ),
        ] {
            assert_eq!(text(component, name, schema), told, "{component} {name}");
        }
    }

    #[test]
    fn the_items_of_a_page_are_told() {
        let mut document = json!({"components": {"schemas": {"RunList": {"properties": {
            "data": {"type": "array"}, "list_metadata": {},
        }}}}});
        lower(&mut document);
        let properties = &document["components"]["schemas"]["RunList"]["properties"];
        assert_eq!(properties["data"]["description"], "The items of the page.");
        assert_eq!(text("Input", "data", json!({})), "Data.");
    }

    #[test]
    fn what_has_a_text_keeps_it() {
        let described = json!({"$ref": "#/components/schemas/A", "description": "The first one."});
        assert_eq!(text("A", "id", described), "The first one.");
        assert_eq!(
            text("A", "run", json!({"$ref": "#/components/schemas/A"})),
            "Run."
        );
    }

    #[test]
    fn a_parameter_is_told_where_a_rule_knows_more_than_its_name() {
        let mut document = json!({"paths": {"/runs": {"get": {"parameters": [
            {"in": "query", "name": "run_id", "schema": {"type": "string"}},
            {"in": "query", "name": "search", "schema": {"type": "string"}},
        ]}}}});
        lower(&mut document);
        let parameters = &document["paths"]["/runs"]["get"]["parameters"];
        assert_eq!(parameters[0]["description"], "Id of the run.");
        assert_eq!(parameters[1].get("description"), None);
    }
}
