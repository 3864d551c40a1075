//! The properties of a schema that determine its Rust type, and their description in reports.

use serde_json::Value;

use super::revision::component;

/// The maximum number of values or variants in one line.
const NAMED: usize = 4;

/// The form of a schema.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form<'a> {
    /// Any value.
    Any,
    /// A reference.
    Reference,
    /// A string, a number or a boolean.
    Scalar(&'static str),
    /// An enumeration of values, or a constant as a single value.
    Values(Vec<&'a Value>),
    /// An array, with the schema of its items.
    List(Option<&'a Value>),
    /// An object with arbitrary keys, with the schema of its values.
    Map(Option<&'a Value>),
    /// An object with properties.
    Object,
    /// A union of schemas.
    Union(&'a [Value]),
}

impl<'a> Form<'a> {
    /// Returns the form of `schema`, in a spec that expresses null with `nullable` as in OpenAPI 3.0.
    pub(super) fn of(schema: &'a Value) -> Self {
        if schema.get("$ref").is_some_and(Value::is_string) {
            return Self::Reference;
        }
        if let Some(value) = schema.get("const") {
            return Self::Values(vec![value]);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let mut distinct: Vec<&Value> = Vec::new();
            for value in values {
                if !distinct.contains(&value) {
                    distinct.push(value);
                }
            }
            return Self::Values(distinct);
        }
        let variants = |keyword: &str| schema.get(keyword)?.as_array().map(Vec::as_slice);
        if let Some(variants) = variants("oneOf").or_else(|| variants("anyOf")) {
            let numbers = [Self::Scalar("integer"), Self::Scalar("number")];
            return if variants.is_empty() {
                Self::Any
            } else if variants
                .iter()
                .map(Self::of)
                .all(|form| numbers.contains(&form))
            {
                Self::Scalar("integer or number")
            } else {
                Self::Union(variants)
            };
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => Self::Scalar("string"),
            Some("integer") => Self::Scalar("integer"),
            Some("number") => Self::Scalar("number"),
            Some("boolean") => Self::Scalar("boolean"),
            Some("array") => Self::List(schema.get("items")),
            Some("object") => Self::object(schema),
            None if schema.get("properties").is_some() => Self::object(schema),
            None if schema.get("items").is_some() => Self::List(schema.get("items")),
            _ => Self::Any,
        }
    }

    fn object(schema: &'a Value) -> Self {
        let extra = schema.get("additionalProperties");
        match schema.get("properties").and_then(Value::as_object) {
            Some(properties) if !properties.is_empty() || extra.is_none() => Self::Object,
            _ => Self::Map(extra.filter(|extra| extra.is_object())),
        }
    }

    /// Returns whether a separate Rust type is generated for a schema of this form.
    pub(super) fn has_type(&self) -> bool {
        match self {
            Self::Values(values) => is_enum(values),
            Self::Object | Self::Union(_) => true,
            _ => false,
        }
    }
}

/// Returns whether a schema is nullable.
pub(super) fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// Returns whether a property of an object is required.
pub(super) fn is_required(object: &Value, name: &str) -> bool {
    let required = object.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|one| one == name))
}

/// Returns the schema of a property of an object.
pub(super) fn property<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.get("properties")?.get(name)
}

/// Returns whether a Rust enum is generated for these values.
pub(super) fn is_enum(values: &[&Value]) -> bool {
    values.len() > 1 && values.iter().all(|value| value.is_string())
}

/// Returns a name for the Rust type of a scalar schema that differs for different types.
pub(super) fn scalar_type(schema: &Value) -> String {
    let of_values = |values: &[&Value]| {
        let mut names: Vec<&str> = values.iter().map(|value| json_type(value)).collect();
        names.dedup();
        match names[..] {
            [name] => name.to_owned(),
            _ => "any".to_owned(),
        }
    };
    match Form::of(schema) {
        Form::Values(values) if is_enum(&values) => "enum".to_owned(),
        Form::Values(values) => of_values(&values),
        Form::Scalar("string") => match schema.get("format").and_then(Value::as_str) {
            Some(format @ ("date-time" | "binary")) => format.to_owned(),
            _ => "string".to_owned(),
        },
        Form::Scalar(name) => name.to_owned(),
        form => describe_form(&form, schema),
    }
}

/// Describes a schema in short: `string date-time`, `[WorkflowRun]`, `"a" | "b"`.
pub(super) fn describe(schema: &Value) -> String {
    let words = describe_form(&Form::of(schema), schema);
    match schema.get("format").and_then(Value::as_str) {
        Some(format) => format!("{words} {format}"),
        None => words,
    }
}

fn describe_form(form: &Form<'_>, schema: &Value) -> String {
    match form {
        Form::Any => "any".to_owned(),
        Form::Reference => component(schema).unwrap_or_else(|| {
            let reference = schema.get("$ref").and_then(Value::as_str);
            reference.unwrap_or_default().to_owned()
        }),
        Form::Scalar(name) => (*name).to_owned(),
        Form::Values(values) => listed(values.iter().map(ToString::to_string), " | "),
        Form::List(items) => format!("[{}]", items.map_or("any".to_owned(), describe)),
        Form::Map(values) => format!("{{name: {}}}", values.map_or("any".to_owned(), describe)),
        Form::Object => {
            let names = schema.get("properties").and_then(Value::as_object);
            let names = names.into_iter().flatten().map(|(name, _)| name.clone());
            format!("{{{}}}", listed(names, ", "))
        }
        Form::Union(variants) => listed(variants.iter().map(describe), " | "),
    }
}

fn listed(all: impl Iterator<Item = String>, separator: &str) -> String {
    let mut named: Vec<String> = all.collect();
    let more = named.len().saturating_sub(NAMED);
    if more > 0 {
        named.truncate(NAMED);
        named.push(format!("{more} more"));
    }
    named.join(separator)
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
