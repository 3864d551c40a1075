//! Errors in individual fields of a request.

use std::fmt;

use serde_json::Value;

use crate::runtime::redaction::{Excerpt, Redacted};

/// An error that the service reports for one field of a request or one place in a configuration.
///
/// `Display` is one line. The submitted value is not stored.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The path of the field, such as `body.documents.0`, or a path in a configuration, such as `blocks[0].id`. `None` if
    /// the service names none.
    pub location: Option<String>,
    /// The error message.
    pub message: String,
    /// The error code or type, such as `missing`.
    pub code: Option<String>,
    /// The severity, such as `error` or `warning`.
    pub severity: Option<String>,
    /// Additional details. Redacted in `Debug`.
    pub details: Option<Value>,
}

impl FieldError {
    /// Returns the location and the message, untruncated.
    pub(crate) fn line(&self) -> String {
        match &self.location {
            Some(location) => format!("{location}: {}", self.message),
            None => self.message.clone(),
        }
    }

    /// Parses `{loc, msg, type, input}` or `{yaml_path, code, message, severity, details}`.
    pub(crate) fn parse(entry: &Value) -> Option<Self> {
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
            .field("details", &self.details.as_ref().map(Redacted))
            .finish()
    }
}
