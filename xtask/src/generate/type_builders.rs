//! Builders for the structs that a request can contain.
//!
//! progenitor's builders store a `Result` per field, require optional values to be wrapped, and also
//! cover response types, which no caller builds. The builders here are emitted from the fields of the
//! struct. `runtime::Input` defines what a setter accepts.
//!
//! Required fields have ordinary setters, and a missing one is reported by `build` or when the
//! request is sent. As arguments of `builder(..)` they would be checked at compile time, but nearly
//! every other revision of the spec changes which fields are required. Each change would break
//! callers that already set the field, and a call with four positional strings is hard to read.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Field, GenericArgument, Item, ItemStruct, Path, PathArguments, Type, parse_quote,
};

use super::fields::{argument, is_flattened, optional};
use super::recursion::unboxed;

/// Types outside the spec that implement `runtime::Input`.
const TAKEN: &[&str] = &[
    "String", "bool", "i64", "u64", "f64", "Number", "Value", "DateTime",
];

/// Containers that implement `runtime::Input` if their contents do.
const CONTAINERS: &[&str] = &["Vec", "IndexMap", "Map", "Option"];

/// The output of [`print()`].
#[derive(Default)]
pub(super) struct TypeBuilders {
    /// The builders, by type name.
    pub(super) builders: BTreeMap<String, TokenStream>,
    /// The `Input` impl and the `builder` function of each type, by type name.
    pub(super) beside: BTreeMap<String, TokenStream>,
}

/// Emits builders and companion impls for the types in `items` that requests contain.
pub(super) fn print(items: &[Item], in_requests: &BTreeSet<String>) -> TypeBuilders {
    let mut printed = TypeBuilders::default();
    let nullable = nullable(items, in_requests);
    for item in items {
        let (name, builder) = match item {
            Item::Struct(item) => (&item.ident, builder(item, in_requests)),
            Item::Enum(item) => (&item.ident, None),
            _ => continue,
        };
        let key = name.to_string();
        if !in_requests.contains(&key) {
            continue;
        }
        let begin = builder.is_some().then(|| {
            let doc = format!(" Returns an empty `{name}` builder.");
            quote! {
                impl #name {
                    #[doc = #doc]
                    pub fn builder() -> builder::#name {
                        ::std::default::Default::default()
                    }
                }
            }
        });
        let or_null = nullable
            .contains(&key)
            .then(|| quote!(crate::runtime::nullable_input!([] #name);));
        let beside = quote! {
            crate::runtime::input!(#name);
            #or_null
            #begin
        };
        printed.beside.insert(key.clone(), beside);
        if let Some(builder) = builder {
            printed.builders.insert(key, builder);
        }
    }
    printed
}

/// Returns the types of the fields that distinguish null from absence.
fn nullable(items: &[Item], types: &BTreeSet<String>) -> BTreeSet<String> {
    let fields = items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(&item.fields),
        _ => None,
    });
    let inner = fields.flatten().filter_map(|field| {
        let nullable = argument(optional(&field.ty)?, "Nullable")?;
        match unboxed(nullable) {
            Type::Path(path) => Some(path.path.get_ident()?.to_string()),
            _ => None,
        }
    });
    inner.filter(|name| types.contains(name)).collect()
}

/// A builder field and its setter.
struct Setter<'a> {
    field: &'a Ident,
    docs: Vec<&'a Attribute>,
    /// The type of the field when it is set.
    value: Type,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Optional,
    Required,
    /// The properties that the spec does not declare.
    Extra,
}

