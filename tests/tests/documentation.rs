//! Every public type of `retab-ext` has an example of its own, and every method of it is called in one: its own, or that of
//! another item.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_public_item_stands_in_an_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-ext/src");
    let mut files = Vec::new();
    read_all(&folder, &mut files);
    let examples: String = files.iter().map(|file| examples_of(file)).collect();
    let public = public_names(&fs::read_to_string(folder.join("lib.rs")).unwrap());

    let mut count = 0;
    let mut missing = Vec::new();
    for item in files.iter().flat_map(|file| items(file, &public)) {
        count += 1;
        let has_line = item.docs.first().is_some_and(|line| line.len() > 3);
        let has_own = !examples_of(&item.docs.join("\n")).is_empty();
        let is_called = item
            .method
            .is_some_and(|method| is_called(&examples, method));
        if !has_line || !(has_own || is_called) {
            missing.push(format!("{}::{}", item.of, item.method.unwrap_or_default()));
        }
    }
    assert!(count > 200, "only {count} items were found");
    assert!(
        missing.is_empty(),
        "without an example: {}",
        missing.join(", ")
    );
}

/// A public type, or a public method of one.
struct Item<'f> {
    of: &'f str,
    method: Option<&'f str>,
    /// The lines of its documentation, with their marks.
    docs: Vec<&'f str>,
}

/// The items of a file, without those of its tests.
fn items<'f>(file: &'f str, public: &BTreeSet<String>) -> Vec<Item<'f>> {
    let code = file.split("#[cfg(test)]").next().unwrap_or_default();
    let mut items = Vec::new();
    let mut docs = Vec::new();
    // The type whose methods follow.
    let mut of = None;
    for line in code.lines() {
        let text = line.trim_start();
        if text.starts_with("///") {
            docs.push(text);
            continue;
        }
        // An attribute can stand between, on a line or on several.
        if text.starts_with("#[") || text.starts_with(')') || text.ends_with("\",") {
            continue;
        }
        let docs = std::mem::take(&mut docs);
        if let Some(rest) = line.strip_prefix("impl") {
            of = implemented(rest).filter(|name| public.contains(*name));
        }
        let kinds = ["pub struct ", "pub enum ", "pub trait "];
        let kind = kinds.iter().find_map(|kind| line.strip_prefix(kind));
        if let Some(name) = kind.map(word).filter(|name| public.contains(*name)) {
            let (of, method) = (name, None);
            items.push(Item { of, method, docs });
        } else if let (Some(of), Some(rest)) = (of, line.strip_prefix("    pub ")) {
            let rest = rest
                .trim_start_matches("const ")
                .trim_start_matches("async ");
            if let Some(method) = rest.strip_prefix("fn ").map(word) {
                let method = Some(method);
                items.push(Item { of, method, docs });
            }
        }
    }
    items
}

/// The type that an `impl` is of, unless it is that of a trait.
fn implemented(rest: &str) -> Option<&str> {
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

/// The names that `lib.rs` makes public.
fn public_names(lib: &str) -> BTreeSet<String> {
    let uses = lib.split("pub use ").skip(1);
    let uses = uses.filter_map(|names| names.split(';').next());
    let names = uses.flat_map(|names| names.split(|c: char| !c.is_alphanumeric() && c != '_'));
    let names = names.filter(|name| name.starts_with(char::is_uppercase));
    names.map(ToOwned::to_owned).collect()
}

/// The code of the examples in the documentation of a file.
fn examples_of(text: &str) -> String {
    let mut examples = String::new();
    let mut within = false;
    for line in text.lines() {
        let line = line.trim_start();
        let Some(doc) = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"))
        else {
            within = false;
            continue;
        };
        if doc.trim_start().starts_with("```") {
            within = !within;
        } else if within {
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

fn read_all(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(fs::read_to_string(&path).unwrap());
        }
    }
}
