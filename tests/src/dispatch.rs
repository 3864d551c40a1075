//! Types used by the generated dispatcher, which sends operations by id with JSON arguments.

use std::fmt;

use retab_api::runtime::{ByteStream, ListOperation};
use retab_api::{Error, FilePart, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The response of a dispatched operation.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// An empty response body.
    Empty,
    /// A typed response.
    Json {
        /// The response, serialized to JSON.
        value: Value,
        /// The number of unknown enum values and variants. The JSON does not reveal them, because unknown values are
        /// preserved unchanged.
        unknown: usize,
    },
    /// A raw response body.
    Bytes(Vec<u8>),
}

impl Outcome {
    pub(crate) fn from_json<T: Serialize + fmt::Debug>(
        operation: &'static str,
        response: &ResponseValue<T>,
    ) -> Result<Self, DispatchError> {
        match serde_json::to_value(&**response) {
            Ok(value) => Ok(Self::Json {
                value,
                unknown: count_unknown(&**response),
            }),
            Err(error) => Err(DispatchError::Response {
                operation,
                reason: error.to_string(),
            }),
        }
    }

    pub(crate) async fn from_bytes(
        response: ResponseValue<ByteStream>,
    ) -> Result<Self, DispatchError> {
        let bytes = response.into_inner().read_to_end(u64::MAX).await?;
        Ok(Self::Bytes(bytes.into()))
    }
}

/// Prints the variant only, because responses can be confidential.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Json { .. } => "Json(..)",
            Self::Bytes(_) => "Bytes(..)",
        })
    }
}

/// A function that is generic over list operations.
pub trait ListVisitor {
    /// The result of the visit.
    type Output;

    /// Visits a list operation.
    fn visit<L>(self, operation: L) -> Self::Output
    where
        L: ListOperation + Clone + Send + 'static,
        L::Item: Serialize + DeserializeOwned + fmt::Debug + Send + 'static;
}

/// An error of a dispatched operation.
#[derive(Debug)]
#[non_exhaustive]
pub enum DispatchError {
    /// The spec contains no operation with this id.
    UnknownOperation(String),
    /// The operation has no setter for this argument.
    UnknownArgument {
        /// The operation id.
        operation: &'static str,
        /// The argument, as `location/name`.
        argument: String,
    },
    /// The argument does not decode into the type of its setter.
    Argument {
        /// The operation id.
        operation: &'static str,
        /// The argument, as `location/name`.
        argument: String,
        /// The reason, without the value.
        reason: String,
    },
    /// The typed response does not serialize to JSON.
    Response {
        /// The operation id.
        operation: &'static str,
        /// The reason.
        reason: String,
    },
    /// The request failed.
    Call(Error),
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation(id) => write!(f, "cannot dispatch {id}: unknown operation"),
            Self::UnknownArgument {
                operation,
                argument,
            } => write!(
                f,
                "cannot dispatch {operation}: unknown argument {argument}"
            ),
            Self::Argument {
                operation,
                argument,
                reason,
            } => write!(
                f,
                "cannot dispatch {operation}: invalid argument {argument}: {reason}"
            ),
            Self::Response { operation, reason } => {
                write!(f, "cannot serialize the response of {operation}: {reason}")
            }
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DispatchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for DispatchError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// The arguments of one operation that no setter has consumed yet.
pub(crate) struct Arguments {
    operation: &'static str,
    remaining: Map<String, Value>,
}

impl Arguments {
    pub(crate) fn new(operation: &'static str, arguments: Map<String, Value>) -> Self {
        Self {
            operation,
            remaining: arguments,
        }
    }

    /// Takes the argument with this name and parameter location.
    pub(crate) fn take<T: DeserializeOwned + fmt::Debug>(
        &mut self,
        location: &str,
        name: &str,
    ) -> Result<Option<T>, DispatchError> {
        let values = self
            .remaining
            .get_mut(location)
            .and_then(Value::as_object_mut);
        let Some(value) = values.and_then(|values| values.shift_remove(name)) else {
            return Ok(None);
        };
        self.decode(format!("{location}/{name}"), &value).map(Some)
    }

    /// Takes the JSON body.
    pub(crate) fn take_body<T: DeserializeOwned + fmt::Debug>(
        &mut self,
    ) -> Result<Option<T>, DispatchError> {
        let Some(value) = self.remaining.shift_remove("body") else {
            return Ok(None);
        };
        self.decode("body".to_owned(), &value).map(Some)
    }

    /// Takes the file of a multipart body: an object with the strings `file_name`, `content` and, optionally,
    /// `content_type`.
    pub(crate) fn take_file(&mut self, name: &str) -> Result<Option<FilePart>, DispatchError> {
        let file = self.take::<Map<String, Value>>("part", name)?;
        self.file(&format!("part/{name}"), file)
    }

