//! Operation builders: read from progenitor's output and emitted as setters over the runtime.
//!
//! progenitor chooses the types that setters accept. Its `send` is not used: it formats the URL,
//! matches statuses exactly, adds a header that must not be sent, and reads the body where the
//! executor cannot retry. Instead, each builder is emitted as setters over one `runtime::Call`, so
//! that all operations share one path through the runtime. progenitor rejects some bodies, such as
//! `multipart/form-data`. Setters for their parts are added here.

mod print;
mod read;

use proc_macro2::Ident;
use syn::Type;

use crate::lower::Form;

pub(crate) use self::read::BUILDER_FUNCTIONS;
pub(super) use self::read::read;

/// The builder of one operation.
#[derive(Debug)]
pub(super) struct OperationBuilder {
    pub(super) name: Ident,
    pub(super) setters: Vec<Setter>,
    pub(super) response: Response,
}

/// A setter and its target.
#[derive(Debug)]
pub(super) struct Setter {
    pub(super) name: Ident,
    pub(super) target: Target,
    doc: String,
}

#[derive(Debug)]
pub(super) enum Target {
    Path {
        name: String,
        takes: Type,
    },
    Query {
        name: String,
        takes: Type,
        form: Form,
    },
    Header {
        name: String,
        takes: Type,
    },
    /// The body, as JSON.
    Json {
        takes: Type,
    },
    /// The body, as a URL-encoded form.
    Form {
        takes: Type,
    },
    /// The body, as text of this media type.
    Text {
        media_type: String,
    },
    /// The body, as a file of this media type.
    File {
        media_type: String,
    },
    /// A text part of a multipart body.
    TextPart {
        name: String,
    },
    /// A file part of a multipart body.
    FilePart {
        name: String,
    },
}

#[derive(Debug)]
pub(super) enum Response {
    Empty,
    Bytes,
    Json(Box<Type>),
}
