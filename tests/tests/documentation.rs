//! Checks that every public type of `retab-ext` has its own example, and that an example calls every public method.

#![allow(clippy::unwrap_used, reason = "tests panic on failure")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_public_item_has_an_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-ext/src");
    let mut files = Vec::new();
    collect_sources(&folder, &mut files);
    let examples: String = files.iter().map(|file| examples_of(file)).collect();
    let public = public_names(&fs::read_to_string(folder.join("lib.rs")).unwrap());

    let mut count = 0;
    let mut missing = Vec::new();
    for item in files.iter().flat_map(|file| items(file, &public)) {
        count += 1;
        let has_summary = item.docs.first().is_some_and(|line| line.len() > 3);
        let has_own_example = !examples_of(&item.docs.join("\n")).is_empty();
        let is_called = item
            .method
            .is_some_and(|method| is_called(&examples, method));
        if !has_summary || !(has_own_example || is_called) {
            missing.push(format!(
                "{}::{}",
                item.type_name,
                item.method.unwrap_or_default()
            ));
        }
    }
    assert!(count > 200, "found only {count} items");
    assert!(
        missing.is_empty(),
        "items without a summary or an example: {}",
        missing.join(", ")
    );
}

/// A public type or method.
struct Item<'f> {
    type_name: &'f str,
    method: Option<&'f str>,
    /// The doc comment lines, including `///`.
    docs: Vec<&'f str>,
}

/// Returns the public items of a file, without its tests.
fn items<'f>(file: &'f str, public: &BTreeSet<String>) -> Vec<Item<'f>> {
    let code = file.split("#[cfg(test)]").next().unwrap_or_default();
    let mut items = Vec::new();
    let mut docs = Vec::new();
    let mut current_type = None;
    for line in code.lines() {
        let text = line.trim_start();
        if text.starts_with("///") {
            docs.push(text);
            continue;
        }
        // Attributes may follow the doc comment, on one or several lines.
        if text.starts_with("#[") || text.starts_with(')') || text.ends_with("\",") {
            continue;
        }
        let docs = std::mem::take(&mut docs);
        if let Some(rest) = line.strip_prefix("impl") {
            current_type = implementing_type(rest).filter(|name| public.contains(*name));
        }
        let kinds = ["pub struct ", "pub enum ", "pub trait "];
        let kind = kinds.iter().find_map(|kind| line.strip_prefix(kind));
        if let Some(name) = kind.map(word).filter(|name| public.contains(*name)) {
            items.push(Item {
                type_name: name,
                method: None,
                docs,
            });
        } else if let (Some(type_name), Some(rest)) = (current_type, line.strip_prefix("    pub "))
        {
            let rest = rest
                .trim_start_matches("const ")
                .trim_start_matches("async ");
            if let Some(method) = rest.strip_prefix("fn ").map(word) {
                items.push(Item {
                    type_name,
                    method: Some(method),
                    docs,
                });
            }
        }
    }
    items
}

/// Returns the type of an inherent `impl` block, or `None` for a trait implementation.
fn implementing_type(rest: &str) -> Option<&str> {
    if rest.contains(" for ") {
        return None;
    }
    let name = match rest.strip_prefix('<') {
        Some(generics) => generics.split_once("> ")?.1,
        None => rest.trim_start(),
    };
    Some(word(name))
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Returns the type names that `lib.rs` re-exports.
fn public_names(lib: &str) -> BTreeSet<String> {
    let uses = lib.split("pub use ").skip(1);
    let uses = uses.filter_map(|names| names.split(';').next());
    let names = uses.flat_map(|names| names.split(|c: char| !c.is_alphanumeric() && c != '_'));
    let names = names.filter(|name| name.starts_with(char::is_uppercase));
    names.map(ToOwned::to_owned).collect()
}

/// Returns the code of all examples in the doc comments of a file.
fn examples_of(text: &str) -> String {
    let mut examples = String::new();
    let mut in_code = false;
    for line in text.lines() {
        let line = line.trim_start();
        let Some(doc) = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"))
        else {
            in_code = false;
            continue;
        };
        if doc.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            examples.push_str(doc);
            examples.push('\n');
        }
    }
    examples
}

fn is_called(examples: &str, method: &str) -> bool {
    let calls = [
        format!(".{method}("),
        format!("::{method}("),
        format!(".{method}::<"),
    ];
    calls.iter().any(|call| examples.contains(call))
}

fn collect_sources(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(fs::read_to_string(&path).unwrap());
        }
    }
}
