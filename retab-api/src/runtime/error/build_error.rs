//! Why a builder gives no value.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;

use crate::runtime::json::ParseEnumError;

/// Why a value cannot be built: names the field and the type, never a value.
///
/// A builder that is given to another builder, or to an operation, hands its error on to it; it is
/// reported when the operation is sent, as an [`ErrorKind::InvalidRequest`].
///
/// ```
/// use retab_api::types::CreateWorkflowRunRequest;
///
/// let error = CreateWorkflowRunRequest::builder().version("draft").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`workflow_id` of CreateWorkflowRunRequest: it is required and was not set",
/// );
/// ```
///
/// [`ErrorKind::InvalidRequest`]: crate::ErrorKind::InvalidRequest
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    /// The fields that lead to the fault, the innermost first.
    fields: Vec<Field>,
    reason: Cow<'static, str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    name: &'static str,
    of: &'static str,
}

impl BuildError {
    pub(crate) fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            fields: Vec::new(),
            reason: reason.into(),
        }
    }

    /// For a value of which the conversion says nothing, or may say too much.
    pub(crate) fn unfit() -> Self {
        Self::new("its value cannot be converted to its type")
    }

    pub(crate) fn missing(name: &'static str, of: &'static str) -> Self {
        Self::new("it is required and was not set").within(name, of)
    }

    /// The same, met at the field `name` of the type `of`.
    #[must_use]
    pub(crate) fn within(mut self, name: &'static str, of: &'static str) -> Self {
        self.fields.push(Field { name, of });
        self
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, Field { name, of }) in self.fields.iter().enumerate() {
            let preposition = if depth == 0 { "" } else { " in " };
            write!(f, "{preposition}`{name}` of {of}")?;
        }
        let colon = if self.fields.is_empty() { "" } else { ": " };
        write!(f, "{colon}{}", self.reason)
    }
}

impl std::error::Error for BuildError {}

/// For the conversions that cannot fail.
impl From<Infallible> for BuildError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<ParseEnumError> for BuildError {
    fn from(error: ParseEnumError) -> Self {
        Self::new(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_told_from_the_inside_out() {
        let error = BuildError::missing("filename", "MimeData").within("document", "Request");
        assert_eq!(
            error.to_string(),
            "`filename` of MimeData in `document` of Request: it is required and was not set"
        );
    }
}
