//! Text encoding of parameters in paths, headers, queries and forms.

use serde::Serialize;
use serde_json::Value;

/// The reason given for values without a text form.
pub(crate) const NO_TEXT: &str = "cannot convert the value to text";

/// Encodes a scalar, or a list joined by commas. Returns `None` for null and for an empty list.
pub(crate) fn single<T: Serialize>(value: &T) -> Result<Option<String>, &'static str> {
    joined(value, ",")
}

/// Encodes a scalar, or a list joined by `separator`. Returns `None` for null and for an empty list.
pub(crate) fn joined<T: Serialize>(
    value: &T,
    separator: &str,
) -> Result<Option<String>, &'static str> {
    match to_json(value)? {
        Value::Null => Ok(None),
        Value::Array(items) if items.is_empty() => Ok(None),
        Value::Array(items) => {
            let texts: Result<Vec<_>, _> = items.into_iter().map(scalar).collect();
            Ok(Some(texts?.join(separator)))
        }
        other => scalar(other).map(Some),
    }
}

/// Encodes query pairs: one for a scalar, one per item of a list, one per field of an object.
///
/// Null and empty values produce no pairs.
pub(crate) fn pairs<T: Serialize>(
    name: &str,
    value: &T,
) -> Result<Vec<(String, String)>, &'static str> {
    match to_json(value)? {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items
            .into_iter()
            .map(|item| Ok((name.to_owned(), scalar(item)?)))
            .collect(),
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| Ok((name, scalar(value)?)))
            .collect(),
        other => Ok(vec![(name.to_owned(), scalar(other)?)]),
    }
}

/// Encodes query pairs in bracket notation, such as `filter[run][id]`. Lists repeat the name.
pub(crate) fn deep_pairs<T: Serialize>(
    name: &str,
    value: &T,
) -> Result<Vec<(String, String)>, &'static str> {
    let mut pairs = Vec::new();
    let mut pending = vec![(name.to_owned(), to_json(value)?)];
    while let Some((name, value)) = pending.pop() {
        match value {
            Value::Null => {}
            Value::Array(items) => {
                pending.extend(items.into_iter().rev().map(|item| (name.clone(), item)));
            }
            Value::Object(fields) => pending.extend(
                fields
                    .into_iter()
                    .rev()
                    .map(|(field, value)| (format!("{name}[{field}]"), value)),
            ),
            other => pairs.push((name, scalar(other)?)),
        }
    }
    Ok(pairs)
}

/// Encodes an object as form pairs. Lists of scalars repeat the name, other lists and objects are JSON, nulls are
/// omitted.
pub(crate) fn form_pairs<T: Serialize>(value: &T) -> Result<Vec<(String, String)>, &'static str> {
    let Value::Object(fields) = to_json(value)? else {
        return Err("a form must be an object");
    };
    let mut pairs = Vec::new();
    for (name, value) in fields {
        for value in form_values(&value)? {
            let text = match value {
                FormValue::Text(text) => text,
                FormValue::Json(json) => String::from_utf8(json).map_err(|_| NO_TEXT)?,
            };
            pairs.push((name.clone(), text));
        }
    }
    Ok(pairs)
}

/// A form value.
pub(crate) enum FormValue {
    Text(String),
    Json(Vec<u8>),
}

/// Encodes form values: one text for a scalar, one per item for a list of scalars, JSON for other lists and objects, none
/// for null.
pub(crate) fn form_values<T: Serialize>(value: &T) -> Result<Vec<FormValue>, &'static str> {
    let value = to_json(value)?;
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) if items.iter().all(is_scalar) => items
            .into_iter()
            .map(|item| Ok(FormValue::Text(scalar(item)?)))
            .collect(),
        Value::Array(_) | Value::Object(_) => {
            let json = serde_json::to_vec(&value).map_err(|_| NO_TEXT)?;
            Ok(vec![FormValue::Json(json)])
        }
        other => Ok(vec![FormValue::Text(scalar(other)?)]),
    }
}

fn to_json<T: Serialize>(value: &T) -> Result<Value, &'static str> {
    serde_json::to_value(value).map_err(|_| NO_TEXT)
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_))
}

fn scalar(value: Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(NO_TEXT),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{FormValue, deep_pairs, form_pairs, form_values, joined, pairs, single};

    fn encode(value: &serde_json::Value) -> Vec<String> {
        let pairs = pairs("p", value).unwrap();
        pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    }

    #[test]
    fn encodes_scalars_as_one_pair() {
        assert_eq!(encode(&json!("a b")), ["p=a b"]);
        assert_eq!(
            encode(&json!(9_007_199_254_740_993_i64)),
            ["p=9007199254740993"]
        );
        assert_eq!(encode(&json!(true)), ["p=true"]);
        assert_eq!(encode(&json!("")), ["p="]);
    }

    #[test]
    fn encodes_lists_as_repeated_names() {
        assert_eq!(encode(&json!(["b", "a", 3])), ["p=b", "p=a", "p=3"]);
        assert!(encode(&json!([])).is_empty());
    }

    #[test]
    fn encodes_objects_with_their_field_names() {
        assert_eq!(
            encode(&json!({"z": 1, "a": "x", "n": null})),
            ["z=1", "a=x"]
        );
    }

    #[test]
    fn omits_null() {
        assert!(encode(&json!(null)).is_empty());
        assert_eq!(single(&None::<i64>).unwrap(), None);
        assert!(form_values(&None::<i64>).unwrap().is_empty());
    }

    #[test]
    fn rejects_nested_values() {
        for nested in [
            json!([[1]]),
            json!([null]),
            json!({"a": {}}),
            json!({"a": [1]}),
        ] {
            assert!(pairs("p", &nested).is_err(), "{nested}");
        }
        assert!(single(&json!({"a": 1})).is_err());
    }

    #[test]
    fn joins_lists_into_one_text() {
        assert_eq!(single(&json!(["a", 1])).unwrap().as_deref(), Some("a,1"));
        assert_eq!(single(&json!([])).unwrap(), None);
    }

    #[test]
    fn encodes_form_values_as_text_or_json() {
        let kinds = |value| {
            let values = form_values(&value).unwrap();
            values
                .into_iter()
                .map(|value| match value {
                    FormValue::Text(text) => text,
                    FormValue::Json(json) => format!("json {}", String::from_utf8(json).unwrap()),
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds(json!("x")), ["x"]);
        assert_eq!(kinds(json!(["x", 1])), ["x", "1"]);
        assert_eq!(kinds(json!({"b": 1, "a": 2})), [r#"json {"b":1,"a":2}"#]);
        assert_eq!(kinds(json!([{"a": 1}])), [r#"json [{"a":1}]"#]);
    }

    #[test]
    fn joins_lists_with_a_separator() {
        assert_eq!(joined(&json!(["a", 1]), "|"), Ok(Some("a|1".to_owned())));
        assert_eq!(joined(&json!([]), "|"), Ok(None));
    }

    #[test]
    fn encodes_nested_objects_in_bracket_notation() {
        let pairs = deep_pairs("f", &json!({"a": {"b": 1, "c": null}, "d": ["x", "y"]})).unwrap();
        let encoded: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(encoded, ["f[a][b]=1", "f[d]=x", "f[d]=y"]);
    }

    #[test]
    fn encodes_objects_as_form_pairs() {
        let pairs =
            form_pairs(&json!({"a": "x y", "b": [1, 2], "c": {"d": true}, "e": null})).unwrap();
        let encoded: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(encoded, ["a=x y", "b=1", "b=2", r#"c={"d":true}"#]);
        assert!(form_pairs(&json!([1])).is_err());
    }
}
