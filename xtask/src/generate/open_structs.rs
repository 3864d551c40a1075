//! No struct is closed: none refuses a field that it does not know, or misses one that can be null,
//! and each may get more.
//!
//! The lowering closes objects that declare no property, so that they become structs instead of
//! maps; what the generator adds to refuse other fields is taken off here, and so is what it adds to
//! refuse the absence of a field that is required and can be null, which reads as null. The service
//! adds fields all the time, which must not break who reads the ones that are there:
//! `#[non_exhaustive]`.

use syn::{Item, parse_quote};

use super::fields::remove_serde;

/// Removes the refusals of every struct, and adds `non_exhaustive`.
pub(super) fn open(items: &mut [Item]) {
    for item in items {
        if let Item::Struct(item) = item {
            remove_serde(&mut item.attrs, "deny_unknown_fields");
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            for field in &mut item.fields {
                remove_serde(&mut field.attrs, "deserialize_with");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_are_open_and_other_attributes_stay() {
        let file: syn::File = parse_quote! {
            #[derive(Clone)]
            #[serde(deny_unknown_fields)]
            pub struct Empty {}
            #[serde(rename_all = "snake_case")]
            pub struct Other {
                #[serde(rename = "type")]
                pub type_: String,
                #[serde(rename = "at", deserialize_with = "::std::option::Option::deserialize")]
                pub ended: ::std::option::Option<i64>,
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
            printed.contains("#[serde(rename = \"at\")]\n    pub ended"),
            "{printed}"
        );
        assert_eq!(printed.matches("#[non_exhaustive]").count(), 2, "{printed}");
        assert!(
            printed.contains("#[serde(rename_all = \"snake_case\")]"),
            "{printed}"
        );
        assert!(printed.contains("#[serde(rename = \"type\")]"), "{printed}");
    }
}
