//! Comparison of sent values with received ones.
//!
//! The comparison is exact except for these rules:
//!
//! - Null equals absence for a property that is optional or has a default, unless null has a distinct meaning. In a
//!   request, an unset property must not be sent as null.
//! - Timestamps are compared as instants. A timestamp without an offset is in UTC.
//! - Numbers are compared by value.
//! - Undeclared properties are compared, including their order, if the schema allows them explicitly or declares no
//!   properties at all. Otherwise they can be dropped.
//! - A union's tag can be received although it was not sent.
//! - An object with an unknown tag must be received unchanged.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Map, Number, Value};

use super::openapi::Spec;
use super::operation::{Body, Location, Operation};
use super::schema::{Additional, NodeId, Object, Schema, Shape, Union};
use super::violation::Violation;

/// The properties for which null differs from absence.
#[derive(Clone, Debug, Default)]
pub struct MeaningfulNulls(HashSet<NodeId>);

impl MeaningfulNulls {
    /// Collects the properties of all PATCH bodies, where null clears a value and absence preserves it, and the properties
    /// that `others` names by schema and property.
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
        Self(patches.chain(others).map(|(_, id)| id).collect())
    }

    /// Returns the number of properties.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

fn properties(schema: Schema<'_>) -> Vec<(&str, NodeId)> {
    match schema.without_null().shape() {
        Shape::Object(object) => {
            let properties = object.properties.iter();
            properties
                .map(|property| (property.name, property.schema.id()))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the differences between two values of a schema.
#[must_use]
pub fn differences(
    schema: &Schema<'_>,
    sent: &Value,
    received: &Value,
    nulls: &MeaningfulNulls,
) -> Vec<Violation> {
    let comparison = Comparison {
        nulls,
        in_request: false,
    };
    comparison.differences(*schema, sent, received)
}

/// Returns the differences between the arguments of an operation and those decoded from its request.
#[must_use]
pub fn argument_differences(
    operation: &Operation<'_>,
    sent: &Map<String, Value>,
    received: &Map<String, Value>,
    nulls: &MeaningfulNulls,
) -> Vec<Violation> {
    let comparison = Comparison {
        nulls,
        in_request: true,
    };
    let mut all = Vec::new();
    let parts = operation.body.iter().flat_map(Body::parts);
    for parameter in operation.parameters.iter().copied().chain(parts) {
        let path = format!("{}/{}", parameter.location.as_str(), parameter.name);
        let of = |arguments: &Map<String, Value>| {
            let values = arguments.get(parameter.location.as_str());
            values
                .and_then(|values| values.get(parameter.name))
                .cloned()
        };
        match (of(sent), of(received)) {
            (None, None) => {}
            (Some(sent), Some(received)) if parameter.location == Location::File => {
                for field in ["file_name", "content"] {
                    if sent[field] != received[field] {
                        all.push(Violation::new(
                            format!("{path}/{field}"),
                            describe("different value", &sent[field], &received[field]),
                        ));
                    }
                }
            }
            (Some(sent), Some(received)) => {
                let differences = comparison.differences(parameter.schema, &sent, &received);
                all.extend(
                    differences
                        .into_iter()
                        .map(|difference| difference.within(&path)),
                );
            }
            (Some(_), None) => all.push(Violation::new(path, "missing from the request")),
            (None, Some(_)) => all.push(Violation::new(path, "sent but not set")),
        }
    }
    if let Some(body) = operation.body {
        match (sent.get("body"), received.get("body")) {
            (None, None) => {}
            (Some(sent), Some(received)) => {
                let differences = comparison.differences(body.schema, sent, received);
                all.extend(
                    differences
                        .into_iter()
                        .map(|difference| difference.within("body")),
                );
            }
            (Some(_), None) => all.push(Violation::new("body", "missing from the request")),
            (None, Some(_)) => all.push(Violation::new("body", "sent but not set")),
        }
    }
    all
}

struct Comparison<'n> {
    nulls: &'n MeaningfulNulls,
    in_request: bool,
}

impl Comparison<'_> {
    fn differences(&self, schema: Schema<'_>, sent: &Value, received: &Value) -> Vec<Violation> {
        let mut differences = Vec::new();
        self.values(schema, sent, received, "", &mut differences);
        differences
    }

    fn values(
        &self,
        schema: Schema<'_>,
        sent: &Value,
        received: &Value,
        path: &str,
        into: &mut Vec<Violation>,
    ) {
        match (schema.shape(), sent, received) {
            (Shape::Union(union), sent, received) => self.union(&union, sent, received, path, into),
            (Shape::Object(object), Value::Object(sent), Value::Object(received)) => {
                self.objects(&object, None, sent, received, path, into);
            }
            (Shape::Array(array), Value::Array(sent), Value::Array(received))
                if sent.len() == received.len() =>
            {
                for (index, (sent, received)) in sent.iter().zip(received).enumerate() {
                    let path = format!("{path}/{index}");
                    match array.items {
                        Some(items) => self.values(items, sent, received, &path, into),
                        None => compare_untyped(sent, received, &path, into),
                    }
                }
            }
            (Shape::String, Value::String(a), Value::String(b)) if schema.is_timestamp() => {
                if a != b
                    && parse_instant(a).is_none_or(|instant| parse_instant(b) != Some(instant))
                {
                    into.push(Violation::new(
                        path,
                        describe("different instant", sent, received),
                    ));
                }
            }
            _ => compare_untyped(sent, received, path, into),
        }
    }

    fn union(
        &self,
        union: &Union<'_>,
        sent: &Value,
        received: &Value,
        path: &str,
        into: &mut Vec<Violation>,
    ) {
        if let (Some(tag), Value::Object(fields)) = (union.tag, sent) {
            let variant = fields.get(tag).and_then(|value| union.variant(tag, value));
            if let (Some(Shape::Object(object)), Value::Object(received)) =
                (variant.map(Schema::shape), received)
            {
                self.objects(&object, Some(tag), fields, received, path, into);
            } else {
                // An object without a known tag is compared whole. Only a tag inferred from its fields can be added.
                let mut received = received.clone();
                if let Some(received) = received.as_object_mut()
                    && !fields.contains_key(tag)
                    && received
                        .get(tag)
                        .is_some_and(|value| union.variant(tag, value).is_some())
                {
                    received.shift_remove(tag);
                }
                compare_untyped(sent, &received, path, into);
            }
            return;
        }
        let mut nearest: Option<Vec<Violation>> = None;
        for variant in union
            .variants
            .iter()
            .filter(|variant| matches_type(**variant, sent))
        {
            let mut differences = Vec::new();
            self.values(*variant, sent, received, path, &mut differences);
            if nearest
                .as_ref()
                .is_none_or(|nearest| differences.len() < nearest.len())
            {
                nearest = Some(differences);
            }
        }
        match nearest {
            Some(nearest) => into.extend(nearest),
            None => compare_untyped(sent, received, path, into),
        }
    }

    fn objects(
        &self,
        object: &Object<'_>,
        tag: Option<&str>,
        sent: &Map<String, Value>,
        received: &Map<String, Value>,
        path: &str,
        into: &mut Vec<Violation>,
    ) {
        let declared = |name: &str| {
            object
                .properties
                .iter()
                .find(|property| property.name == name)
        };
        for (name, sent_value) in sent {
            let path = format!("{path}/{name}");
            match (declared(name), received.get(name), &object.additional) {
                (Some(property), Some(received), _) => {
                    self.values(property.schema, sent_value, received, &path, into);
                }
                (Some(property), None, _) => {
                    let equals_absence = sent_value.is_null()
                        && property.can_be_absent()
                        && !self.nulls.0.contains(&property.schema.id());
                    if !equals_absence {
                        into.push(Violation::new(
                            path,
                            format!("{} is missing", truncate(sent_value)),
                        ));
                    }
                }
                (None, Some(received), Additional::Allowed(Some(schema))) => {
                    self.values(*schema, sent_value, received, &path, into);
                }
                (None, Some(received), _) => compare_untyped(sent_value, received, &path, into),
                (None, None, Additional::Allowed(_)) => {
                    into.push(Violation::new(path, "the additional property is missing"));
                }
                (None, None, Additional::NotAllowed) => {}
            }
        }
        for (name, value) in received
            .iter()
            .filter(|(name, _)| !sent.contains_key(*name))
        {
            let is_allowed = declared(name).is_some_and(|property| {
                let equals_absence = value.is_null()
                    && !self.in_request
                    && property.can_be_absent()
                    && !self.nulls.0.contains(&property.schema.id());
                let is_tag =
                    tag == Some(name) && &property.schema.resolved().node()["const"] == value;
                equals_absence || is_tag
            });
            if !is_allowed {
                into.push(Violation::new(
                    format!("{path}/{name}"),
                    format!("{} was not sent", truncate(value)),
                ));
            }
        }
        if matches!(object.additional, Additional::Allowed(_)) {
            let additional = |fields: &Map<String, Value>| -> Vec<String> {
                fields
                    .keys()
                    .filter(|name| declared(name).is_none())
                    .cloned()
                    .collect()
            };
            if additional(sent) != additional(received) {
                into.push(Violation::new(
                    path,
                    "the additional properties are in a different order",
                ));
            }
        }
    }
}

/// Returns whether a value has the JSON type of a schema.
fn matches_type(schema: Schema<'_>, value: &Value) -> bool {
    match schema.shape() {
        Shape::Any => true,
        Shape::Enum(values) => {
            values.contains(&value)
                || value.is_string() && values.iter().all(|known| known.is_string())
        }
        Shape::Union(union) => union
            .variants
            .iter()
            .any(|variant| matches_type(*variant, value)),
        Shape::Object(_) => value.is_object(),
        Shape::Array(_) => value.is_array(),
        Shape::String => value.is_string(),
        Shape::Integer | Shape::Number => value.is_number(),
        Shape::Boolean => value.is_boolean(),
        Shape::Null => value.is_null(),
    }
}

/// Compares values without a schema. The order of an object's properties is significant.
fn compare_untyped(sent: &Value, received: &Value, path: &str, into: &mut Vec<Violation>) {
    let is_equal = match (sent, received) {
        (Value::Number(sent), Value::Number(received)) => equal_numbers(sent, received),
        (Value::Array(sent), Value::Array(received)) if sent.len() == received.len() => {
            for (index, (sent, received)) in sent.iter().zip(received).enumerate() {
                compare_untyped(sent, received, &format!("{path}/{index}"), into);
            }
            true
        }
        (Value::Object(sent), Value::Object(received)) if sent.keys().eq(received.keys()) => {
            for (name, sent) in sent {
                compare_untyped(sent, &received[name], &format!("{path}/{name}"), into);
            }
            true
        }
        (Value::Object(_), Value::Object(_)) => false,
        (sent, received) => sent == received,
    };
    if !is_equal {
        into.push(Violation::new(
            path,
            describe("different value", sent, received),
        ));
    }
}

fn equal_numbers(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        // Mixed pairs are compared as integers, because different large integers convert to the same float.
        #[allow(clippy::float_cmp, reason = "neither value was calculated")]
        (None, None) => a.as_f64() == b.as_f64(),
        (Some(integer), None) => equals_integer(b, integer),
        (None, Some(integer)) => equals_integer(a, integer),
    }
}

/// Returns whether a float is exactly this integer.
fn equals_integer(float: &Number, integer: i128) -> bool {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "an out-of-range float saturates and compares unequal"
    )]
    float
        .as_f64()
        .is_some_and(|float| float.fract() == 0.0 && float as i128 == integer)
}

fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    let text = text.replacen(' ', "T", 1);
    let naive = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f");
    naive.ok().map(|naive| naive.and_utc())
}

fn describe(reason: &str, sent: &Value, received: &Value) -> String {
    format!(
        "{reason}: sent {}, received {}",
        truncate(sent),
        truncate(received)
    )
}

/// Formats a value as JSON, cut to 160 characters.
fn truncate(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
