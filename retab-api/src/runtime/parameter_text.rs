//! From a typed parameter to the text that stands in a path, a header, a query or a form.

use serde::Serialize;
use serde_json::Value;

/// Why a value has no text form.
pub(crate) const NO_TEXT: &str = "its value has no text form";

/// One text: a scalar as it is, a list joined by commas; `None` for null and the empty list.
pub(crate) fn single<T: Serialize>(value: &T) -> Result<Option<String>, &'static str> {
    joined(value, ",")
}

/// The same, with another text between the items of a list.
pub(crate) fn joined<T: Serialize>(
    value: &T,
    between: &str,
) -> Result<Option<String>, &'static str> {
    match to_json(value)? {
        Value::Null => Ok(None),
        Value::Array(items) if items.is_empty() => Ok(None),
        Value::Array(items) => {
            let texts: Result<Vec<_>, _> = items.into_iter().map(scalar).collect();
            Ok(Some(texts?.join(between)))
        }
        other => scalar(other).map(Some),
    }
}

/// Pairs of a query: a scalar is one pair, a list repeats the name, an object gives its own names;
/// null and what is empty give none.
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

/// Pairs of a query whose names say where in an object each value stands: `filter[run][id]`; a list
/// repeats its name.
pub(crate) fn deep_pairs<T: Serialize>(
    name: &str,
    value: &T,
) -> Result<Vec<(String, String)>, &'static str> {
    let mut pairs = Vec::new();
    let mut open = vec![(name.to_owned(), to_json(value)?)];
    while let Some((name, value)) = open.pop() {
        match value {
            Value::Null => {}
            Value::Array(items) => {
                open.extend(items.into_iter().rev().map(|item| (name.clone(), item)));
            }
            Value::Object(fields) => open.extend(
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

/// Pairs of a form that is one object: a list of scalars repeats its name, a list or an object of
/// anything else is JSON; null gives none.
pub(crate) fn form_pairs<T: Serialize>(value: &T) -> Result<Vec<(String, String)>, &'static str> {
    let Value::Object(fields) = to_json(value)? else {
        return Err("a form is an object");
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

/// A value of a form: text, or JSON where there is none.
pub(crate) enum FormValue {
    Text(String),
    Json(Vec<u8>),
}

/// Values of a form: a scalar is one text, a list of scalars is several, anything else is JSON;
/// null gives none.
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

    fn shown(value: &serde_json::Value) -> Vec<String> {
        let pairs = pairs("p", value).unwrap();
        pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    }

    #[test]
    fn a_scalar_is_one_pair() {
        assert_eq!(shown(&json!("a b")), ["p=a b"]);
        assert_eq!(
            shown(&json!(9_007_199_254_740_993_i64)),
            ["p=9007199254740993"]
        );
        assert_eq!(shown(&json!(true)), ["p=true"]);
        assert_eq!(shown(&json!("")), ["p="]);
    }

    #[test]
    fn a_list_repeats_the_name() {
        assert_eq!(shown(&json!(["b", "a", 3])), ["p=b", "p=a", "p=3"]);
        assert!(shown(&json!([])).is_empty());
    }

    #[test]
    fn an_object_gives_its_own_names() {
        assert_eq!(shown(&json!({"z": 1, "a": "x", "n": null})), ["z=1", "a=x"]);
    }

    #[test]
    fn null_gives_nothing() {
        assert!(shown(&json!(null)).is_empty());
        assert_eq!(single(&None::<i64>).unwrap(), None);
        assert!(form_values(&None::<i64>).unwrap().is_empty());
    }

    #[test]
    fn nested_values_have_no_text() {
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
    fn a_single_text_joins_a_list() {
        assert_eq!(single(&json!(["a", 1])).unwrap().as_deref(), Some("a,1"));
        assert_eq!(single(&json!([])).unwrap(), None);
    }

    #[test]
    fn form_values_are_text_or_json() {
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
    fn a_list_can_be_one_text() {
        assert_eq!(joined(&json!(["a", 1]), "|"), Ok(Some("a|1".to_owned())));
        assert_eq!(joined(&json!([]), "|"), Ok(None));
    }

    #[test]
    fn brackets_say_where_a_value_stands() {
        let pairs = deep_pairs("f", &json!({"a": {"b": 1, "c": null}, "d": ["x", "y"]})).unwrap();
        let shown: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(shown, ["f[a][b]=1", "f[d]=x", "f[d]=y"]);
    }

    #[test]
    fn a_form_is_the_pairs_of_an_object() {
        let pairs =
            form_pairs(&json!({"a": "x y", "b": [1, 2], "c": {"d": true}, "e": null})).unwrap();
        let shown: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(shown, ["a=x y", "b=1", "b=2", r#"c={"d":true}"#]);
        assert!(form_pairs(&json!([1])).is_err());
    }
}
