//! No struct refuses a field that it does not know.
//!
//! The lowering closes objects that declare no property, so that they become structs instead of
//! maps; what the generator adds to refuse other fields is taken off here.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Item};

/// Removes `deny_unknown_fields` from every item.
pub(super) fn open(items: &mut [Item]) {
    for item in items {
        Open.visit_item_mut(item);
    }
}

struct Open;

impl VisitMut for Open {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| {
            let mut refuses = false;
            if attribute.path().is_ident("serde") {
                // What is no list of paths, such as `rename = "x"`, is not what is looked for.
                let _ = attribute.parse_nested_meta(|meta| {
                    refuses |= meta.path.is_ident("deny_unknown_fields");
                    Ok(())
                });
            }
            !refuses
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn refusals_are_removed_and_other_attributes_stay() {
        let file: syn::File = parse_quote! {
            #[derive(Clone)]
            #[serde(deny_unknown_fields)]
            pub struct Empty {}
            #[serde(rename_all = "snake_case")]
            pub struct Other {
                #[serde(rename = "type")]
                pub type_: String,
            }
        };
        let mut items = file.items;
        open(&mut items);
        let printed = prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        });
        assert!(!printed.contains("deny_unknown_fields"), "{printed}");
        assert!(
            printed.contains("#[serde(rename_all = \"snake_case\")]"),
            "{printed}"
        );
        assert!(printed.contains("#[serde(rename = \"type\")]"), "{printed}");
    }
}
