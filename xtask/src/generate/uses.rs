//! Finds where the types of the spec are used: in requests, responses, parameters and fields of other types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operation_table::Operation;
use crate::document::for_each_operation;
use crate::lower::{Distinction, Union, names, references, unions};

/// Maximum number of places listed per kind. The rest is counted.
const MAX_LISTED: usize = 3;

/// The places that use a type, as rustdoc links.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Operations that return it.
    responses: Vec<String>,
    /// Operations whose inline response schema contains it.
    in_responses: Vec<String>,
    /// Operations that accept it as their body.
    request_bodies: Vec<String>,
    /// Operations by parameter name.
    parameters: BTreeMap<String, Vec<String>>,
    /// Union variants that wrap it.
    variants: Vec<String>,
    /// Types by field name.
    fields: BTreeMap<String, Vec<String>>,
    /// Types that contain it outside of their fields.
    within: Vec<String>,
}

/// Returns the uses of every component of a lowered spec, by component name.
pub(super) fn of_types(document: &Value, operations: &[Operation]) -> BTreeMap<String, Uses> {
    let mut uses = BTreeMap::new();
    in_operations(document, operations, &mut uses);
    in_schemas(document, &mut uses);
    uses
}

fn in_operations(document: &Value, operations: &[Operation], uses: &mut BTreeMap<String, Uses>) {
    let links: BTreeMap<&str, String> = operations
        .iter()
        .map(
            |Operation {
                 id, method, path, ..
             }| {
                (
                    id.as_str(),
                    format!("[`{method} {path}`](crate::Client::{id})"),
                )
            },
        )
        .collect();
    for_each_operation(document, |_, _, operation| {
        let Some(link) = operation["operationId"]
            .as_str()
            .and_then(|id| links.get(id))
        else {
            return;
        };
        let response = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
        for name in references(response) {
            let uses = uses.entry(name).or_default();
            if response.get("$ref").is_some() {
                add(&mut uses.responses, link);
            } else {
                add(&mut uses.in_responses, link);
            }
        }
        for name in references(&operation["requestBody"]) {
            add(&mut uses.entry(name).or_default().request_bodies, link);
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter_name = parameter["name"].as_str().unwrap_or_default();
            for name in references(&parameter["schema"]) {
                let parameters = &mut uses.entry(name).or_default().parameters;
                add(
                    parameters.entry(parameter_name.to_owned()).or_default(),
                    link,
                );
            }
        }
    });
}

fn in_schemas(document: &Value, uses: &mut BTreeMap<String, Uses>) {
    let unions = unions(document);
    let schemas = document["components"]["schemas"].as_object();
    for (holder, schema) in schemas.into_iter().flatten() {
        let link = format!("[`{holder}`]");
        let mut rest = schema.clone();
        let properties = rest
            .as_object_mut()
            .and_then(|rest| rest.remove("properties"));
        for (property, schema) in properties
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            for name in references(schema) {
                let uses = uses.entry(name).or_default();
                match unions.get(holder) {
                    Some(union) => add_variant(&mut uses.variants, holder, union, property),
                    None => add(uses.fields.entry(property.clone()).or_default(), &link),
                }
            }
        }
        for name in references(&rest) {
            if name != *holder {
                add(&mut uses.entry(name).or_default().within, &link);
            }
        }
    }
}

fn add_variant(variants: &mut Vec<String>, holder: &str, union: &Union, property: &str) {
    let variant = union
        .variants
        .iter()
        .find(|variant| variant.property == property);
    if let Some(variant) = variant {
        let link = format!("[`{holder}::{}`]", variant.name);
        add(
            variants,
            &match &union.distinction {
                Distinction::Tag(tag) => format!("{link} (`{tag}` is `{}`)", variant.tag),
                Distinction::Shape => link,
            },
        );
    }
}

fn add(list: &mut Vec<String>, entry: &str) {
    if !list.iter().any(|known| known == entry) {
        list.push(entry.to_owned());
    }
}

