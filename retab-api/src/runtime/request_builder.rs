//! One call of an operation, collected setter by setter and sent once.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::body::{Body, FilePart, Form};
use super::error::{BuildError, Error, InvalidRequest};
use super::operation::{Location, Operation, Parameter};
use super::parameter_text as text;
use super::request::{Input, Request, ResponseFormat, path};
use super::response::{self, ByteStream, Response, ResponseBody, ResponseValue};
use crate::Client;

/// Why a value cannot be a body or a parameter in JSON.
const NO_JSON: &str = "it has no JSON form";

/// Why a media type cannot be sent.
const NO_HEADER: &str = "its media type is no header value";

/// One call of an operation; what the builders of the operations are made of.
///
/// Setting a parameter again replaces it, setting it to `None` takes it back. A value that cannot
/// be used is reported when the call is sent, by the first such parameter.
///
/// ```
/// use retab_api::runtime::{RequestBuilder, Location, Method, Operation, Parameter, Success};
///
/// static GET_RUN: Operation = Operation::new("get_run", Method::GET, "/v1/workflows/runs/{run_id}")
///     .with_parameters(&[Parameter::new("run_id", Location::Path, true)])
///     .with_success(Success::Json);
///
/// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
/// let mut call = RequestBuilder::new(&client, &GET_RUN);
/// call.path::<String, _>("run_id", "run_abc");
/// let run = call.send_json::<serde_json::Value>().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a call does nothing until it is sent"]
pub struct RequestBuilder {
    client: Client,
    operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, Vec<(String, String)>)>,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Body,
    invalid: Option<InvalidRequest>,
}

