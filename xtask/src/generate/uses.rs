//! Where the types of the document stand: in which request, which answer, which field of which type.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operation_table::Operation;
use crate::document::for_each_operation;
use crate::lower::{Distinction, Union, names, references, unions};

/// How many places of one kind are named; the rest is counted.
const NAMED: usize = 3;

/// The places of one type; each is a link of Rust's documentation.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// The operations that answer with it.
    answers: Vec<String>,
    /// The operations whose answer has it somewhere that is no field of a type.
    in_answers: Vec<String>,
    /// The operations that take it as their body.
    bodies: Vec<String>,
    /// The parameters of each name.
    parameters: BTreeMap<String, Vec<String>>,
    /// The variants that it is the value of.
    variants: Vec<String>,
    /// The types that have it in a field of each name.
    fields: BTreeMap<String, Vec<String>>,
    /// The types that have it elsewhere.
    within: Vec<String>,
}

/// The uses of every component of a lowered document, by its name.
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
        let answer = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
        for name in references(answer) {
            let uses = uses.entry(name).or_default();
            if answer.get("$ref").is_some() {
                add(&mut uses.answers, link);
            } else {
                add(&mut uses.in_answers, link);
            }
        }
        for name in references(&operation["requestBody"]) {
            add(&mut uses.entry(name).or_default().bodies, link);
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let told = parameter["name"].as_str().unwrap_or_default();
            for name in references(&parameter["schema"]) {
                let parameters = &mut uses.entry(name).or_default().parameters;
                add(parameters.entry(told.to_owned()).or_default(), link);
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
                Distinction::Tag(tag) => format!("{link}, whose `{tag}` is `{}`", variant.tag),
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
    /// The places in sentences; `None` where there are none.
    ///
    /// `page_of` is the item of a type that is a page.
    pub(super) fn told(&self, page_of: Option<&str>) -> Option<String> {
        let mut sentences = Vec::new();
        if let Some(item) = page_of {
            sentences.push(format!("A page of [`{item}`]."));
        }
        let mut say = |what: &str, places: &[String]| {
            if !places.is_empty() {
                sentences.push(format!("{what} {}.", listed(places)));
            }
        };
        say("Answer of", &self.answers);
        say("In the answer of", &self.in_answers);
        say("Body of", &self.bodies);
        say("Value of", &self.variants);
        for (name, places) in &self.fields {
            say(&format!("`{name}` of"), places);
        }
        for (name, places) in &self.parameters {
            say(&format!("Parameter `{name}` of"), places);
        }
        say("Part of", &self.within);
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

/// `a, b and c`, or `a, b, c and 4 more`.
fn listed(places: &[String]) -> String {
    let rest = places.len().saturating_sub(NAMED);
    // One place is named in no more room than it takes to count it.
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

/// The item of a schema that is a page of a list.
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

    fn told() -> BTreeMap<String, String> {
        let answer =
            |schema: Value| json!({"2XX": {"content": {"application/json": {"schema": schema}}}});
        let document = json!({
            "paths": {"/runs": {
                "get": {
                    "operationId": "list_runs",
                    "parameters": [{"in": "query", "name": "order", "schema": reference("Order")}],
                    "responses": answer(reference("RunList")),
                },
                "post": {
                    "operationId": "create_runs",
                    "requestBody": {"content": {"application/json": {"schema": reference("Order")}}},
                    "responses": answer(json!({"type": "array", "items": reference("Run")})),
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
                (name.clone(), uses.told(page_of.as_deref()).unwrap())
            })
            .collect()
    }

    #[test]
    fn every_place_is_told() {
        let list = "[`GET /runs`](crate::Client::list_runs)";
        let create = "[`POST /runs`](crate::Client::create_runs)";
        assert_eq!(
            told(),
            BTreeMap::from(
                [
                    (
                        "Order",
                        format!("Body of {create}. Parameter `order` of {list}.")
                    ),
                    (
                        "Run",
                        format!(
                            "In the answer of {create}. `data` of [`RunList`]. `next` of [`Run`]."
                        )
                    ),
                    ("RunList", format!("A page of [`Run`]. Answer of {list}.")),
                    ("Lifecycle", "`lifecycle` of [`Run`].".to_owned()),
                    (
                        "Pending",
                        "Value of [`Lifecycle::Pending`], whose `status` is `pending`.".to_owned()
                    ),
                ]
                .map(|(name, told)| (name.to_owned(), told))
            )
        );
    }

    #[test]
    fn many_places_are_counted() {
        let places: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).into();
        assert_eq!(listed(&places[..1]), "a");
        assert_eq!(listed(&places[..3]), "a, b and c");
        assert_eq!(listed(&places[..4]), "a, b, c and d");
        assert_eq!(listed(&places), "a, b, c and 2 more");
    }
}