    /// Takes a body that is a single file, in the format of [`take_file`](Self::take_file).
    #[allow(
        dead_code,
        reason = "the spec decides whether an operation has such a body"
    )]
    pub(crate) fn take_file_body(&mut self) -> Result<Option<FilePart>, DispatchError> {
        let file = self.take_body::<Map<String, Value>>()?;
        self.file("body", file)
    }

    fn file(
        &mut self,
        argument: &str,
        file: Option<Map<String, Value>>,
    ) -> Result<Option<FilePart>, DispatchError> {
        let Some(mut file) = file else {
            return Ok(None);
        };
        let mut text = |field: &str| match file.shift_remove(field) {
            None => Ok(None),
            Some(value) => self
                .decode::<String>(format!("{argument}/{field}"), &value)
                .map(Some),
        };
        let file_name = text("file_name")?.unwrap_or_default();
        let content = text("content")?.unwrap_or_default();
        let mut part = FilePart::bytes(file_name, content);
        if let Some(content_type) = text("content_type")? {
            part = part.content_type(content_type);
        }
        match file.keys().next() {
            None => Ok(Some(part)),
            Some(unknown) => Err(self.unknown(format!("{argument}/{unknown}"))),
        }
    }

    /// Returns an error if an argument was not taken.
    pub(crate) fn check_all_taken(self) -> Result<(), DispatchError> {
        for (location, values) in &self.remaining {
            let argument = match values.as_object().filter(|_| location != "body") {
                Some(values) if values.is_empty() => continue,
                Some(values) => {
                    let names: Vec<&str> = values.keys().map(String::as_str).collect();
                    format!("{location}/{}", names.join(", "))
                }
                None => location.clone(),
            };
            return Err(self.unknown(argument));
        }
        Ok(())
    }

    fn unknown(&self, argument: String) -> DispatchError {
        DispatchError::UnknownArgument {
            operation: self.operation,
            argument,
        }
    }

    fn decode<T: DeserializeOwned + fmt::Debug>(
        &self,
        argument: String,
        value: &Value,
    ) -> Result<T, DispatchError> {
        // Types may deserialize from text differently than from a `Value`.
        let text = value.to_string();
        let decoded: Result<T, _> =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&text));
        let reason = match decoded {
            Ok(value) if count_unknown(&value) == 0 => return Ok(value),
            Ok(_) => "it contains an unknown enum value or variant".to_owned(),
            Err(error) => format!("it does not decode at {}", error.path()),
        };
        Err(DispatchError::Argument {
            operation: self.operation,
            argument,
            reason,
        })
    }
}

/// Counts the unknown values and variants in the `Debug` output, the only trait that reaches all of them.
fn count_unknown(value: &impl fmt::Debug) -> usize {
    let debug = format!("{value:?}");
    ["UnknownVariant {", "UnknownValue("]
        .iter()
        .map(|marker| debug.matches(marker).count())
        .sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arguments(value: Value) -> Arguments {
        Arguments::new("create_table", serde_json::from_value(value).unwrap())
    }

    #[test]
    fn takes_argument_by_location_and_name() {
        let mut arguments =
            arguments(json!({"path": {"id": "a"}, "query": {"id": 7}, "body": [1]}));
        assert_eq!(arguments.take::<i64>("query", "id").unwrap(), Some(7));
        assert_eq!(
            arguments.take::<String>("path", "id").unwrap().as_deref(),
            Some("a")
        );
        assert_eq!(arguments.take::<String>("path", "id").unwrap(), None);
        assert_eq!(arguments.take_body::<Vec<i64>>().unwrap(), Some(vec![1]));
        arguments.check_all_taken().unwrap();
    }

    #[test]
    fn rejects_unknown_arguments() {
        for (value, expected) in [
            (json!({"query": {"limti": 1}}), "query/limti"),
            (json!({"body": {}}), "body"),
            (json!({"body": null}), "body"),
            (json!({"cookies": 1}), "cookies"),
        ] {
            let error = arguments(value).check_all_taken().unwrap_err();
            assert!(error.to_string().ends_with(expected), "{error}");
        }
        let mut file = arguments(json!({"part": {"file": {"file_name": "a", "size": 1}}}));
        assert!(
            file.take_file("file")
                .unwrap_err()
                .to_string()
                .ends_with("part/file/size")
        );
    }

    #[test]
    fn rejects_unknown_variant() {
        type Lifecycles = Vec<retab_api::types::WorkflowRunLifecycle>;
        let mut arguments = arguments(json!({"body": {"status": "new"}}));
        let error = arguments.take_body::<Lifecycles>().unwrap_err();
        assert!(error.to_string().contains("does not decode"), "{error}");
        arguments
            .remaining
            .insert("body".to_owned(), json!([{"status": "new"}]));
        let error = arguments.take_body::<Lifecycles>().unwrap_err();
        assert!(error.to_string().contains("contains an unknown"), "{error}");
    }

    #[test]
    fn rejects_mismatched_value_without_printing_it() {
        let mut arguments = arguments(json!({"body": {"a": ["secret"]}}));
        let result = arguments.take_body::<std::collections::HashMap<String, Vec<i64>>>();
        let text = result.unwrap_err().to_string();
        assert!(text.contains("body") && text.contains("a[0]"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