impl RequestBuilder {
    /// A call of `operation` by `client`, without parameters.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::Empty,
            invalid: None,
        }
    }

    /// Sets a parameter of the path; a list is joined by commas.
    pub fn path<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        if let Some(value) = self.converted("path parameter", name, value, text::single) {
            set(&mut self.path, name, value);
        }
    }

    /// Sets a parameter of the query; a list repeats the name, an object gives its own names.
    pub fn query<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        self.query_pairs(name, value, |value| text::pairs(name, value));
    }

    /// Sets a parameter of the query; a list is one text, with `between` between its items.
    pub fn query_joined<T: Serialize, V: Input<T>>(
        &mut self,
        name: &'static str,
        between: &str,
        value: V,
    ) {
        self.query_pairs(name, value, |value| {
            let text = text::joined(value, between)?;
            Ok(text
                .into_iter()
                .map(|text| (name.to_owned(), text))
                .collect())
        });
    }

    /// Sets a parameter of the query; an object gives pairs such as `filter[name]`.
    pub fn query_deep<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        self.query_pairs(name, value, |value| text::deep_pairs(name, value));
    }

    /// Sets a parameter of the query, in JSON.
    pub fn query_json<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        self.query_pairs(name, value, |value| {
            let json = serde_json::to_string(value).map_err(|_| NO_JSON)?;
            Ok(vec![(name.to_owned(), json)])
        });
    }

    fn query_pairs<T, V: Input<T>>(
        &mut self,
        name: &'static str,
        value: V,
        pairs: impl FnOnce(&T) -> Result<Vec<(String, String)>, &'static str>,
    ) {
        if let Some(pairs) = self.converted("query parameter", name, value, pairs) {
            set(
                &mut self.query,
                name,
                Some(pairs).filter(|pairs| !pairs.is_empty()),
            );
        }
    }

    /// Sets a header; a list is joined by commas.
    pub fn header<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        let header = |value: &T| match text::single(value)? {
            Some(text) => HeaderValue::try_from(text)
                .map(Some)
                .map_err(|_| "its value has characters that no header can have"),
            None => Ok(None),
        };
        if let Some(value) = self.converted("header", name, value, header) {
            set(&mut self.headers, name, value);
        }
    }

    /// Sets the body, in JSON; it is encoded here, once for all attempts.
    pub fn json<T: Serialize, V: Input<T>>(&mut self, value: V) {
        self.encoded("application/json", value, |value: &T| {
            serde_json::to_vec(value).map_err(|_| NO_JSON)
        });
    }

    /// Sets the body, as the pairs of `application/x-www-form-urlencoded`; a list of scalars
    /// repeats its name, a list or an object of anything else is one value in JSON.
    pub fn form<T: Serialize, V: Input<T>>(&mut self, value: V) {
        self.encoded("application/x-www-form-urlencoded", value, |value: &T| {
            let pairs = text::form_pairs(value)?;
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            Ok(form.extend_pairs(pairs).finish().into_bytes())
        });
    }

    /// Sets the body, a text of this media type.
    pub fn text<T: AsRef<str>, V: Input<T>>(&mut self, content_type: &'static str, value: V) {
        self.encoded(content_type, value, |value: &T| {
            Ok(value.as_ref().as_bytes().to_vec())
        });
    }

    /// Sets the body, one file of this media type; of a range such as `image/*` the file says
    /// which it is.
    pub fn file_body(&mut self, content_type: &'static str, value: FilePart) {
        let content_type = if content_type.contains('*') {
            value.media_type()
        } else {
            content_type.to_owned()
        };
        match HeaderValue::try_from(content_type) {
            Ok(content_type) => {
                self.body = Body::File {
                    content_type,
                    file: value,
                };
            }
            Err(_) => self.refuse("request body", NO_HEADER),
        }
    }

    /// Sets the body to what `encode` makes of a value, once for all attempts.
    fn encoded<T, V: Input<T>>(
        &mut self,
        content_type: &'static str,
        value: V,
        encode: impl FnOnce(&T) -> Result<Vec<u8>, &'static str>,
    ) {
        let Some(bytes) = self.converted("request", "body", value, encode) else {
            return;
        };
        match HeaderValue::try_from(content_type) {
            Ok(content_type) => {
                self.body = Body::Bytes {
                    content_type,
                    bytes: Bytes::from(bytes),
                };
            }
            Err(_) => self.refuse("request body", NO_HEADER),
        }
    }

    fn refuse(&mut self, what: &str, reason: &str) {
        let invalid = || InvalidRequest::new(format!("{what}: {reason}"));
        self.invalid.get_or_insert_with(invalid);
    }

    /// Sets a part of the multipart body; a list of scalars is several parts of the name, a list
    /// or an object of anything else is one part in JSON.
    pub fn part<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        if let Some(values) = self.converted("part", name, value, text::form_values) {
            self.edit_form(|form| form.set_values(name, values));
        }
    }

    /// Sets a file of the multipart body.
    pub fn file(&mut self, name: &'static str, value: FilePart) {
        self.edit_form(|form| form.set_file(name, value));
    }

    /// Sends the call; the answer is one JSON value, which decodes into `T`.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind).
    pub async fn send_json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let operation = self.operation;
        let answer = self.send(ResponseFormat::Json).await?;
        response::decode(operation, answer).await
    }

    /// Sends the call; a body of the answer is ignored.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind) but those of a body.
    pub async fn send_empty(self) -> Result<ResponseValue<()>, Error> {
        let answer = self.send(ResponseFormat::Empty).await?;
        Ok(ResponseValue::new(
            answer.status,
            answer.headers,
            answer.attempts,
            (),
        ))
    }

    /// Sends the call; the answer is bytes of any media type, handed on as they arrive.
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind) but those of a JSON body.
    pub async fn send_bytes(self) -> Result<ResponseValue<ByteStream>, Error> {
        let operation = self.operation;
        let answer = self.send(ResponseFormat::Bytes).await?;
        let stream = match answer.body {
            ResponseBody::Stream(stream) => stream,
            ResponseBody::Buffered(bytes) => {
                ByteStream::new(operation, futures_util::stream::iter([Ok(bytes)]))
            }
        };
        Ok(ResponseValue::new(
            answer.status,
            answer.headers,
            answer.attempts,
            stream,
        ))
    }

    async fn send(self, response_format: ResponseFormat) -> Result<Response, Error> {
        let client = self.client.clone();
        let operation = self.operation;
        let request = self.into_request(response_format).await?;
        let repeatable = request.is_idempotent();
        match client.executor().execute(request).await {
            Ok(mut answer) => {
                if repeatable {
                    answer.outcome_unknown.get_or_insert(false);
                }
                answer.into_success(operation)
            }
            Err(error) if repeatable => Err(error.with_outcome_unknown(false)),
            Err(error) => Err(error),
        }
    }

    async fn into_request(mut self, response_format: ResponseFormat) -> Result<Request, Error> {
        let operation = self.operation;
        let url = match self.check().and_then(|()| self.url()) {
            Ok(url) => url,
            Err(invalid) => return Err(invalid.into_error(operation)),
        };
        let prepared = self.body.prepare().await;
        prepared.map_err(|invalid| invalid.into_error(operation))?;
        let options = self.client.options().clone();
        Request::new(
            operation,
            url,
            &self.headers,
            self.body,
            options,
            response_format,
        )
    }

    /// Refuses a call that has an unusable value or lacks a required one.
    fn check(&mut self) -> Result<(), InvalidRequest> {
        if let Some(invalid) = self.invalid.take() {
            return Err(invalid);
        }
        let required = |parameter: &&Parameter| parameter.required;
        for parameter in self.operation.parameters.iter().filter(required) {
            let (what, is_set) = match parameter.location {
                Location::Path => ("path parameter", has(&self.path, parameter.name)),
                Location::Query => ("query parameter", has(&self.query, parameter.name)),
                Location::Header => ("header", has(&self.headers, parameter.name)),
                Location::Part => continue,
            };
            if !is_set {
                return Err(not_set(what, parameter.name));
            }
        }
        let Some(body) = &self.operation.request_body else {
            return Ok(());
        };
        match &self.body {
            Body::Empty if !body.required => Ok(()),
            Body::Bytes { .. } | Body::Pieces { .. } | Body::File { .. } => Ok(()),
            Body::Empty if body.parts.iter().all(|part| !part.required) => {
                Err(not_set("request", "body"))
            }
            Body::Empty => check_parts(body.parts, None),
            Body::Multipart(form) => check_parts(body.parts, Some(form)),
        }
    }

    fn url(&self) -> Result<url::Url, InvalidRequest> {
        let mut url = path::url(self.client.base_url(), self.operation.path, &self.path)?;
        if !self.query.is_empty() {
            let pairs = self.query.iter().flat_map(|(_, pairs)| pairs);
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Ok(url)
    }

    /// The text form of a value; `None` after noting why there is none.
    fn converted<T, V: Input<T>, U>(
        &mut self,
        what: &str,
        name: &str,
        value: V,
        form: impl FnOnce(&T) -> Result<U, &'static str>,
    ) -> Option<U> {
        let converted = value
            .into_value()
            .and_then(|value| form(&value).map_err(BuildError::new));
        match converted {
            Ok(converted) => Some(converted),
            Err(reason) => {
                let invalid = || InvalidRequest::new(format!("{what} {name}: {reason}"));
                self.invalid.get_or_insert_with(invalid);
                None
            }
        }
    }

    /// The operation that is called.
    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The value of a parameter of the query, where it was set.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        let (_, pairs) = self.query.iter().find(|(set, _)| *set == name)?;
        pairs.first().map(|(_, value)| value.as_str())
    }

    /// Takes back a parameter of the query.
    pub(crate) fn unset_query(&mut self, name: &'static str) {
        set(&mut self.query, name, None);
    }

    /// Takes back a header, be it a parameter or an option.
    pub(crate) fn unset_header(&mut self, name: &str) {
        self.headers
            .retain(|(set, _)| !set.eq_ignore_ascii_case(name));
        self.client.options_mut().unset_header(name);
    }

    fn edit_form(&mut self, edit: impl FnOnce(&mut Form)) {
        if let Body::Multipart(form) = &mut self.body {
            edit(form);
        } else {
            let mut form = Form::new();
            edit(&mut form);
            self.body = Body::Multipart(form);
        }
    }
}

