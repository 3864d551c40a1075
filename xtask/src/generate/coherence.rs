//! Checks the syntax of generated files for errors that a compiler would find: duplicate names, and
//! paths to types that do not exist.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::Visit;
use syn::{Fields, ImplItem, Item, Type};

use super::files::Files;

/// Returns the errors in the files, one line each.
pub(super) fn faults(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    let mut parsed: BTreeMap<&str, syn::File> = BTreeMap::new();
    for (name, text) in files {
        match syn::parse_file(text) {
            Ok(file) => {
                parsed.insert(name, file);
            }
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    let types = once(
        &parsed,
        "types/",
        |name| !name.starts_with("types/builder/"),
        &mut faults,
    );
    let builders = once(&parsed, "types/builder/", |_| true, &mut faults);
    let operations = once(&parsed, "builder/", |_| true, &mut faults);
    once(&parsed, "operations/", |_| true, &mut faults);
    let mut functions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, file) in &parsed {
        for item in &file.items {
            members(name, item, &mut faults);
            let within = name.split('/').next().unwrap_or_default();
            let within = if name.starts_with("types/builder/") {
                "types/builder"
            } else {
                within
            };
            if let Item::Impl(block) = item
                && block.trait_.is_none()
            {
                let of = &block.self_ty;
                let of = format!("{within} {}", quote::quote!(#of));
                let known = functions.entry(of.clone()).or_default();
                for function in &block.items {
                    if let ImplItem::Fn(function) = function
                        && !known.insert(function.sig.ident.to_string())
                    {
                        faults.push(format!("{name}: duplicate {} in {of}", function.sig.ident));
                    }
                }
            }
        }
        let mut paths = Paths {
            name,
            types: &types,
            builders: if name.starts_with("types/") {
                &builders
            } else {
                &operations
            },
            faults: &mut faults,
        };
        paths.visit_file(file);
    }
    faults
}

/// Returns the names of the items in a folder and reports duplicates.
fn once(
    parsed: &BTreeMap<&str, syn::File>,
    folder: &str,
    counts: impl Fn(&str) -> bool,
    faults: &mut Vec<String>,
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (file, parsed) in parsed {
        if !file.starts_with(folder) || !counts(file) {
            continue;
        }
        for item in &parsed.items {
            let ident = match item {
                Item::Struct(item) => &item.ident,
                Item::Enum(item) => &item.ident,
                Item::Type(item) => &item.ident,
                Item::Static(item) => &item.ident,
                _ => continue,
            };
            if !names.insert(ident.to_string()) {
                faults.push(format!("{file}: duplicate {ident} in {folder}"));
            }
        }
    }
    names
}

/// Reports duplicate fields of a struct and variants of an enum.
fn members(file: &str, item: &Item, faults: &mut Vec<String>) {
    let (of, names): (_, Vec<String>) = match item {
        Item::Struct(item) => match &item.fields {
            Fields::Named(fields) => {
                let idents = fields.named.iter().filter_map(|field| field.ident.as_ref());
                (&item.ident, idents.map(ToString::to_string).collect())
            }
            _ => return,
        },
        Item::Enum(item) => {
            let variants = item.variants.iter();
            (
                &item.ident,
                variants.map(|variant| variant.ident.to_string()).collect(),
            )
        }
        _ => return,
    };
    let mut known = BTreeSet::new();
    for name in names {
        if known.contains(&name) {
            faults.push(format!("{file}: duplicate {name} in {of}"));
        }
        known.insert(name);
    }
}

/// Checks the types that a file names.
struct Paths<'a> {
    name: &'a str,
    types: &'a BTreeSet<String>,
    /// Type builders in type files, operation builders elsewhere.
    builders: &'a BTreeSet<String>,
    faults: &'a mut Vec<String>,
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_type(&mut self, of: &'ast Type) {
        if let Type::Path(path) = of {
            let segments: Vec<String> = (path.path.segments.iter())
                .map(|segment| segment.ident.to_string())
                .collect();
            let known = match &segments[..] {
                [one] => {
                    let in_types =
                        self.name.starts_with("types/") && !self.name.starts_with("types/builder/");
                    !in_types || is_of_rust(one) || self.types.contains(one)
                }
                [module, one] if module == "types" => self.types.contains(one),
                [module, one] if module == "builder" => self.builders.contains(one),
                _ => true,
            };
            if !known {
                self.faults.push(format!(
                    "{}: unknown type {}",
                    self.name,
                    segments.join("::")
                ));
            }
        }
        syn::visit::visit_type(self, of);
    }
}

/// Matches primitive types and the generic parameters of emitted functions.
fn is_of_rust(name: &str) -> bool {
    matches!(
        name,
        "bool" | "i64" | "u64" | "f64" | "str" | "Self" | "D" | "S" | "String"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_duplicate_and_missing_names() {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let files = Files::from([
            file(
                "types/a.rs",
                "pub struct A { b: B, b: Gone } pub enum B { C, C }",
            ),
            file("types/b.rs", "pub struct A {}"),
            file(
                "builder/a.rs",
                "struct List; impl X { fn a() -> types::Gone {} fn a(x: types::A) {} }",
            ),
            file("builder/b.rs", "not Rust"),
            file(
                "dispatcher/a.rs",
                "fn a(call: builder::List) -> builder::Gone {}",
            ),
        ]);
        let faults = faults(&files);
        assert_eq!(faults.len(), 8, "{faults:#?}");
    }
}
