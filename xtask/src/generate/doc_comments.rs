//! Formats doc comments as if handwritten, with a space after the slashes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, parse_quote};

/// Returns doc attributes for `text`, one per line.
pub(super) fn doc_lines(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// Adds a leading space to every doc line that lacks one.
pub(super) fn space_out(items: &mut [Item]) {
    for item in items {
        SpaceOut.visit_item_mut(item);
    }
}

struct SpaceOut;

impl VisitMut for SpaceOut {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = std::mem::take(attributes)
            .into_iter()
            .flat_map(spaced)
            .collect();
    }
}

fn spaced(attribute: Attribute) -> Vec<Attribute> {
    let Some(text) = text(&attribute) else {
        return vec![attribute];
    };
    let lines = text.lines().map(|line| {
        let space = if line.is_empty() || line.starts_with(' ') {
            ""
        } else {
            " "
        };
        let line = format!("{space}{line}");
        parse_quote!(#[doc = #line])
    });
    lines.collect()
}

/// Returns the text of a doc attribute.
pub(super) fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_leading_space_to_every_line() {
        let file: syn::File = parse_quote! {
            #[doc = "A run.\n\nOf a workflow."]
            #[derive(Clone)]
            pub struct Run {
                ///Its id.
                pub id: String,
                /// Its name.
                pub name: String,
            }
        };
        let mut items = file.items;
        space_out(&mut items);
        let printed = prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        });
        assert_eq!(
            printed,
            "/// A run.\n///\n/// Of a workflow.\n#[derive(Clone)]\npub struct Run {\n    \
             /// Its id.\n    pub id: String,\n    /// Its name.\n    pub name: String,\n}\n"
        );
    }
}
