//! What a schema is, as far as it decides on a Rust type, and how that is said to people.

use serde_json::Value;

use super::revision::component;

/// The most values or variants that are named in one line.
const NAMED: usize = 4;

/// What a schema is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form<'a> {
    /// Anything fits.
    Any,
    /// A reference, to whatever it is.
    Reference,
    /// A text, a number or a boolean.
    Scalar(&'static str),
    /// The listed values; one for a constant.
    Values(Vec<&'a Value>),
    /// A list, with the schema of its items.
    List(Option<&'a Value>),
    /// An object of any names, with the schema of their values.
    Map(Option<&'a Value>),
    /// An object of properties.
    Object,
    /// One of several schemas.
    Union(&'a [Value]),
}

impl<'a> Form<'a> {
    /// What `schema` is, in a document that says null as OpenAPI 3.0 does.
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

    /// Whether a Rust type of its own is generated for a schema of this form.
    pub(super) fn has_type(&self) -> bool {
        match self {
            Self::Values(values) => is_enum(values),
            Self::Object | Self::Union(_) => true,
            _ => false,
        }
    }
}

/// Whether a Rust enum is generated for these values.
pub(super) fn is_enum(values: &[&Value]) -> bool {
    values.len() > 1 && values.iter().all(|value| value.is_string())
}

/// The Rust type of a schema that is no reference and no container, as far as two can be told apart by it.
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

/// A schema in few words: `string date-time`, `[WorkflowRun]`, `"a" | "b"`.
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
