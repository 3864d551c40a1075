//! The argument types of setters.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::runtime::error::BuildError;
use crate::runtime::json::Nullable;

/// A type that a setter accepts for a value of type `T`.
///
/// | value | accepted types |
/// | --- | --- |
/// | text | everything that implements [`Into`], or [`TryInto`] with an error that converts into [`BuildError`] |
/// | JSON, a timestamp | everything that implements [`Into`] |
/// | a number | everything that implements [`TryInto`], such as `usize` for `i64` |
/// | a list | iterators over accepted item types |
/// | a map | iterators over pairs of a name and an accepted value type |
/// | a generated type | the type, its builder, and types that convert into it |
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
    message = "cannot use `{Self}` as a value of type `{T}`",
    note = "use `when_some` to set a field from an `Option`"
)]
pub trait Input<T> {
    /// Converts into the value.
    ///
    /// # Errors
    ///
    /// Returns an error if the conversion fails, or if a builder lacks a required field.
    fn into_value(self) -> Result<T, BuildError>;
}

/// A type that a setter accepts for a field that distinguishes null from absence: every [`Input`], and [`Nullable`].
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
    message = "cannot use `{Self}` as a value of type `{T}` or as null",
    note = "use `when_some` to set a field from an `Option`"
)]
pub trait InputOrNull<T> {
    /// Converts into the value or null.
    ///
    /// # Errors
    ///
    /// Returns an error if the conversion fails, or if a builder lacks a required field.
    fn into_nullable(self) -> Result<Nullable<T>, BuildError>;
}

impl<T, V: Input<T>> InputOrNull<T> for V {
    fn into_nullable(self) -> Result<Nullable<T>, BuildError> {
        self.into_value().map(Nullable::Value)
    }
}

// Implemented type by type: a blanket implementation would overlap with the one above, because other crates may implement
// `Input` for their own types.
macro_rules! nullable_input {
    ($([$($of:tt)*] $target:ty),* $(,)?) => {
        $(impl$($of)* $crate::runtime::InputOrNull<$target> for $crate::runtime::Nullable<$target> {
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
    ($($target:ty),* $(,)?) => {
        $(impl<V: Into<$target>> Input<$target> for V {
            fn into_value(self) -> Result<$target, BuildError> {
                Ok(self.into())
            }
        })*
    };
}

macro_rules! input_by_try_into {
    ($($target:ty),* $(,)?) => {
        $(impl<V: TryInto<$target>> Input<$target> for V {
            fn into_value(self) -> Result<$target, BuildError> {
                self.try_into().map_err(|_| BuildError::conversion_failed())
            }
        })*
    };
}

input_by_into!(bool, f64, Number, Value, DateTime<Utc>);
input_by_try_into!(i64, u64);

/// For text, and for ids that check themselves when a request is built.
impl<V: TryInto<String>> Input<String> for V
where
    BuildError: From<V::Error>,
{
    fn into_value(self) -> Result<String, BuildError> {
        Ok(self.try_into()?)
    }
}

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

/// For nullable list items and map values.
impl<T, V: Input<T>> Input<Option<T>> for Option<V> {
    fn into_value(self) -> Result<Option<T>, BuildError> {
        self.map(Input::into_value).transpose()
    }
}

/// Implements `Input` of a generated type for everything that converts into it, including its builder.
macro_rules! input {
    ($target:ident) => {
        impl<V: TryInto<$target>> $crate::runtime::Input<$target> for V
        where
            $crate::runtime::BuildError: ::std::convert::From<V::Error>,
        {
            fn into_value(self) -> ::std::result::Result<$target, $crate::runtime::BuildError> {
                ::std::result::Result::Ok(self.try_into()?)
            }
        }
    };
}
pub(crate) use input;

/// Calls a setter if there is a value.
pub(crate) fn when_some<B, V>(builder: B, value: Option<V>, set: impl FnOnce(B, V) -> B) -> B {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

/// The first conversion error of a builder, with its field.
#[derive(Clone, Default)]
pub(crate) struct FirstError(Option<(&'static str, BuildError)>);

impl FirstError {
    /// Converts the value of a field. On failure, stores the error and returns `None`.
    pub(crate) fn take<T>(&mut self, field: &'static str, value: impl Input<T>) -> Option<T> {
        self.store_error(field, value.into_value())
    }

    /// Converts the value of a nullable field. On failure, stores the error and returns `None`.
    pub(crate) fn take_or_null<T>(
        &mut self,
        field: &'static str,
        value: impl InputOrNull<T>,
    ) -> Option<Nullable<T>> {
        self.store_error(field, value.into_nullable())
    }

    fn store_error<T>(&mut self, field: &'static str, value: Result<T, BuildError>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.get_or_insert((field, error));
                None
            }
        }
    }

    /// Returns the stored error, as an error of the type `of`.
    pub(crate) fn check(self, of: &'static str) -> Result<(), BuildError> {
        match self.0 {
            Some((field, error)) => Err(error.within(field, of)),
            None => Ok(()),
        }
    }
}
