//! What the document says about an operation: the rows of the generated table.

pub use http::Method;

/// The header by which the service knows a request that it has had before.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// One operation of the API, as the document declares it.
///
/// The generated table has one of these for every operation. An operation that the document does
/// not have yet can be declared by hand and called all the same:
///
/// ```
/// use retab_api::runtime::{Location, Method, Operation, Parameter, Success};
///
/// static GET_RUN: Operation = Operation::new("get_run", Method::GET, "/v1/workflows/runs/{run_id}")
///     .with_idempotent(true)
///     .with_parameters(&[Parameter::new("run_id", Location::Path, true)])
///     .with_success(Success::Json);
/// assert!(GET_RUN.idempotent);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The operation's id; unique in the document.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template below the base URL, for example `/v1/files/{file_id}`; for a URL of the storage, which the
    /// service gives out whole, a template of all of it, for example `{download_url}`.
    pub path: &'static str,
    /// The groups that the operation belongs to.
    pub tags: &'static [&'static str],
    /// Whether sending the same request twice leaves the service as sending it once does.
    pub idempotent: bool,
    /// The property of the JSON body by which the service knows a command that it has had before.
    pub deduplication: Option<&'static str>,
    /// The parameters of path, query and headers.
    pub parameters: &'static [Parameter],
    /// The request body, for an operation that takes one.
    pub request_body: Option<RequestBody>,
    /// What an answer with a success status contains.
    pub success: Success,
}

impl Operation {
    /// An operation without parameters, body and typed answer, which is not idempotent.
    #[must_use]
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            tags: &[],
            idempotent: false,
            deduplication: None,
            parameters: &[],
            request_body: None,
            success: Success::Empty,
        }
    }

    /// Sets [`tags`](Self::tags).
    #[must_use]
    pub const fn with_tags(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }

    /// Sets [`idempotent`](Self::idempotent).
    #[must_use]
    pub const fn with_idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets [`deduplication`](Self::deduplication).
    #[must_use]
    pub const fn with_deduplication(mut self, property: &'static str) -> Self {
        self.deduplication = Some(property);
        self
    }

    /// Sets [`parameters`](Self::parameters).
    #[must_use]
    pub const fn with_parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets [`request_body`](Self::request_body).
    #[must_use]
    pub const fn with_request_body(mut self, request_body: RequestBody) -> Self {
        self.request_body = Some(request_body);
        self
    }

    /// Sets [`success`](Self::success).
    #[must_use]
    pub const fn with_success(mut self, success: Success) -> Self {
        self.success = success;
        self
    }

    /// What errors call the server that carries it out.
    pub(crate) fn server(&self) -> &'static str {
        if self.path.starts_with('/') {
            "the service"
        } else {
            "the storage"
        }
    }

    /// Whether the document declares the header `Idempotency-Key` for this operation; elsewhere it proves nothing.
    #[must_use]
    pub fn takes_idempotency_key(&self) -> bool {
        self.parameters.iter().any(|parameter| {
            parameter.location == Location::Header
                && parameter.name.eq_ignore_ascii_case(IDEMPOTENCY_KEY)
        })
    }
}

/// A parameter of an operation, or a part of its multipart body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where in the request it stands.
    pub location: Location,
    /// Whether a call without it is refused before it is sent.
    pub required: bool,
}

impl Parameter {
    /// A parameter of this name and location.
    #[must_use]
    pub const fn new(name: &'static str, location: Location, required: bool) -> Self {
        Self {
            name,
            location,
            required,
        }
    }
}

/// Where in a request a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A placeholder of the path template.
    Path,
    /// A pair of the query; a list is several pairs of the same name.
    Query,
    /// A header.
    Header,
    /// A part of a multipart body.
    Part,
}

/// The request body of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestBody {
    /// The media type in which it is sent.
    pub media_type: &'static str,
    /// Whether a call without it is refused before it is sent.
    pub required: bool,
    /// The parts of a multipart body; empty for every other media type.
    pub parts: &'static [Parameter],
}

impl RequestBody {
    /// A body of this media type, without parts.
    #[must_use]
    pub const fn new(media_type: &'static str, required: bool) -> Self {
        Self {
            media_type,
            required,
            parts: &[],
        }
    }

    /// Sets [`parts`](Self::parts).
    #[must_use]
    pub const fn with_parts(mut self, parts: &'static [Parameter]) -> Self {
        self.parts = parts;
        self
    }
}

/// What an answer with a success status contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Success {
    /// Nothing that is typed; a body is ignored.
    Empty,
    /// A JSON value.
    Json,
    /// Bytes, handed on as they arrive.
    Bytes {
        /// The media types that the document names.
        media_types: &'static [&'static str],
    },
}
