//! What a setter takes.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::runtime::error::BuildError;
use crate::runtime::json::Nullable;

/// What a setter takes for a value of type `T`.
///
/// | for | a setter takes |
/// | --- | --- |
/// | text, JSON, a timestamp | what converts [`Into`] it |
/// | a number | what converts into it by [`TryInto`], a `usize` for an `i64` for example |
/// | a list | what iterates over what is taken for its items |
/// | an object of named values | what iterates over pairs of a name and what is taken for a value |
/// | a type of the document | the type itself, its builder, or what else converts into it |
///
/// ```
/// use retab_api::types::{CreateWorkflowRunRequest, MimeData};
///
/// # fn demo() -> Result<(), retab_api::BuildError> {
/// let invoice = MimeData::builder()
///     .filename("invoice.pdf")
///     .url("https://storage.example/invoice.pdf");
/// let request = CreateWorkflowRunRequest::builder()
///     .workflow_id("wf_abc123xyz")
///     .documents([("start_document-block-1", invoice)])
///     .metadata([("tenant", "acme")])
///     .build()?;
/// assert_eq!(request.workflow_id, "wf_abc123xyz");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for a value of type `{T}`",
    note = "an optional value is given by `when_some`, which leaves the field alone where there is none"
)]
pub trait Input<T> {
    /// The value.
    ///
    /// # Errors
    ///
    /// A value that does not convert; a builder that lacks a required field.
    fn into_value(self) -> Result<T, BuildError>;
}

/// What a setter takes for a field of which null says something: what [`Input`] takes, or a
/// [`Nullable`].
///
/// ```
/// use retab_api::Nullable;
/// use retab_api::types::UpdateWorkflowRequest;
///
/// # fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let request = UpdateWorkflowRequest::builder()
///     .name("Invoices")
///     .description(Nullable::Null)
///     .build()?;
/// assert_eq!(serde_json::to_string(&request)?, r#"{"description":null,"name":"Invoices"}"#);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for a value of type `{T}` or for null",
    note = "an optional value is given by `when_some`, which leaves the field alone where there is none"
)]
pub trait InputOrNull<T> {
    /// The value, or null.
    ///
    /// # Errors
    ///
    /// A value that does not convert; a builder that lacks a required field.
    fn into_nullable(self) -> Result<Nullable<T>, BuildError>;
}

impl<T, V: Input<T>> InputOrNull<T> for V {
    fn into_nullable(self) -> Result<Nullable<T>, BuildError> {
        self.into_value().map(Nullable::Value)
    }
}

// One by one: for every `T` at once it would meet the implementation above, as far as the compiler
// can tell, since another crate may implement `Input` for types of its own.
macro_rules! nullable_input {
    ($([$($of:tt)*] $taken:ty),* $(,)?) => {
        $(impl$($of)* $crate::runtime::InputOrNull<$taken> for $crate::runtime::Nullable<$taken> {
            fn into_nullable(
                self,
            ) -> ::std::result::Result<Self, $crate::runtime::BuildError> {
                ::std::result::Result::Ok(self)
            }
        })*
    };
}
nullable_input!(
    [] String, [] bool, [] i64, [] u64, [] f64, [] Number, [] Value, [] DateTime<Utc>,
    [] Map<String, Value>, [<T>] Vec<T>, [<T>] IndexMap<String, T>,
);

pub(crate) use nullable_input;

macro_rules! input_by_into {
    ($($taken:ty),* $(,)?) => {
        $(impl<V: Into<$taken>> Input<$taken> for V {
            fn into_value(self) -> Result<$taken, BuildError> {
                Ok(self.into())
            }
        })*
    };
}

macro_rules! input_by_try_into {
    ($($taken:ty),* $(,)?) => {
        $(impl<V: TryInto<$taken>> Input<$taken> for V {
            fn into_value(self) -> Result<$taken, BuildError> {
                self.try_into().map_err(|_| BuildError::unfit())
            }
        })*
    };
}

input_by_into!(String, bool, f64, Number, Value, DateTime<Utc>);
input_by_try_into!(i64, u64);

impl<T, I> Input<Vec<T>> for I
where
    I: IntoIterator,
    I::Item: Input<T>,
{
    fn into_value(self) -> Result<Vec<T>, BuildError> {
        self.into_iter().map(Input::into_value).collect()
    }
}

impl<T, I, K, V> Input<IndexMap<String, T>> for I
where
    I: IntoIterator<Item = (K, V)>,
    K: Into<String>,
    V: Input<T>,
{
    fn into_value(self) -> Result<IndexMap<String, T>, BuildError> {
        self.into_iter().map(pair).collect()
    }
}

impl<I, K, V> Input<Map<String, Value>> for I
where
    I: IntoIterator<Item = (K, V)>,
    K: Into<String>,
    V: Input<Value>,
{
    fn into_value(self) -> Result<Map<String, Value>, BuildError> {
        self.into_iter().map(pair).collect()
    }
}

fn pair<T, K: Into<String>, V: Input<T>>((name, value): (K, V)) -> Result<(String, T), BuildError> {
    Ok((name.into(), value.into_value()?))
}

/// For the items of a list and the values of an object that can be null.
impl<T, V: Input<T>> Input<Option<T>> for Option<V> {
    fn into_value(self) -> Result<Option<T>, BuildError> {
        self.map(Input::into_value).transpose()
    }
}

/// Says of a generated type that setters take what converts into it, its builder among it.
macro_rules! input {
    ($taken:ident) => {
        impl<V: TryInto<$taken>> $crate::runtime::Input<$taken> for V
        where
            $crate::runtime::BuildError: ::std::convert::From<V::Error>,
        {
            fn into_value(self) -> ::std::result::Result<$taken, $crate::runtime::BuildError> {
                ::std::result::Result::Ok(self.try_into()?)
            }
        }
    };
}
pub(crate) use input;

/// Sets something of a builder where there is a value for it.
pub(crate) fn when_some<B, V>(builder: B, value: Option<V>, set: impl FnOnce(B, V) -> B) -> B {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

/// The field for which a builder was given what it could not use; the first such one.
#[derive(Clone, Default)]
pub(crate) struct FirstError(Option<(&'static str, BuildError)>);

impl FirstError {
    /// The value for a field; `None` after noting why there is none.
    pub(crate) fn take<T>(&mut self, field: &'static str, value: impl Input<T>) -> Option<T> {
        self.taken(field, value.into_value())
    }

    /// The same for a field of which null says something.
    pub(crate) fn take_or_null<T>(
        &mut self,
        field: &'static str,
        value: impl InputOrNull<T>,
    ) -> Option<Nullable<T>> {
        self.taken(field, value.into_nullable())
    }

    fn taken<T>(&mut self, field: &'static str, value: Result<T, BuildError>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.get_or_insert((field, error));
                None
            }
        }
    }

    /// The error, as one of the type `of`.
    pub(crate) fn check(self, of: &'static str) -> Result<(), BuildError> {
        match self.0 {
            Some((field, error)) => Err(error.within(field, of)),
            None => Ok(()),
        }
    }
}
