//! Whether what came back is what was sent.
//!
//! These are the rules, and there are no others:
//!
//! - Null and absence are the same for a property that the document lets a sender leave out, except where null has a
//!   meaning of its own. In a request, no null may stand where nothing was set.
//! - Timestamps are compared as instants; one without an offset is in UTC.
//! - Numbers are compared by their value.
//! - A property that is not declared is compared, with its place among its neighbours, where `additionalProperties`
//!   allows it explicitly or where nothing at all is said of the object; elsewhere it can be dropped.
//! - A constant that was left out can come back where it is the tag of a union.
//! - An object whose tag the document does not have comes back unchanged.
//!
//! Everything else has to be equal, and nothing may come back that was not sent.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Number, Value};

use super::description::{Location, Operation, Spec};
use super::schema::{Additional, Object, Place, Schema, Shape, Union};
use super::violation::Violation;

/// The properties for which null is not the same as absence.
#[derive(Clone, Debug, Default)]
pub struct MeaningfulNulls(HashSet<Place>);

impl MeaningfulNulls {
    /// The properties of every PATCH body, of which null clears a value and absence keeps it, and those that `others`
    /// name by schema and property.
    #[must_use]
    pub fn of(spec: &Spec, others: &[(&str, &str)]) -> Self {
        let operations = spec.operations();
        let patches = operations
            .iter()
            .filter(|operation| operation.method == http::Method::PATCH)
            .filter_map(|operation| Some(operation.body?.schema))
            .flat_map(properties);
        let others = others.iter().filter_map(|(schema, name)| {
            let schema = spec.component(schema)?;
            properties(schema)
                .into_iter()
                .find(|(found, _)| found == name)
        });
        Self(patches.chain(others).map(|(_, place)| place).collect())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

fn properties(schema: Schema<'_>) -> Vec<(&str, Place)> {
    match schema.without_null().shape() {
        Shape::Object(object) => {
            let properties = object.properties.iter();
            properties
                .map(|property| (property.name, property.schema.place()))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Where `found` differs from `sent`, a value of `schema`.
#[must_use]
pub fn differences(
    schema: &Schema<'_>,
    sent: &Value,
    found: &Value,
    nulls: &MeaningfulNulls,
) -> Vec<Violation> {
    let comparison = Comparison {
        nulls,
        in_request: false,
    };
    comparison.differences(*schema, sent, found)
}

/// Where the arguments that were `found` in a request differ from those that it was made of.
#[must_use]
pub fn argument_differences(
    operation: &Operation<'_>,
    sent: &Map<String, Value>,
    found: &Map<String, Value>,
    nulls: &MeaningfulNulls,
) -> Vec<Violation> {
    let comparison = Comparison {
        nulls,
        in_request: true,
    };
    let mut all = Vec::new();
    let parts = operation.body.iter().flat_map(super::Body::parts);
    for parameter in operation.parameters.iter().copied().chain(parts) {
        let place = format!("{}/{}", parameter.location.as_str(), parameter.name);
        let of = |arguments: &Map<String, Value>| {
            let values = arguments.get(parameter.location.as_str());
            values
                .and_then(|values| values.get(parameter.name))
                .cloned()
        };
        match (of(sent), of(found)) {
            (None, None) => {}
            (Some(sent), Some(found)) if parameter.location == Location::File => {
                for field in ["file_name", "content"] {
                    if sent[field] != found[field] {
                        all.push(Violation::new(
                            format!("{place}/{field}"),
                            shown("it differs", &sent[field], &found[field]),
                        ));
                    }
                }
            }
            (Some(sent), Some(found)) => {
                let found = comparison.differences(parameter.schema, &sent, &found);
                all.extend(
                    found
                        .into_iter()
                        .map(|difference| difference.within(&place)),
                );
            }
            (Some(_), None) => all.push(Violation::new(place, "it did not arrive")),
            (None, Some(_)) => all.push(Violation::new(place, "it was not set, and arrived")),
        }
    }
    if let Some(body) = operation.body {
        match (sent.get("body"), found.get("body")) {
            (None, None) => {}
            (Some(sent), Some(found)) => {
                let found = comparison.differences(body.schema, sent, found);
                all.extend(
                    found
                        .into_iter()
                        .map(|difference| difference.within("body")),
                );
            }
            (Some(_), None) => all.push(Violation::new("body", "it did not arrive")),
            (None, Some(_)) => all.push(Violation::new("body", "it was not set, and arrived")),
        }
    }
    all
}

struct Comparison<'n> {
    nulls: &'n MeaningfulNulls,
    in_request: bool,
}

impl Comparison<'_> {
    fn differences(&self, schema: Schema<'_>, sent: &Value, found: &Value) -> Vec<Violation> {
        let mut differences = Vec::new();
        self.values(schema, sent, found, "", &mut differences);
        differences
    }

    fn values(
        &self,
        schema: Schema<'_>,
        sent: &Value,
        found: &Value,
        at: &str,
        into: &mut Vec<Violation>,
    ) {
        match (schema.shape(), sent, found) {
            (Shape::Union(union), sent, found) => self.union(&union, sent, found, at, into),
            (Shape::Object(object), Value::Object(sent), Value::Object(found)) => {
                self.objects(&object, None, sent, found, at, into);
            }
            (Shape::Array(array), Value::Array(sent), Value::Array(found))
                if sent.len() == found.len() =>
            {
                for (place, (sent, found)) in sent.iter().zip(found).enumerate() {
                    let at = format!("{at}/{place}");
                    match array.items {
                        Some(items) => self.values(items, sent, found, &at, into),
                        None => same(sent, found, &at, into),
                    }
                }
            }
            (Shape::Text, Value::String(a), Value::String(b)) if schema.is_timestamp() => {
                if a != b && instant(a).is_none_or(|instant_of_a| instant(b) != Some(instant_of_a))
                {
                    into.push(Violation::new(at, shown("another instant", sent, found)));
                }
            }
            _ => same(sent, found, at, into),
        }
    }

    fn union(
        &self,
        union: &Union<'_>,
        sent: &Value,
        found: &Value,
        at: &str,
        into: &mut Vec<Violation>,
    ) {
        if let (Some(tag), Value::Object(fields)) = (union.tag, sent) {
            let variant = fields.get(tag).and_then(|value| union.variant(tag, value));
            if let (Some(Shape::Object(object)), Value::Object(found)) =
                (variant.map(Schema::shape), found)
            {
                self.objects(&object, Some(tag), fields, found, at, into);
            } else {
                // What has no known tag is kept whole, and can have the tag that was told from the rest.
                let mut found = found.clone();
                if let Some(found) = found.as_object_mut()
                    && !fields.contains_key(tag)
                    && found
                        .get(tag)
                        .is_some_and(|value| union.variant(tag, value).is_some())
                {
                    found.shift_remove(tag);
                }
                same(sent, &found, at, into);
            }
            return;
        }
        let mut nearest: Option<Vec<Violation>> = None;
        for variant in union
            .variants
            .iter()
            .filter(|variant| fits(**variant, sent))
        {
            let mut differences = Vec::new();
            self.values(*variant, sent, found, at, &mut differences);
            if nearest
                .as_ref()
                .is_none_or(|nearest| differences.len() < nearest.len())
            {
                nearest = Some(differences);
            }
        }
        match nearest {
            Some(nearest) => into.extend(nearest),
            None => same(sent, found, at, into),
        }
    }

    fn objects(
        &self,
        object: &Object<'_>,
        tag: Option<&str>,
        sent: &Map<String, Value>,
        found: &Map<String, Value>,
        at: &str,
        into: &mut Vec<Violation>,
    ) {
        let declared = |name: &str| {
            object
                .properties
                .iter()
                .find(|property| property.name == name)
        };
        for (name, sent_value) in sent {
            let at = format!("{at}/{name}");
            match (declared(name), found.get(name), &object.additional) {
                (Some(property), Some(found), _) => {
                    self.values(property.schema, sent_value, found, &at, into);
                }
                (Some(property), None, _) => {
                    let is_absence = sent_value.is_null()
                        && property.can_be_absent()
                        && !self.nulls.0.contains(&property.schema.place());
                    if !is_absence {
                        into.push(Violation::new(
                            at,
                            format!("{} is missing", cut(sent_value)),
                        ));
                    }
                }
                (None, Some(found), Additional::Of(Some(schema))) => {
                    self.values(*schema, sent_value, found, &at, into);
                }
                (None, Some(found), _) => same(sent_value, found, &at, into),
                (None, None, Additional::Of(_)) => {
                    into.push(Violation::new(at, "the additional property is missing"));
                }
                (None, None, Additional::Unsaid) => {}
            }
        }
        for (name, value) in found.iter().filter(|(name, _)| !sent.contains_key(*name)) {
            let is_fine = declared(name).is_some_and(|property| {
                let is_absence = value.is_null()
                    && !self.in_request
                    && property.can_be_absent()
                    && !self.nulls.0.contains(&property.schema.place());
                let is_tag =
                    tag == Some(name) && &property.schema.resolved().node()["const"] == value;
                is_absence || is_tag
            });
            if !is_fine {
                into.push(Violation::new(
                    format!("{at}/{name}"),
                    format!("{} was not sent", cut(value)),
                ));
            }
        }
        if matches!(object.additional, Additional::Of(_)) {
            let additional = |fields: &Map<String, Value>| -> Vec<String> {
                fields
                    .keys()
                    .filter(|name| declared(name).is_none())
                    .cloned()
                    .collect()
            };
            if additional(sent) != additional(found) {
                into.push(Violation::new(
                    at,
                    "the additional properties are in another order",
                ));
            }
        }
    }
}

/// Whether a value is of the kind that a schema describes.
fn fits(schema: Schema<'_>, value: &Value) -> bool {
    match schema.shape() {
        Shape::Any => true,
        Shape::Values(values) => {
            values.contains(&value)
                || value.is_string() && values.iter().all(|known| known.is_string())
        }
        Shape::Union(union) => union.variants.iter().any(|variant| fits(*variant, value)),
        Shape::Object(_) => value.is_object(),
        Shape::Array(_) => value.is_array(),
        Shape::Text => value.is_string(),
        Shape::Integer | Shape::Number => value.is_number(),
        Shape::Boolean => value.is_boolean(),
        Shape::Null => value.is_null(),
    }
}

/// Compares values of which the schema says nothing: the order of an object's properties counts.
fn same(sent: &Value, found: &Value, at: &str, into: &mut Vec<Violation>) {
    let is_same = match (sent, found) {
        (Value::Number(sent), Value::Number(found)) => same_number(sent, found),
        (Value::Array(sent), Value::Array(found)) if sent.len() == found.len() => {
            for (place, (sent, found)) in sent.iter().zip(found).enumerate() {
                same(sent, found, &format!("{at}/{place}"), into);
            }
            true
        }
        (Value::Object(sent), Value::Object(found)) if sent.keys().eq(found.keys()) => {
            for (name, sent) in sent {
                same(sent, &found[name], &format!("{at}/{name}"), into);
            }
            true
        }
        (Value::Object(_), Value::Object(_)) => false,
        (sent, found) => sent == found,
    };
    if !is_same {
        into.push(Violation::new(at, shown("it differs", sent, found)));
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        // An integer that a float holds exactly reads as the same float; the reverse is no proof for a large one.
        #[allow(clippy::float_cmp, reason = "nothing was calculated")]
        (None, None) => a.as_f64() == b.as_f64(),
        (Some(integer), None) => is_integer(b, integer),
        (None, Some(integer)) => is_integer(a, integer),
    }
}

/// Whether a float is exactly this integer.
fn is_integer(float: &Number, integer: i128) -> bool {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a float saturates, and is then not equal"
    )]
    float
        .as_f64()
        .is_some_and(|float| float.fract() == 0.0 && float as i128 == integer)
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    let text = text.replacen(' ', "T", 1);
    let naive = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f");
    naive.ok().map(|naive| naive.and_utc())
}

fn shown(what: &str, sent: &Value, found: &Value) -> String {
    format!("{what}: sent {}, found {}", cut(sent), cut(found))
}

/// A value as short text.
fn cut(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
