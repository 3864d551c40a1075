//! The operation table: the facts about each operation that the client needs without the spec.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::document::for_each_operation;
use crate::lower::{
    Content, Form, RequestBody, Success, described, family_of, form, names, referenced,
    request_body, stated_values, success,
};

/// The overlay extension that overrides whether an operation is idempotent. Defaults to the semantics
/// of its HTTP method.
const IDEMPOTENT: &str = "x-idempotent";

/// The overlay extension that names the request body property by which the service deduplicates
/// requests.
const DEDUPLICATION: &str = "x-deduplication";

/// The idempotent HTTP methods (RFC 9110, section 9.2.2).
const IDEMPOTENT_METHODS: [&str; 6] = ["get", "head", "put", "delete", "options", "trace"];

/// An operation of the spec.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) tags: Vec<String>,
    pub(super) description: Option<String>,
    pub(super) idempotent: bool,
    /// The request body property by which the service deduplicates requests.
    pub(super) deduplication: Option<String>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) request_body: Option<RequestBody>,
    /// The parts of a `multipart/form-data` body.
    pub(super) parts: Vec<Part>,
    pub(super) success: Success,
}

/// A path, query or header parameter.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) location: &'static str,
    pub(super) required: bool,
    pub(super) form: Form,
    pub(super) description: Option<String>,
}

/// A part of a `multipart/form-data` body.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) required: bool,
    /// Whether the part is a file rather than text.
    pub(super) is_file: bool,
    pub(super) description: Option<String>,
}

/// Reads the operations of a repaired spec, in spec order.
pub(super) fn read(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for_each_operation(document, |_, route, operation| {
        let request_body = request_body(document, operation);
        operations.push(Operation {
            id: text(operation, "operationId").unwrap_or_default(),
            method: route.method.to_ascii_uppercase(),
            path: route.path.clone(),
            tags: strings(&operation["tags"]),
            description: text(operation, "description").or_else(|| text(operation, "summary")),
            idempotent: operation[IDEMPOTENT]
                .as_bool()
                .unwrap_or(IDEMPOTENT_METHODS.contains(&route.method.as_str())),
            deduplication: text(operation, DEDUPLICATION),
            parameters: parameters(document, operation),
            parts: request_body
                .as_ref()
                .filter(|body| body.content() == Content::Multipart)
                .map(|body| parts(document, &body.schema))
                .unwrap_or_default(),
            request_body,
            success: success(document, operation),
        });
    });
    operations
}

fn parameters(document: &Value, operation: &Value) -> Vec<Parameter> {
    let listed = operation["parameters"].as_array().into_iter().flatten();
    listed
        .map(|parameter| {
            let location = match parameter["in"].as_str() {
                Some("path") => "Path",
                Some("query") => "Query",
                _ => "Header",
            };
            Parameter {
                name: text(parameter, "name").unwrap_or_default(),
                location,
                required: location == "Path" || parameter["required"] == true,
                form: form(document, parameter),
                description: described(parameter, stated_values(&parameter["schema"])),
            }
        })
        .collect()
}

fn parts(document: &Value, schema: &Value) -> Vec<Part> {
    let schema = referenced(document, schema);
    let required = strings(&schema["required"]);
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| Part {
            name: name.clone(),
            required: required.contains(name),
            is_file: property["format"] == "binary" || property.get("contentMediaType").is_some(),
            description: described(property, stated_values(property)),
        })
        .collect()
}

fn text(node: &Value, key: &str) -> Option<String> {
    let text = node[key].as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn strings(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Operation {
    /// Returns the name of the table entry.
    pub(super) fn constant(&self) -> Ident {
        Ident::new(&names::constant_name(&self.id), Span::call_site())
    }

    /// Returns the family of the operation, which names its file.
    pub(super) fn family(&self) -> String {
        family_of(self.tags.last().map(String::as_str), &self.path)
    }
}

/// Emits the list of all operations.
pub(super) fn print_list(operations: &[Operation]) -> TokenStream {
    let names = operations.iter().map(Operation::constant);
    let count = operations.len();
    quote! {
        use crate::runtime::Operation;

        /// All operations, in spec order.
        pub static OPERATIONS: [&Operation; #count] = [#(&#names),*];
    }
}

/// Emits the entries of one family.
pub(super) fn print_family(operations: &[Operation], family: &str) -> TokenStream {
    let entries = operations
        .iter()
        .filter(|operation| operation.family() == family)
        .map(entry);
    quote! {
        #[allow(unused_imports)]
        use crate::runtime::{Location, Method, Operation, Parameter, RequestBody, Success};

        #(#entries)*
    }
}

fn entry(operation: &Operation) -> TokenStream {
    let Operation {
        id,
        path,
        tags,
        idempotent,
        ..
    } = operation;
    let constant = operation.constant();
    let doc = format!(" `{} {}`", operation.method, operation.path);
    let method = Ident::new(&operation.method, Span::call_site());
    let deduplication = operation.deduplication.as_ref();
    let deduplication =
        deduplication.map_or_else(|| quote!(None), |property| quote!(Some(#property)));
    let parameters = operation.parameters.iter().map(|parameter| {
        let Parameter { name, required, .. } = parameter;
        let location = Ident::new(parameter.location, Span::call_site());
        quote!(Parameter::new(#name, Location::#location, #required))
    });
    let request_body = match &operation.request_body {
        None => quote!(None),
        Some(RequestBody {
            media_type,
            required,
            ..
        }) => {
            let parts = operation.parts.iter().map(|Part { name, required, .. }| {
                quote!(Parameter::new(#name, Location::Part, #required))
            });
            let body = quote!(RequestBody::new(#media_type, #required));
            let with_parts =
                (!operation.parts.is_empty()).then(|| quote!(.with_parts(&[#(#parts),*])));
            quote!(Some(#body #with_parts))
        }
    };
    let success = match &operation.success {
        Success::Empty => quote!(Success::Empty),
        Success::Json(_) => quote!(Success::Json),
        Success::Bytes(media_types) => quote!(Success::Bytes { media_types: &[#(#media_types),*] }),
    };
    quote! {
        #[doc = #doc]
        pub static #constant: Operation = Operation {
            id: #id,
            method: Method::#method,
            path: #path,
            tags: &[#(#tags),*],
            idempotent: #idempotent,
            deduplication: #deduplication,
            parameters: &[#(#parameters),*],
            request_body: #request_body,
            success: #success,
        };
    }
}
