//! The builder beneath the generated builders: collects parameters and sends the request.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::body::{Body, FilePart, Form, Parts};
use super::error::{BuildError, Error, InvalidRequest};
use super::json::{self, Failure};
use super::operation::{Location, Operation, Parameter};
use super::parameter_text as text;
use super::request::{Input, Request, ResponseFormat, path};
use super::response::{self, ByteStream, Response, ResponseBody, ResponseValue};
use super::response_metadata::ResponseMetadata;
use crate::Client;

/// The reason given for values that cannot be serialized.
const NO_JSON: &str = "cannot serialize the value as JSON";

/// The reason given for invalid media types.
const NO_HEADER: &str = "the media type is not a valid header value";

/// A request of an operation, built setter by setter. The generated builders wrap it.
///
/// Setting a parameter again replaces its value; setting it to `None` removes it. Invalid values are reported when the
/// request is sent: the first one fails it.
///
/// ```
/// use retab_api::runtime::{RequestBuilder, Location, Method, Operation, Parameter, Success};
///
/// static GET_RUN: Operation = Operation::new("get_run", Method::GET, "/v1/workflows/runs/{run_id}")
///     .with_parameters(&[Parameter::new("run_id", Location::Path, true)])
///     .with_success(Success::Json);
///
/// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
/// let mut request = RequestBuilder::new(&client, &GET_RUN);
/// request.path::<String, _>("run_id", "run_abc");
/// let run = request.send_json::<serde_json::Value>().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a request builder does nothing until it is sent"]
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
    /// Creates a builder without parameters.
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

    /// Sets a path parameter. Lists are joined by commas.
    pub fn path<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        if let Some(value) = self.converted("path parameter", name, value, text::single) {
            set(&mut self.path, name, value);
        }
    }

    /// Sets a query parameter. Lists repeat the name; objects use their field names.
    pub fn query<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        self.query_pairs(name, value, |value| text::pairs(name, value));
    }

    /// Sets a query parameter. Lists are joined by `separator`.
    pub fn query_joined<T: Serialize, V: Input<T>>(
        &mut self,
        name: &'static str,
        separator: &str,
        value: V,
    ) {
        self.query_pairs(name, value, |value| {
            let text = text::joined(value, separator)?;
            Ok(text
                .into_iter()
                .map(|text| (name.to_owned(), text))
                .collect())
        });
    }

    /// Sets a query parameter. Objects use bracket notation, such as `filter[name]`.
    pub fn query_deep<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        self.query_pairs(name, value, |value| text::deep_pairs(name, value));
    }

    /// Sets a query parameter, serialized as JSON.
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

    /// Sets a header. Lists are joined by commas.
    pub fn header<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        let header = |value: &T| match text::single(value)? {
            Some(text) => HeaderValue::try_from(text)
                .map(Some)
                .map_err(|_| "the value contains characters that are invalid in a header"),
            None => Ok(None),
        };
        if let Some(value) = self.converted("header", name, value, header) {
            set(&mut self.headers, name, value);
        }
    }

    /// Sets a JSON body, serialized once for all attempts.
    pub fn json<T: Serialize, V: Input<T>>(&mut self, value: V) {
        self.encoded("application/json", value, |value: &T| {
            serde_json::to_vec(value).map_err(|_| NO_JSON)
        });
    }

    /// Sets a JSON body with embedded sources.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use bytes::Bytes;
    /// use retab_api::runtime::{EmbeddedSource, Parts, RequestBuilder};
    /// use retab_api::types::{CreateParseRequest, MimeData, Parse};
    ///
    /// # async fn demo(client: retab_api::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let note = MimeData::builder()
    ///     .filename("note.txt")
    ///     .url("data:text/plain;base64,");
    /// let body = CreateParseRequest::builder().document(note).build()?;
    /// let content = Arc::new(Bytes::from("Total: 12"));
    /// let source = EmbeddedSource::new(["document", "url"], "the document note.txt", content);
    /// let mut request = RequestBuilder::new(&client, &retab_api::operations::CREATE_PARSE);
    /// request.json_parts(Parts::json(&body, [source])?);
    /// let parse = request.send_json::<Parse>().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_parts(&mut self, parts: Parts) {
        let content_type = HeaderValue::from_static("application/json");
        self.body = match parts.into_bytes() {
            Ok(bytes) => Body::Bytes {
                content_type,
                bytes,
            },
            Err(parts) => Body::Parts {
                content_type,
                parts,
            },
        };
    }

    /// Sets an `application/x-www-form-urlencoded` body.
    ///
    /// Lists of scalars repeat the name. Other lists and objects are serialized as JSON.
    pub fn form<T: Serialize, V: Input<T>>(&mut self, value: V) {
        self.encoded("application/x-www-form-urlencoded", value, |value: &T| {
            let pairs = text::form_pairs(value)?;
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            Ok(form.extend_pairs(pairs).finish().into_bytes())
        });
    }

    /// Sets a text body of the given media type.
    pub fn text<T: AsRef<str>, V: Input<T>>(&mut self, content_type: &'static str, value: V) {
        self.encoded(content_type, value, |value: &T| {
            Ok(value.as_ref().as_bytes().to_vec())
        });
    }

    /// Sets a file as the whole body.
    ///
    /// If `content_type` is a range such as `image/*`, the media type of the file is sent instead.
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
            Err(_) => self.reject("request body", NO_HEADER),
        }
    }

    /// Sets the body to the encoded value. `encode` runs once for all attempts.
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
            Err(_) => self.reject("request body", NO_HEADER),
        }
    }

    fn reject(&mut self, what: &str, reason: &str) {
        let invalid = || InvalidRequest::new(format!("{what}: {reason}"));
        self.invalid.get_or_insert_with(invalid);
    }

    /// Sets a part of the multipart body.
    ///
    /// Lists of scalars become several parts with the same name. Other lists and objects become one JSON part.
    pub fn part<T: Serialize, V: Input<T>>(&mut self, name: &'static str, value: V) {
        if let Some(values) = self.converted("part", name, value, text::form_values) {
            self.edit_form(|form| form.set_values(name, values));
        }
    }

    /// Sets a file part of the multipart body.
    pub fn file(&mut self, name: &'static str, value: FilePart) {
        self.edit_form(|form| form.set_file(name, value));
    }

    /// Sends the request and decodes the JSON response into `T`.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid or fails, the status is not 2xx, or the response is not JSON that decodes
    /// into `T`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future aborts the request. The service may still process it.
    pub async fn send_json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        self.send_json_with(json::decode).await
    }

    /// Sends the request and decodes the JSON response by `decode`.
    pub(crate) async fn send_json_with<T>(
        self,
        decode: impl FnOnce(&[u8]) -> Result<T, Failure>,
    ) -> Result<ResponseValue<T>, Error> {
        let operation = self.operation;
        let response = self.send(ResponseFormat::Json).await?;
        response::decode(operation, response, decode).await
    }

    /// Sends the request and ignores the body of the response.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid or fails, or the status is not 2xx.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future aborts the request. The service may still process it.
    pub async fn send_empty(self) -> Result<ResponseValue<()>, Error> {
        let response = self.send(ResponseFormat::Empty).await?;
        Ok(ResponseValue::new(
            response.status,
            response.headers,
            response.attempts,
            (),
        ))
    }

    /// Sends the request and returns the body of the response as a stream of bytes, whatever its media type.
    ///
    /// # Errors
    ///
    /// Returns an error if the request is invalid or fails, or the status is not 2xx. Later connection errors are items of
    /// the stream.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future aborts the request. The service may still process it.
    pub async fn send_bytes(self) -> Result<ResponseValue<ByteStream>, Error> {
        let operation = self.operation;
        let response = self.send(ResponseFormat::Bytes).await?;
        let stream = match response.body {
            ResponseBody::Stream(stream) => stream,
            ResponseBody::Buffered(bytes) => {
                ByteStream::new(operation, futures_util::stream::iter([Ok(bytes)]))
            }
        };
        Ok(ResponseValue::new(
            response.status,
            response.headers,
            response.attempts,
            stream,
        ))
    }

    async fn send(self, response_format: ResponseFormat) -> Result<Response, Error> {
        let client = self.client.clone();
        let operation = self.operation;
        let request = self.into_request(response_format).await?;
        let idempotent = request.is_idempotent();
        let options = client.options();
        match client.executor().execute(request).await {
            Ok(mut response) => {
                let headers = response.headers.clone();
                options.notify(&ResponseMetadata::new(
                    operation,
                    response.status,
                    headers,
                    response.attempts,
                ));
                if idempotent {
                    response.outcome_unknown.get_or_insert(false);
                }
                response.into_success(operation)
            }
            Err(error) if idempotent => Err(error.with_outcome_unknown(false)),
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

    /// Rejects invalid values and missing required parameters.
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
            Body::Bytes { .. } | Body::Parts { .. } | Body::File { .. } => Ok(()),
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

    /// Converts a value. On failure, stores the reason and returns `None`.
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

    /// Returns the operation.
    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the first value of a query parameter.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        let (_, pairs) = self.query.iter().find(|(set, _)| *set == name)?;
        pairs.first().map(|(_, value)| value.as_str())
    }

    /// Removes a query parameter.
    pub(crate) fn unset_query(&mut self, name: &'static str) {
        set(&mut self.query, name, None);
    }

    /// Removes a header, whether set as a parameter or by an option.
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
    InvalidRequest::new(format!("{what} {name} is required but not set"))
}

/// Sets, replaces or removes a named value.
fn set<T>(values: &mut Vec<(&'static str, T)>, name: &'static str, value: Option<T>) {
    let index = values.iter().position(|(set, _)| *set == name);
    match (index, value) {
        (Some(index), Some(value)) => values[index].1 = value,
        (Some(index), None) => drop(values.remove(index)),
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
