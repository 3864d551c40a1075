//! Naming rules for generated items.
//!
//! The rules match those of the generator, so that it emits the names assigned by the passes
//! unchanged.

use std::collections::HashSet;

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// Names from the Rust prelude used by generated code, and the type parameter of its conversions.
#[rustfmt::skip]
pub(crate) const PRELUDE: [&str; 35] = [
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Debug", "Default", "Drop", "Eq", "Err", "Fn", "FnMut", "FnOnce",
    "From", "Hash", "Into", "Iterator", "None", "Ok", "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Send",
    "Sized", "Some", "String", "Sync", "ToOwned", "ToString", "TryFrom", "TryInto", "V", "Vec",
];

/// The functions that every operation builder has.
pub(crate) const BUILDER_FUNCTIONS: [&str; 4] = ["new", "when_some", "send", "send_as"];

/// Returns the name of a type: `MIMEData` becomes `MimeData`.
///
/// The generator converts the name again, so the result must be stable: `i_d` becomes `Id`, not `ID`.
pub(crate) fn type_name(raw: &str) -> String {
    let cased = |raw: &str| identifier(&spelled_out(raw).to_pascal_case(), "X");
    let mut name = cased(raw);
    loop {
        let again = cased(&name);
        // Every iteration reduces the number of words, so the loop terminates.
        if again == name || words(&again).len() >= words(&name).len() {
            return again;
        }
        name = again;
    }
}

/// Returns the name of a function, field or module: `Idempotency-Key` becomes `idempotency_key`.
pub(crate) fn value_name(raw: &str) -> String {
    identifier(&spelled_out(raw).to_snake_case(), "x")
}

/// Returns the name of a constant: `list_runs` becomes `LIST_RUNS`.
pub(crate) fn constant_name(raw: &str) -> String {
    identifier(&spelled_out(raw).to_shouty_snake_case(), "X")
}

/// Splits a name into lowercase words: `WorkflowRun` becomes `workflow`, `run`.
pub(crate) fn words(raw: &str) -> Vec<String> {
    spelled_out(raw)
        .to_snake_case()
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns the singular of a word: `predicates` becomes `predicate`.
pub(crate) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// Returns the first name that is not taken: `name`, or `name` followed by 2, 3 and so on.
pub(crate) fn first_free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    let mut number = 2;
    loop {
        let candidate = format!("{name}{number}");
        if !taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// Assigns a unique, unreserved name to each of `raw`, in the same order.
///
/// A name already in the case of `cased` keeps its spelling. Colliding names get a numeric suffix in alphabetical
/// order, so that the result does not depend on the order in the spec.
pub(crate) fn assign(raw: &[&str], cased: fn(&str) -> String, reserved: &[&str]) -> Vec<String> {
    let wanted: Vec<String> = raw.iter().map(|raw| cased(raw)).collect();
    let mut order: Vec<usize> = (0..raw.len()).collect();
    order.sort_by_key(|index| (wanted[*index] != raw[*index], raw[*index], *index));
    let mut names = vec![String::new(); raw.len()];
    let mut taken: HashSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
    for index in order {
        let name = first_free(&wanted[index], |name| taken.contains(&cased(name)));
        let name = cased(&name);
        taken.insert(name.clone());
        names[index] = name;
    }
    names
}

fn spelled_out(raw: &str) -> String {
    match raw {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => raw
            .chars()
            .filter(|character| *character != '\'')
            .map(|character| {
                if unicode_ident::is_xid_continue(character) {
                    character
                } else {
                    '-'
                }
            })
            .collect(),
    }
}

fn identifier(cased: &str, prefix: &str) -> String {
    let name = match cased.chars().next() {
        None => prefix.to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => cased.to_owned(),
        Some(_) => format!("{prefix}{cased}"),
    };
    // `gen` is a keyword since edition 2024, but syn parses it as an identifier.
    if name != "gen" && syn::parse_str::<syn::Ident>(&name).is_ok() {
        name
    } else {
        format!("{name}_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_type_names_to_pascal_case() {
        assert_eq!(type_name("MIMEData"), "MimeData");
        assert_eq!(type_name("HTTPValidationError"), "HttpValidationError");
        assert_eq!(type_name("3d-model"), "X3dModel");
        assert_eq!(type_name("Self"), "Self_");
        assert_eq!(type_name(""), "X");
        for raw in ["i_d", "A_B_C", "ß", "a b c D", "_", "x_1_y"] {
            let name = type_name(raw);
            assert_eq!(type_name(&name), name, "{raw}");
        }
        assert_eq!(type_name("i_d"), "Id");
    }

    #[test]
    fn converts_value_names_to_snake_case() {
        assert_eq!(value_name("Idempotency-Key"), "idempotency_key");
        assert_eq!(value_name("type"), "type_");
        assert_eq!(value_name("document[]"), "document");
        assert_eq!(value_name("self"), "self_");
        assert_eq!(value_name("gen"), "gen_");
    }

    #[test]
    fn singularizes_words() {
        assert_eq!(singular("predicates"), "predicate");
        assert_eq!(singular("entries"), "entry");
        assert_eq!(singular("classes"), "class");
        assert_eq!(singular("status"), "status");
        assert_eq!(singular("analysis"), "analysis");
        assert_eq!(singular("handle_inputs"), "handle_input");
    }

    #[test]
    fn assigns_names_independently_of_order() {
        let assigned = |raw: &[&str]| assign(raw, value_name, &["send"]);
        assert_eq!(
            assigned(&["document[]", "Document", "document", "send"]),
            ["document3", "document2", "document", "send2"]
        );
        assert_eq!(
            assigned(&["send", "document", "Document", "document[]"]),
            ["send2", "document", "document2", "document3"]
        );
        assert_eq!(assigned(&["a", "a"]), ["a", "a2"]);
        // The generator would turn `Self_2` into `Self2`.
        let types = assign(&["self", "Self", "Self2"], type_name, &[]);
        assert_eq!(types, ["Self3", "Self_", "Self2"]);
    }

    #[test]
    fn numbers_taken_names() {
        assert_eq!(
            first_free("Run", |name| name == "Run" || name == "Run2"),
            "Run3"
        );
    }
}
