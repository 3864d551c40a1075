//! The builder of each operation: read from what progenitor printed, printed lean.
//!
//! Progenitor decides the types that setters take. Its `send`
//! is not kept: it formats the URL, matches statuses exactly, adds a header that must not be sent
//! and reads the body where no executor can retry. The types that its setters take are read off
//! instead, and the builder is printed as setters over one `runtime::Call`, so that 145 operations
//! share one path through the runtime. A body that the generator refuses, such as
//! `multipart/form-data`, has no setter there; its parts are added here, so that such an operation
//! has the same form as any other.

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
    pub(super) answer: Answer,
}

/// A setter and what it sets.
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
    /// The body, in JSON.
    Json {
        takes: Type,
    },
    /// The body, as the pairs of a form.
    Form {
        takes: Type,
    },
    /// The body, a text of this media type.
    Text {
        media_type: String,
    },
    /// The body, a file of this media type.
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
pub(super) enum Answer {
    Empty,
    Bytes,
    Json(Box<Type>),
}
