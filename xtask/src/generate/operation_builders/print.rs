//! Emits an operation builder as setters over a `runtime::Call`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::model::{OperationBuilder, Response, Setter, Target};
use crate::generate::doc_comments::doc_lines;
use crate::generate::operation_table::Operation;
use crate::lower::Form;

impl OperationBuilder {
    /// Returns the builder and the client method that creates it.
    pub(in crate::generate) fn print(&self, operation: &Operation) -> (TokenStream, TokenStream) {
        let Self {
            name,
            setters,
            response,
        } = self;
        let constant = operation.constant();
        let function = Ident::new(&operation.id, Span::call_site());
        let about = format!(" Builder for [`Client::{function}`].");
        let functions = setters.iter().map(Setter::print);
        let route = format!("`{} {}`", operation.method, operation.path);
        let (send, returned) = response.print();
        let send_doc = format!(" Sends {route}.");
        let doc = match &operation.description {
            Some(description) => format!("{description}\n\n{route}"),
            None => format!("Creates a builder for {route}."),
        };
        let doc = doc_lines(&doc);
        let when_some = (!setters.is_empty()).then(|| {
            quote! {
                /// Calls `set` if `value` is `Some`; returns the builder unchanged otherwise.
                pub fn when_some<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self {
                    crate::runtime::when_some(self, value, set)
                }
            }
        });
        let builder = quote! {
            #[doc = #about]
            #[derive(Clone, Debug)]
            #[must_use = "a request does nothing until it is sent"]
            pub struct #name {
                request: RequestBuilder,
            }

            impl #name {
                pub(crate) fn new(client: &Client) -> Self {
                    Self { request: RequestBuilder::new(client, &operations::#constant) }
                }

                #(#functions)*

                #when_some

                #[doc = #send_doc]
                pub async fn send(self) -> Result<ResponseValue<#returned>, Error> {
                    self.request.#send().await
                }

                /// Sends the request and deserializes the JSON response as `T`.
                pub async fn send_as<T: ::serde::de::DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
                    self.request.send_json().await
                }
            }
        };
        let client = quote! {
            #doc
            pub fn #function(&self) -> #name {
                #name::new(self)
            }
        };
        (builder, client)
    }
}

impl Response {
    /// Returns the `Call` method that sends the request, and its output type.
    fn print(&self) -> (Ident, TokenStream) {
        let (name, returned) = match self {
            Self::Empty => ("send_empty", quote!(())),
            Self::Bytes => ("send_bytes", quote!(ByteStream)),
            Self::Json(response) => ("send_json", response.to_token_stream()),
        };
        (Ident::new(name, Span::call_site()), returned)
    }
}

impl Setter {
    fn print(&self) -> TokenStream {
        let Self { name, target, doc } = self;
        let doc = doc_lines(doc);
        let text = || quote!(::std::string::String);
        let (function, keys, takes): (_, &[&str], _) = match target {
            Target::Path { name, takes } => ("path", &[name], takes.to_token_stream()),
            Target::Query { name, takes, form } => {
                let takes = takes.to_token_stream();
                match form {
                    Form::Repeated => ("query", &[name], takes),
                    Form::Joined(between) => ("query_joined", &[name, *between], takes),
                    Form::Deep => ("query_deep", &[name], takes),
                    Form::Json => ("query_json", &[name], takes),
                }
            }
            Target::Header { name, takes } => ("header", &[name], takes.to_token_stream()),
            Target::Json { takes } => ("json", &[], takes.to_token_stream()),
            Target::Form { takes } => ("form", &[], takes.to_token_stream()),
            Target::Text { media_type } => ("text", &[media_type], text()),
            Target::TextPart { name } => ("part", &[name], text()),
            Target::File { media_type } => {
                return file_setter(name, &doc, &quote!(file_body), media_type);
            }
            Target::FilePart { name: part } => {
                return file_setter(name, &doc, &quote!(file), part);
            }
        };
        let function = Ident::new(function, Span::call_site());
        quote! {
            #doc
            pub fn #name(mut self, value: impl Input<#takes>) -> Self {
                self.request.#function::<#takes, _>(#(#keys,)* value);
                self
            }
        }
    }
}

/// Emits a setter that takes a file, for the whole body or one part.
fn file_setter(name: &Ident, doc: &TokenStream, function: &TokenStream, key: &str) -> TokenStream {
    quote! {
        #doc
        pub fn #name(mut self, value: FilePart) -> Self {
            self.request.#function(#key, value);
            self
        }
    }
}
