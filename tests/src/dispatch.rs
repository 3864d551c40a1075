//! Calls by operation id and JSON: what the generated dispatcher is made of.

use std::fmt;

use retab_api::runtime::{ByteStream, ListOperation};
use retab_api::{Error, FilePart, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What a dispatched call returned.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The answer of an operation that has none.
    Empty,
    /// The typed answer.
    Json {
        /// The answer, written as JSON again.
        value: Value,
        /// How many of its values and variants its types do not know: JSON alone does not tell,
        /// since what is unknown is kept as it came.
        unknown: usize,
    },
    /// The bytes of the answer.
    Bytes(Vec<u8>),
}

impl Outcome {
    pub(crate) fn from_json<T: Serialize + fmt::Debug>(
        operation: &'static str,
        answer: &ResponseValue<T>,
    ) -> Result<Self, DispatchError> {
        match serde_json::to_value(&**answer) {
            Ok(value) => Ok(Self::Json {
                value,
                unknown: count_unknown(&**answer),
            }),
            Err(error) => Err(DispatchError::Response {
                operation,
                reason: error.to_string(),
            }),
        }
    }

    pub(crate) async fn from_bytes(
        answer: ResponseValue<ByteStream>,
    ) -> Result<Self, DispatchError> {
        let bytes = answer.into_inner().read_to_end(u64::MAX).await?;
        Ok(Self::Bytes(bytes.into()))
    }
}

/// Shows which it is; what the service answered can be confidential.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Json { .. } => "Json(..)",
            Self::Bytes(_) => "Bytes(..)",
        })
    }
}

/// What is done with the call of any list operation.
pub trait ListVisitor {
    /// What comes of it.
    type Output;

    /// Does it.
    fn visit<L>(self, call: L) -> Self::Output
    where
        L: ListOperation + Clone + Send + 'static,
        L::Item: Serialize + DeserializeOwned + fmt::Debug + Send + 'static;
}

/// Why a call could not be dispatched, or failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum DispatchError {
    /// The document has no operation of this id.
    UnknownOperation(String),
    /// No setter of the operation takes this argument.
    UnknownArgument {
        /// The operation's id.
        operation: &'static str,
        /// The argument, as `place/name`.
        argument: String,
    },
    /// The argument does not decode into what its setter takes.
    Argument {
        /// The operation's id.
        operation: &'static str,
        /// The argument, as `place/name`.
        argument: String,
        /// Why not, without the value.
        reason: String,
    },
    /// The typed answer has no JSON form.
    Response {
        /// The operation's id.
        operation: &'static str,
        /// Why not.
        reason: String,
    },
    /// The call failed.
    Call(Error),
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation(id) => write!(f, "there is no operation {id}"),
            Self::UnknownArgument {
                operation,
                argument,
            } => write!(f, "{operation}: no setter takes the argument {argument}"),
            Self::Argument {
                operation,
                argument,
                reason,
            } => write!(
                f,
                "{operation}: the argument {argument} is refused: {reason}"
            ),
            Self::Response { operation, reason } => {
                write!(f, "{operation}: its answer has no JSON form: {reason}")
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

/// The arguments of one call that no setter has taken yet.
pub(crate) struct Arguments {
    operation: &'static str,
    left: Map<String, Value>,
}

impl Arguments {
    pub(crate) fn new(operation: &'static str, arguments: Map<String, Value>) -> Self {
        Self {
            operation,
            left: arguments,
        }
    }

    /// Takes the argument of this name at this place of the request.
    pub(crate) fn take<T: DeserializeOwned + fmt::Debug>(
        &mut self,
        place: &str,
        name: &str,
    ) -> Result<Option<T>, DispatchError> {
        let values = self.left.get_mut(place).and_then(Value::as_object_mut);
        let Some(value) = values.and_then(|values| values.shift_remove(name)) else {
            return Ok(None);
        };
        self.decode(format!("{place}/{name}"), &value).map(Some)
    }

    /// Takes the body.
    pub(crate) fn take_body<T: DeserializeOwned + fmt::Debug>(
        &mut self,
    ) -> Result<Option<T>, DispatchError> {
        let Some(value) = self.left.shift_remove("body") else {
            return Ok(None);
        };
        self.decode("body".to_owned(), &value).map(Some)
    }

    /// Takes the file of a multipart body: an object with `file_name`, `content` and, where it is
    /// to be set, `content_type`, all of them texts.
    pub(crate) fn take_file(&mut self, name: &str) -> Result<Option<FilePart>, DispatchError> {
        let file = self.take::<Map<String, Value>>("part", name)?;
        self.file(&format!("part/{name}"), file)
    }

    /// The body, where it is one file: the object that stands for a file, as a part is.
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

    /// Refuses what no setter took.
    pub(crate) fn check_all_taken(self) -> Result<(), DispatchError> {
        for (place, values) in &self.left {
            let argument = match values.as_object().filter(|_| place != "body") {
                Some(values) if values.is_empty() => continue,
                Some(values) => {
                    let names: Vec<&str> = values.keys().map(String::as_str).collect();
                    format!("{place}/{}", names.join(", "))
                }
                None => place.clone(),
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
        // As text, since a type can read its JSON in another way than from a tree of values.
        let text = value.to_string();
        let decoded: Result<T, _> =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&text));
        let reason = match decoded {
            Ok(value) if count_unknown(&value) == 0 => return Ok(value),
            Ok(_) => "its type does not know one of its values".to_owned(),
            Err(failure) => format!("it does not decode at {}", failure.path()),
        };
        Err(DispatchError::Argument {
            operation: self.operation,
            argument,
            reason,
        })
    }
}

/// How many unknown values and variants `Debug` shows: it is the one trait that reaches all of them
/// and tells them from what is known.
fn count_unknown(value: &impl fmt::Debug) -> usize {
    let shown = format!("{value:?}");
    ["UnknownVariant {", "UnknownValue("]
        .iter()
        .map(|mark| shown.matches(mark).count())
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
    fn a_name_is_taken_at_its_place() {
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
    fn what_no_setter_takes_is_refused() {
        for (given, named) in [
            (json!({"query": {"limti": 1}}), "query/limti"),
            (json!({"body": {}}), "body"),
            (json!({"body": null}), "body"),
            (json!({"cookies": 1}), "cookies"),
        ] {
            let refused = arguments(given).check_all_taken().unwrap_err();
            assert!(refused.to_string().ends_with(named), "{refused}");
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
        let refused = arguments.take_body::<Lifecycles>().unwrap_err();
        assert!(refused.to_string().contains("does not decode"), "{refused}");
        arguments
            .left
            .insert("body".to_owned(), json!([{"status": "new"}]));
        let refused = arguments.take_body::<Lifecycles>().unwrap_err();
        assert!(refused.to_string().contains("does not know"), "{refused}");
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused_without_being_shown() {
        let mut arguments = arguments(json!({"body": {"a": ["secret"]}}));
        let refused = arguments.take_body::<std::collections::HashMap<String, Vec<i64>>>();
        let text = refused.unwrap_err().to_string();
        assert!(text.contains("body") && text.contains("a[0]"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