fn builder(item: &ItemStruct, types: &BTreeSet<String>) -> Option<TokenStream> {
    let setters: Option<Vec<Setter>> = item
        .fields
        .iter()
        .map(|field| Setter::read(field, types))
        .collect();
    let setters = setters?;
    let name = &item.ident;
    let label = name.to_string();
    let names: BTreeSet<String> = setters.iter().map(|one| one.field.to_string()).collect();
    // Properties may have the names of the builder's own members.
    let [first_error, build, when_some] =
        ["first_error", "build", "when_some"].map(|name| free(name, &names));
    let fields = setters
        .iter()
        .map(|Setter { field, value, .. }| quote!(#field: ::std::option::Option<#value>));
    let functions = setters.iter().map(|one| one.print(&first_error, types));
    let missing = setters.iter().filter(|one| one.kind == Kind::Required).map(
        |Setter { field, .. }| {
            let property = field.to_string();
            quote! {
                let ::std::option::Option::Some(#field) = self.#field else {
                    return ::std::result::Result::Err(crate::BuildError::missing(#property, #label));
                };
            }
        },
    );
    let values = setters.iter().map(|Setter { field, kind, .. }| match kind {
        Kind::Optional => quote!(#field: self.#field),
        Kind::Required => quote!(#field),
        Kind::Extra => quote!(#field: self.#field.unwrap_or_default()),
    });
    let doc = format!(" Builder for [`{name}`](crate::types::{name}).");
    Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Default)]
        #[must_use = "a builder does nothing until it is built or passed to a setter"]
        pub struct #name {
            #(#fields,)*
            #first_error: crate::runtime::FirstError,
        }

        impl #name {
            #(#functions)*

            /// Calls `set` if `value` is `Some`; returns the builder unchanged otherwise.
            pub fn #when_some<V>(
                self,
                value: ::std::option::Option<V>,
                set: impl ::std::ops::FnOnce(Self, V) -> Self,
            ) -> Self {
                crate::runtime::when_some(self, value, set)
            }

            /// Builds the value. Setters also accept the builder itself.
            ///
            /// # Errors
            ///
            /// Returns an error if a required field is missing or a field has an invalid value.
            pub fn #build(self) -> ::std::result::Result<types::#name, crate::BuildError> {
                self.#first_error.check(#label)?;
                #(#missing)*
                ::std::result::Result::Ok(types::#name { #(#values,)* })
            }
        }

        impl ::std::convert::TryFrom<#name> for types::#name {
            type Error = crate::BuildError;

            fn try_from(builder: #name) -> ::std::result::Result<Self, crate::BuildError> {
                builder.#build()
            }
        }

        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#label).finish_non_exhaustive()
            }
        }
    })
}