impl Uses {
    /// Describes the uses in sentences. Returns `None` if there are none.
    ///
    /// `page_of` is the item type if the type is a page.
    pub(super) fn summary(&self, page_of: Option<&str>) -> Option<String> {
        let mut sentences = Vec::new();
        if let Some(item) = page_of {
            sentences.push(format!("A page of [`{item}`] items."));
        }
        let mut push = |role: &str, places: &[String]| {
            if !places.is_empty() {
                sentences.push(format!("{role} {}.", listed(places)));
            }
        };
        push("Response of", &self.responses);
        push("Part of the response of", &self.in_responses);
        push("Request body of", &self.request_bodies);
        push("Payload of", &self.variants);
        for (name, places) in &self.fields {
            push(&format!("The `{name}` field of"), places);
        }
        for (name, places) in &self.parameters {
            push(&format!("The `{name}` parameter of"), places);
        }
        push("Part of", &self.within);
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

/// Formats places as `a, b and c`, or `a, b, c and 4 more`.
fn listed(places: &[String]) -> String {
    let rest = places.len().saturating_sub(MAX_LISTED);
    // A single remaining place takes no more room than "and 1 more".
    let named = if rest == 1 {
        places.len()
    } else {
        places.len() - rest
    };
    match (&places[..named], rest) {
        ([only], _) => only.clone(),
        (named, 2..) => format!("{} and {rest} more", named.join(", ")),
        ([first @ .., last], _) => format!("{} and {last}", first.join(", ")),
        ([], _) => String::new(),
    }
}

/// Returns the item type if the schema is a page.
pub(super) fn page_of(schema: &Value) -> Option<String> {
    let properties = schema.get("properties")?;
    properties.get("list_metadata")?;
    let items = &properties.get("data")?["items"];
    references(items).pop().map(|name| names::type_name(&name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::operation_table;
    use serde_json::json;

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    fn summaries() -> BTreeMap<String, String> {
        let response =
            |schema: Value| json!({"2XX": {"content": {"application/json": {"schema": schema}}}});
        let document = json!({
            "paths": {"/runs": {
                "get": {
                    "operationId": "list_runs",
                    "parameters": [{"in": "query", "name": "order", "schema": reference("Order")}],
                    "responses": response(reference("RunList")),
                },
                "post": {
                    "operationId": "create_runs",
                    "requestBody": {"content": {"application/json": {"schema": reference("Order")}}},
                    "responses": response(json!({"type": "array", "items": reference("Run")})),
                },
            }},
            "components": {"schemas": {
                "Order": {"type": "string"},
                "Run": {"properties": {"lifecycle": reference("Lifecycle"), "next": reference("Run")}},
                "RunList": {"properties": {
                    "data": {"type": "array", "items": reference("Run")},
                    "list_metadata": {},
                }},
                "Lifecycle": {
                    "properties": {"variant_0": reference("Pending")},
                    "x-union": {"distinction": {"tag": "status"}, "variants": [
                        {"name": "Pending", "property": "variant_0", "tag": "pending"},
                    ]},
                },
            }},
        });
        let uses = of_types(&document, &operation_table::read(&document));
        uses.iter()
            .map(|(name, uses)| {
                let page_of = page_of(&document["components"]["schemas"][name]);
                (name.clone(), uses.summary(page_of.as_deref()).unwrap())
            })
            .collect()
    }

    #[test]
    fn summarizes_every_kind_of_use() {
        let list = "[`GET /runs`](crate::Client::list_runs)";
        let create = "[`POST /runs`](crate::Client::create_runs)";
        assert_eq!(
            summaries(),
            BTreeMap::from(
                [
                    (
                        "Order",
                        format!("Request body of {create}. The `order` parameter of {list}.")
                    ),
                    (
                        "Run",
                        format!(
                            "Part of the response of {create}. The `data` field of [`RunList`]. The `next` field of [`Run`]."
                        )
                    ),
                    ("RunList", format!("A page of [`Run`] items. Response of {list}.")),
                    ("Lifecycle", "The `lifecycle` field of [`Run`].".to_owned()),
                    (
                        "Pending",
                        "Payload of [`Lifecycle::Pending`] (`status` is `pending`).".to_owned()
                    ),
                ]
                .map(|(name, summary)| (name.to_owned(), summary))
            )
        );
    }

    #[test]
    fn counts_places_beyond_limit() {
        let places: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).into();
        assert_eq!(listed(&places[..1]), "a");
        assert_eq!(listed(&places[..3]), "a, b and c");
        assert_eq!(listed(&places[..4]), "a, b, c and d");
        assert_eq!(listed(&places), "a, b, c and 2 more");
    }
}
