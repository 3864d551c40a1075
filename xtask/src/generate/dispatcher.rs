//! The dispatcher: maps an operation id and JSON arguments to the setters of a builder.
//!
//! Tests that only know the spec use it to drive each operation through the public client. An
//! argument is found by its location and name in the spec, decoded into the type of the setter, and
//! passed to it. An argument without a setter is an error. The dispatcher is behind a crate feature.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::operation_builders::{OperationBuilder, Response, Setter, Target};
use super::operation_table::Operation;
use super::pages;

/// Emits the functions of each family, and the root functions that select one by operation id.
pub(super) fn print(
    operations: &[Operation],
    builders: &[OperationBuilder],
    pages: &pages::Items,
) -> (BTreeMap<String, TokenStream>, TokenStream) {
    let mut families: BTreeMap<String, Vec<TokenStream>> = BTreeMap::new();
    let mut arms = Vec::new();
    let mut lists = Vec::new();
    for (operation, builder) in operations.iter().zip(builders) {
        let id = &operation.id;
        let function = Ident::new(id, Span::call_site());
        let family = Ident::new(&operation.family(), Span::call_site());
        let is_list = pages.contains_key(id);
        families
            .entry(operation.family())
            .or_default()
            .push(print_function(&function, id, builder, is_list));
        arms.push(quote!(#id => Box::pin(#family::#function(client, arguments)),));
        if is_list {
            let request = request_function(&function);
            lists.push(quote!(#id => Ok(visitor.visit(#family::#request(client, arguments)?)),));
        }
    }
    let modules: Vec<Ident> = families
        .keys()
        .map(|name| Ident::new(name, Span::call_site()))
        .collect();
    let root = quote! {
        use serde_json::{Map, Value};

        use retab_api::Client;
        use retab_api::runtime::BoxFuture;

        use crate::dispatch::{DispatchError, ListVisitor, Outcome};

        #(mod #modules;)*

        /// Sends the operation with this id.
        ///
        /// The keys `path`, `query`, `header` and `part` of `arguments` map parameter names to
        /// values. `body` contains the JSON body.
        ///
        /// # Errors
        ///
        /// Returns an error if the operation or an argument is unknown, a value does not decode
        /// into the type of its setter, or the request fails.
        pub async fn dispatch(
            client: &Client,
            operation_id: &str,
            arguments: Map<String, Value>,
        ) -> Result<Outcome, DispatchError> {
            let request: BoxFuture<'_, Result<Outcome, DispatchError>> = match operation_id {
                #(#arms)*
                unknown => return Err(DispatchError::UnknownOperation(unknown.to_owned())),
            };
            request.await
        }

        /// Passes the unsent request of a list operation to `visitor`.
        ///
        /// # Errors
        ///
        /// Returns an error if no list operation has this id, an argument is unknown, or a value
        /// does not decode into the type of its setter.
        #[allow(unused_variables)]
        pub fn dispatch_list<V: ListVisitor>(
            client: &Client,
            operation_id: &str,
            arguments: Map<String, Value>,
            visitor: V,
        ) -> Result<V::Output, DispatchError> {
            match operation_id {
                #(#lists)*
                unknown => Err(DispatchError::UnknownOperation(unknown.to_owned())),
            }
        }
    };
    let families = families.into_iter().map(|(family, functions)| {
        let tokens = quote! {
            use serde_json::{Map, Value};

            #[allow(unused_imports)]
            use retab_api::{Client, builder, types};

            #[allow(unused_imports)]
            use crate::dispatch::{Arguments, DispatchError, Outcome};

            #(#functions)*
        };
        (family, tokens)
    });
    (families.collect(), root)
}

/// Returns the name of the function that builds the request of a list operation.
fn request_function(function: &Ident) -> Ident {
    Ident::new(&format!("{function}_request"), Span::call_site())
}

fn print_function(
    function: &Ident,
    id: &str,
    builder: &OperationBuilder,
    is_list: bool,
) -> TokenStream {
    let setters = builder.setters.iter().map(print_setter);
    let send = match builder.response {
        Response::Empty => quote! {
            request.send().await?;
            Ok(Outcome::Empty)
        },
        Response::Bytes => quote!(Outcome::from_bytes(request.send().await?).await),
        Response::Json(_) => quote!(Outcome::from_json(#id, &request.send().await?)),
    };
    let begin = quote! {
        #[allow(unused_mut)]
        let mut arguments = Arguments::new(#id, arguments);
        #[allow(unused_mut)]
        let mut request = client.#function();
        #(#setters)*
        arguments.check_all_taken()?;
    };
    let signature = quote!(client: &Client, arguments: Map<String, Value>);
    let doc = format!(" Sends [`Client::{function}`].");
    if !is_list {
        return quote! {
            #[doc = #doc]
            pub(super) async fn #function(#signature) -> Result<Outcome, DispatchError> {
                #begin
                #send
            }
        };
    }
    let request = request_function(function);
    let request_doc = format!(" Builds the request of [`Client::{function}`].");
    let name = &builder.name;
    quote! {
        #[doc = #doc]
        pub(super) async fn #function(#signature) -> Result<Outcome, DispatchError> {
            let request = #request(client, arguments)?;
            #send
        }

        #[doc = #request_doc]
        pub(super) fn #request(#signature) -> Result<builder::#name, DispatchError> {
            #begin
            Ok(request)
        }
    }
}

fn print_setter(setter: &Setter) -> TokenStream {
    let Setter { name, target, .. } = setter;
    let taken = match target {
        Target::Path { name, takes } => quote!(take::<#takes>("path", #name)),
        Target::Query { name, takes, .. } => quote!(take::<#takes>("query", #name)),
        Target::Header { name, takes } => quote!(take::<#takes>("header", #name)),
        Target::TextPart { name } => quote!(take::<::std::string::String>("part", #name)),
        Target::FilePart { name } => quote!(take_file(#name)),
        Target::Json { takes } | Target::Form { takes } => quote!(take_body::<#takes>()),
        Target::Text { .. } => quote!(take_body::<::std::string::String>()),
        Target::File { .. } => quote!(take_file_body()),
    };
    quote! {
        if let Some(value) = arguments.#taken? {
            request = request.#name(value);
        }
    }
}
