//! An operation builder, between reading and printing.

use proc_macro2::Ident;
use syn::Type;

use crate::lower::Form;

/// The builder of one operation.
#[derive(Debug)]
pub(in crate::generate) struct OperationBuilder {
    pub(in crate::generate) name: Ident,
    pub(in crate::generate) setters: Vec<Setter>,
    pub(in crate::generate) response: Response,
}

/// A setter and its target.
#[derive(Debug)]
pub(in crate::generate) struct Setter {
    pub(in crate::generate) name: Ident,
    pub(in crate::generate) target: Target,
    pub(super) doc: String,
}

#[derive(Debug)]
pub(in crate::generate) enum Target {
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
pub(in crate::generate) enum Response {
    Empty,
    Bytes,
    Json(Box<Type>),
}
