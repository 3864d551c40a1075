//! The error of type builders.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;

use crate::runtime::json::ParseEnumError;

/// The error of a builder. Names the field and the type, never a value.
///
/// Builders pass the errors of nested builders on. When an operation is sent with an invalid builder, it returns an error
/// of the kind [`ErrorKind::InvalidRequest`].
///
/// ```
/// use retab_api::types::CreateWorkflowRunRequest;
///
/// let error = CreateWorkflowRunRequest::builder().version("draft").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`workflow_id` of CreateWorkflowRunRequest: required but not set",
/// );
/// ```
///
/// [`ErrorKind::InvalidRequest`]: crate::ErrorKind::InvalidRequest
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    /// The fields that lead to the invalid value, innermost first.
    fields: Vec<Field>,
    reason: Cow<'static, str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    name: &'static str,
    of: &'static str,
}

impl BuildError {
    /// Creates an error for a conversion into a parameter or a field.
    ///
    /// `Display` contains `reason`, which must contain neither secrets nor documents.
    ///
    /// ```
    /// use retab_api::BuildError;
    ///
    /// struct OrderNumber(u32);
    ///
    /// impl TryFrom<OrderNumber> for String {
    ///     type Error = BuildError;
    ///
    ///     fn try_from(number: OrderNumber) -> Result<Self, BuildError> {
    ///         match number.0 {
    ///             0 => Err(BuildError::new("order numbers start at 1")),
    ///             number => Ok(format!("order-{number}")),
    ///         }
    ///     }
    /// }
    ///
    /// # fn demo(client: retab_api::Client) {
    /// let runs = client.list_workflow_runs().search(OrderNumber(1));
    /// # let _ = runs;
    /// # }
    /// ```
    #[must_use]
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            fields: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Creates an error for a failed conversion, without the message of the conversion, which may contain the value.
    pub(crate) fn conversion_failed() -> Self {
        Self::new("cannot convert the value to the expected type")
    }

    pub(crate) fn missing(name: &'static str, of: &'static str) -> Self {
        Self::new("required but not set").within(name, of)
    }

    /// Adds an outer field: `name` of the type `of`.
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

/// For infallible conversions.
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
    fn displays_fields_innermost_first() {
        let error = BuildError::missing("filename", "MimeData").within("document", "Request");
        assert_eq!(
            error.to_string(),
            "`filename` of MimeData in `document` of Request: required but not set"
        );
    }
}
