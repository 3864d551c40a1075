//! Builders of the structs that a request can contain.
//!
//! The generator's own keep a `Result` for every field, want an optional field wrapped, and exist
//! for every answer too, which nobody builds. These are printed from the fields of the struct. A
//! setter takes what a caller has at hand, see `runtime::Input`.
//!
//! A required field is a setter like any other, and is missed when the value is built or the call
//! is sent. As an argument of `builder(..)` it would be missed by the compiler, but the set of
//! required fields changes with nearly every other revision of the document: each flip would break
//! the callers who set the field and help none of them, and a call of four texts in a row does not
//! say which is which. What the fields are is the same either way; only the names carry it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Field, GenericArgument, Item, ItemStruct, Path, PathArguments, Type, parse_quote,
};

use super::fields::{argument, is_flattened, optional};
use super::recursion::unboxed;

/// The types outside of the document for which `runtime::Input` is implemented.
const TAKEN: &[&str] = &[
    "String", "bool", "i64", "u64", "f64", "Number", "Value", "DateTime",
];

/// Containers for which it is implemented where it is for what they contain.
const CONTAINERS: &[&str] = &["Vec", "IndexMap", "Map", "Option"];

/// What is added for builders.
#[derive(Default)]
pub(super) struct TypeBuilders {
    /// The builders, by the name of what they build.
    pub(super) builders: BTreeMap<String, TokenStream>,
    /// What a type gets to be given to setters, and to begin its builder, by its name.
    pub(super) beside: BTreeMap<String, TokenStream>,
}

/// The builders of the structs among `items`, and what the types beside them need, for the types
/// that are in a request.
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
            let doc = format!(" Begins a `{name}` of which nothing is set.");
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

/// The types that stand in a field of which null says something.
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

/// A field of a builder.
struct Setter<'a> {
    field: &'a Ident,
    docs: Vec<&'a Attribute>,
    /// What the field holds when it is set.
    value: Type,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Optional,
    Required,
    /// The fields that the document does not name.
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
    let told = name.to_string();
    let names: BTreeSet<String> = setters.iter().map(|one| one.field.to_string()).collect();
    // No name of the document may meet one of ours.
    let [first_error, build, when_some] =
        ["first_error", "build", "when_some"].map(|ours| free(ours, &names));
    let fields = setters
        .iter()
        .map(|Setter { field, value, .. }| quote!(#field: ::std::option::Option<#value>));
    let functions = setters.iter().map(|one| one.print(&first_error, types));
    let missing = setters.iter().filter(|one| one.kind == Kind::Required).map(
        |Setter { field, .. }| {
            let wanted = field.to_string();
            quote! {
                let ::std::option::Option::Some(#field) = self.#field else {
                    return ::std::result::Result::Err(crate::BuildError::missing(#wanted, #told));
                };
            }
        },
    );
    let values = setters.iter().map(|Setter { field, kind, .. }| match kind {
        Kind::Optional => quote!(#field: self.#field),
        Kind::Required => quote!(#field),
        Kind::Extra => quote!(#field: self.#field.unwrap_or_default()),
    });
    let doc = format!(" Builder of [`{name}`](crate::types::{name}).");
    Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Default)]
        #[must_use = "a builder does nothing until it is given to a call or built"]
        pub struct #name {
            #(#fields,)*
            #first_error: crate::runtime::FirstError,
        }

        impl #name {
            #(#functions)*

            /// Sets a field where there is a value for it, and leaves it alone otherwise.
            pub fn #when_some<V>(
                self,
                value: ::std::option::Option<V>,
                set: impl ::std::ops::FnOnce(Self, V) -> Self,
            ) -> Self {
                crate::runtime::when_some(self, value, set)
            }

            /// Builds the value. A call and another builder also take the builder as it is.
            ///
            /// # Errors
            ///
            /// A field that is required and was not set, or was set to what it cannot be.
            pub fn #build(self) -> ::std::result::Result<types::#name, crate::BuildError> {
                self.#first_error.check(#told)?;
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
                f.debug_struct(#told).finish_non_exhaustive()
            }
        }
    })
}

/// `name`, or what it becomes when another has it.
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
        let told = field.to_string();
        let inner = unboxed(value);
        let nullable = argument(inner, "Nullable").filter(|inner| is_taken(inner, types));
        let (takes, read) = if let Some(inner) = nullable {
            (
                quote!(impl crate::runtime::InputOrNull<#inner>),
                quote!(self.#first_error.take_or_null(#told, value)),
            )
        } else if is_taken(inner, types) {
            (
                quote!(impl crate::runtime::Input<#inner>),
                quote!(self.#first_error.take(#told, value)),
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

/// Whether `runtime::Input` is implemented for a type.
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

/// Gives the types of the document their path, where they are named outside of their module.
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
    fn each_field_has_a_setter_for_what_it_holds() {
        let item = parse_quote! {
            pub struct Request {
                /// The run.
                pub run_id: ::std::string::String,
                /// The files.
                pub files: ::std::option::Option<::std::vec::Vec<File>>,
                pub note: ::std::option::Option<crate::runtime::Nullable<::std::string::String>>,
                pub rule: ::std::boxed::Box<Rule>,
                pub odd: ::std::option::Option<::uuid::Uuid>,
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
            "pub fn odd(mut self, value: ::uuid::Uuid) -> Self {",
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
    fn no_property_meets_what_every_builder_has() {
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
    fn a_type_in_a_nullable_field_can_be_null_and_an_answer_has_no_builder() {
        let file: syn::File = parse_quote! {
            pub struct Patch {
                pub rule: ::std::option::Option<crate::runtime::Nullable<Rule>>,
                pub source: ::std::option::Option<Source>,
            }
            pub enum Rule { A(A) }
            pub enum Source { B(B) }
            pub struct Answer { pub id: ::std::string::String }
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
