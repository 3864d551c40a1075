//! The API surface of a generated crate, extracted from the generated files.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use serde_json::Value;
use syn::{FnArg, ImplItem, Item, Visibility};

use crate::generate::generate;
use crate::source::{Counts, Source};

/// Returns the public items that are generated from `document`, with their types.
///
/// Code sets requests through builders and only reads the fields of responses, so the fields of request types are
/// omitted.
pub(super) fn surface(document: &Value) -> BTreeSet<String> {
    let source = Source {
        upstream: "small.json".to_owned(),
        date: "2026-01-02".parse().unwrap(),
        upstream_sha256: "1".repeat(64),
        document_sha256: "2".repeat(64),
        counts: Counts::default(),
    };
    let generated = generate(document.clone(), &source).unwrap();
    let mut found = BTreeSet::new();
    for (path, text) in &generated.files {
        if path.starts_with("types/") || path.starts_with("builder/") {
            let prefix = if path.starts_with("types/builder/") {
                "builder "
            } else {
                ""
            };
            for item in syn::parse_file(text).unwrap().items {
                add(&item, prefix, &mut found);
            }
        }
    }
    found
}

fn add(item: &Item, prefix: &str, found: &mut BTreeSet<String>) {
    match item {
        Item::Struct(item) => {
            let name = &item.ident;
            found.insert(format!("{prefix}struct {name}"));
            let is_read = prefix.is_empty() && !name.to_string().ends_with("Request");
            for field in item
                .fields
                .iter()
                .filter(|field| is_read && is_public(&field.vis))
            {
                let (field, of) = (field.ident.to_token_stream(), field.ty.to_token_stream());
                found.insert(format!("{name}.{field}: {of}"));
            }
        }
        Item::Enum(item) => {
            for variant in &item.variants {
                let (variant, of) = (&variant.ident, variant.fields.to_token_stream());
                found.insert(format!("{}::{variant}{of}", item.ident));
            }
        }
        Item::Impl(block) if block.trait_.is_none() => {
            for item in &block.items {
                let ImplItem::Fn(function) = item else {
                    continue;
                };
                if is_public(&function.vis) {
                    let signature = &function.sig;
                    let taken = signature.inputs.iter().filter_map(|input| match input {
                        FnArg::Typed(input) => Some(input.ty.to_token_stream().to_string()),
                        FnArg::Receiver(_) => None,
                    });
                    let taken = taken.collect::<Vec<_>>().join(", ");
                    let of = block.self_ty.to_token_stream();
                    let given = signature.output.to_token_stream();
                    let name = format!("{prefix}{of}.{}", signature.ident);
                    // A nullable setter also accepts the arguments of a non-nullable one.
                    let value = taken.replace("InputOrNull <", "Input <");
                    found.extend([taken, value].map(|taken| format!("{name}({taken}) {given}")));
                }
            }
        }
        _ => {}
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