fn check_parts(parts: &[Parameter], form: Option<&Form>) -> Result<(), InvalidRequest> {
    let is_set = |name| form.is_some_and(|form| form.names().any(|set| set == name));
    match parts
        .iter()
        .find(|part| part.required && !is_set(part.name))
    {
        Some(missing) => Err(not_set("part", missing.name)),
        None => Ok(()),
    }
}

fn not_set(what: &str, name: &str) -> InvalidRequest {
    InvalidRequest::new(format!("{what} {name} is required and was not set"))
}

/// Sets, replaces or takes back a named value.
fn set<T>(values: &mut Vec<(&'static str, T)>, name: &'static str, value: Option<T>) {
    let place = values.iter().position(|(set, _)| *set == name);
    match (place, value) {
        (Some(place), Some(value)) => values[place].1 = value,
        (Some(place), None) => drop(values.remove(place)),
        (None, Some(value)) => values.push((name, value)),
        (None, None) => {}
    }
}

fn has<T>(values: &[(&'static str, T)], name: &str) -> bool {
    values.iter().any(|(set, _)| *set == name)
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.iter().map(|(name, _)| *name);
        let query = self.query.iter().map(|(name, _)| *name);
        let headers = self.headers.iter().map(|(name, _)| *name);
        let names: Vec<_> = path.chain(query).chain(headers).collect();
        f.debug_struct("RequestBuilder")
            .field("operation", &self.operation.id)
            .field("parameters", &names)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
