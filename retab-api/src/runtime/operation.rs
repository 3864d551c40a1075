//! Descriptions of operations: the rows of the generated operation table.

pub use http::Method;

/// The header that lets the service detect repeated requests.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// An operation of the API.
///
/// The generated table contains all operations of the spec. Operations that are missing from the spec can be declared by
/// hand:
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
    /// The operation id, unique in the spec.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template below the base URL, for example `/v1/files/{file_id}`. For presigned URLs of the object storage,
    /// a template of the whole URL, for example `{download_url}`.
    pub path: &'static str,
    /// The tags of the operation.
    pub tags: &'static [&'static str],
    /// Whether sending the same request twice has the same effect as sending it once.
    pub idempotent: bool,
    /// The property of the JSON body that lets the service detect repeated commands.
    pub deduplication: Option<&'static str>,
    /// The path, query and header parameters.
    pub parameters: &'static [Parameter],
    /// The request body, if the operation takes one.
    pub request_body: Option<RequestBody>,
    /// The content of a successful response.
    pub success: Success,
}

impl Operation {
    /// Creates a non-idempotent operation without parameters, request body and response body.
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

    /// Returns the name of the server in error messages.
    pub(crate) fn server(&self) -> &'static str {
        if self.path.starts_with('/') {
            "the service"
        } else {
            "the object storage"
        }
    }

    /// Returns whether the spec declares an `Idempotency-Key` header for this operation.
    ///
    /// The header makes retries of other operations no safer.
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
    /// The location in the request.
    pub location: Location,
    /// Whether requests without it are rejected before they are sent.
    pub required: bool,
}

impl Parameter {
    /// Creates a parameter.
    #[must_use]
    pub const fn new(name: &'static str, location: Location, required: bool) -> Self {
        Self {
            name,
            location,
            required,
        }
    }
}

/// The location of a parameter in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A placeholder of the path template.
    Path,
    /// A query pair. Lists are repeated pairs.
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
    /// The media type.
    pub media_type: &'static str,
    /// Whether requests without a body are rejected before they are sent.
    pub required: bool,
    /// The parts of a multipart body; empty for other media types.
    pub parts: &'static [Parameter],
}

impl RequestBody {
    /// Creates a body without parts.
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

/// The content of a successful response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Success {
    /// No content; a body is ignored.
    Empty,
    /// A JSON value.
    Json,
    /// A stream of bytes.
    Bytes {
        /// The media types that the spec declares.
        media_types: &'static [&'static str],
    },
}
