//! One mistake of several that the service found in a request.

use std::fmt;

use serde_json::Value;

use crate::runtime::redaction::Excerpt;

/// What the service says is wrong with one field of a request, or one place of a configuration.
///
/// `Display` is one line. What was sent in the field is not kept.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// Where the mistake is: the steps to a field joined by dots, such as `body.documents.0`, or a
    /// path in a configuration, such as `blocks[0].id`; `None` where the service names no place.
    pub location: Option<String>,
    /// What is wrong.
    pub message: String,
    /// The service's code or type for it, such as `missing`.
    pub code: Option<String>,
    /// How grave it is, such as `error` or `warning`, where the service says so.
    pub severity: Option<String>,
    /// What else the service says of it; in `Debug` only whether there is anything.
    pub details: Option<Value>,
}

impl FieldError {
    /// Place and mistake, whole.
    pub(crate) fn line(&self) -> String {
        match &self.location {
            Some(location) => format!("{location}: {}", self.message),
            None => self.message.clone(),
        }
    }

    /// `{loc, msg, type, input}`, or `{yaml_path, code, message, severity, details}`.
    pub(crate) fn read(entry: &Value) -> Option<Self> {
        let entry = entry.as_object()?;
        let text = |name: &str| {
            let text = entry.get(name)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        Some(Self {
            location: match entry.get("loc") {
                Some(Value::Array(steps)) => joined(steps),
                _ => text("loc").or_else(|| text("yaml_path")),
            },
            message: text("msg").or_else(|| text("message"))?,
            code: text("code").or_else(|| text("type")),
            severity: text("severity"),
            details: entry
                .get("details")
                .filter(|details| !details.is_null())
                .cloned(),
        })
    }
}

fn joined(steps: &[Value]) -> Option<String> {
    let steps: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Value::String(name) => Some(name.clone()),
            Value::Number(index) => Some(index.to_string()),
            _ => None,
        })
        .collect();
    (!steps.is_empty()).then(|| steps.join("."))
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Excerpt(&self.line()).fmt(f)
    }
}

impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldError")
            .field("location", &self.location)
            .field("message", &self.message)
            .field("code", &self.code)
            .field("severity", &self.severity)
            .field(
                "details",
                &self.details.as_ref().map(|_| format_args!("..")),
            )
            .finish()
    }
}