/// Returns `name`, with underscores appended until it is free.
fn free(name: &str, taken: &BTreeSet<String>) -> Ident {
    let mut name = name.to_owned();
    while taken.contains(&name) {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}

impl<'a> Setter<'a> {
    fn read(field: &'a Field, types: &BTreeSet<String>) -> Option<Self> {
        let optional = optional(&field.ty);
        let mut value = optional.unwrap_or(&field.ty).clone();
        Qualify { types }.visit_type_mut(&mut value);
        Some(Self {
            field: field.ident.as_ref()?,
            docs: field
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("doc"))
                .collect(),
            value,
            kind: match optional {
                Some(_) => Kind::Optional,
                None if is_flattened(field) => Kind::Extra,
                None => Kind::Required,
            },
        })
    }

    fn print(&self, first_error: &Ident, types: &BTreeSet<String>) -> TokenStream {
        let Self {
            field, docs, value, ..
        } = self;
        let property = field.to_string();
        let inner = unboxed(value);
        let nullable = argument(inner, "Nullable").filter(|inner| is_taken(inner, types));
        let (takes, read) = if let Some(inner) = nullable {
            (
                quote!(impl crate::runtime::InputOrNull<#inner>),
                quote!(self.#first_error.take_or_null(#property, value)),
            )
        } else if is_taken(inner, types) {
            (
                quote!(impl crate::runtime::Input<#inner>),
                quote!(self.#first_error.take(#property, value)),
            )
        } else {
            (quote!(#inner), quote!(::std::option::Option::Some(value)))
        };
        let boxed = (inner != value).then(|| quote!(.map(::std::boxed::Box::new)));
        let needed = match self.kind {
            Kind::Required => " Required.",
            Kind::Optional | Kind::Extra => " Optional.",
        };
        quote! {
            #(#docs)*
            #[doc = ""]
            #[doc = #needed]
            pub fn #field(mut self, value: #takes) -> Self {
                self.#field = #read #boxed;
                self
            }
        }
    }
}

/// Returns whether a type implements `runtime::Input`.
fn is_taken(of: &Type, types: &BTreeSet<String>) -> bool {
    let Type::Path(path) = of else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let name = last.ident.to_string();
    if CONTAINERS.contains(&name.as_str())
        && let PathArguments::AngleBracketed(arguments) = &last.arguments
    {
        return arguments
            .args
            .iter()
            .all(|argument| matches!(argument, GenericArgument::Type(of) if is_taken(of, types)));
    }
    TAKEN.contains(&name.as_str()) || types.contains(&name)
}

/// Qualifies the types of the spec for use outside their module.
pub(super) struct Qualify<'a> {
    pub(super) types: &'a BTreeSet<String>,
}

impl VisitMut for Qualify<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(name) = path.get_ident()
            && self.types.contains(&name.to_string())
        {
            *path = parse_quote!(types::#name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(item: ItemStruct, others: &[&str]) -> (String, String) {
        let name = item.ident.to_string();
        let others = others.iter().map(|name| (*name).to_owned());
        let in_requests = others.chain([name.clone()]).collect();
        let printed = print(&[Item::Struct(item)], &in_requests);
        let text =
            |tokens: &TokenStream| prettyplease::unparse(&syn::parse2(tokens.clone()).unwrap());
        (text(&printed.builders[&name]), text(&printed.beside[&name]))
    }

    #[test]
    fn emits_setter_for_each_field() {
        let item = parse_quote! {
            pub struct Request {
                /// The run.
                pub run_id: ::std::string::String,
                /// The files.
                pub files: ::std::option::Option<::std::vec::Vec<File>>,
                pub note: ::std::option::Option<crate::runtime::Nullable<::std::string::String>>,
                pub rule: ::std::boxed::Box<Rule>,
                pub token: ::std::option::Option<::uuid::Uuid>,
                #[serde(flatten)]
                pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
            }
        };
        let (builder, beside) = printed(item, &["File", "Rule"]);
        for line in [
            "    run_id: ::std::option::Option<::std::string::String>,",
            "    rule: ::std::option::Option<::std::boxed::Box<types::Rule>>,",
            "    /// The run.\n    ///\n    /// Required.\n    pub fn run_id(",
            "    /// Optional.\n    pub fn files(",
            "value: impl crate::runtime::Input<::std::string::String>,",
            "value: impl crate::runtime::Input<::std::vec::Vec<types::File>>,",
            "value: impl crate::runtime::InputOrNull<::std::string::String>,",
            "self.note = self.first_error.take_or_null(\"note\", value);",
            "value: impl crate::runtime::Input<types::Rule>) -> Self {",
            "self.rule = self.first_error.take(\"rule\", value).map(::std::boxed::Box::new);",
            "pub fn token(mut self, value: ::uuid::Uuid) -> Self {",
            "crate::BuildError::missing(\"run_id\", \"Request\")",
            "crate::BuildError::missing(\"rule\", \"Request\")",
            "            files: self.files,",
            "            extra: self.extra.unwrap_or_default(),",
            "for types::Request {",
        ] {
            assert!(builder.contains(line), "{line}\n{builder}");
        }
        assert_eq!(
            builder.matches("BuildError::missing").count(),
            2,
            "{builder}"
        );
        assert!(
            beside.contains("crate::runtime::input!(Request);"),
            "{beside}"
        );
        assert!(
            beside.contains("pub fn builder() -> builder::Request"),
            "{beside}"
        );
    }

    #[test]
    fn properties_do_not_collide_with_builder_functions() {
        let item = parse_quote! {
            pub struct Request { pub build: bool, pub when_some: bool, pub first_error: bool }
        };
        let (builder, _) = printed(item, &[]);
        for line in [
            "pub fn build(mut self",
            "pub fn when_some(mut self",
            "pub fn first_error(mut self",
            "pub fn build_(self)",
            "pub fn when_some_<V>(",
            "    first_error_: crate::runtime::FirstError,",
            "builder.build_()",
        ] {
            assert!(builder.contains(line), "{line}\n{builder}");
        }
    }

    #[test]
    fn nullable_types_accept_null_and_responses_have_no_builder() {
        let file: syn::File = parse_quote! {
            pub struct Patch {
                pub rule: ::std::option::Option<crate::runtime::Nullable<Rule>>,
                pub source: ::std::option::Option<Source>,
            }
            pub enum Rule { A(A) }
            pub enum Source { B(B) }
            pub struct Response { pub id: ::std::string::String }
        };
        let in_requests = ["Patch", "Rule", "Source"].map(str::to_owned).into();
        let printed = print(&file.items, &in_requests);
        let builders: Vec<&String> = printed.builders.keys().collect();
        assert_eq!(builders, ["Patch"]);
        let beside: Vec<(&str, bool)> = printed
            .beside
            .iter()
            .map(|(name, tokens)| (name.as_str(), tokens.to_string().contains("nullable_input")))
            .collect();
        assert_eq!(
            beside,
            [("Patch", false), ("Rule", true), ("Source", false)]
        );
    }
}
