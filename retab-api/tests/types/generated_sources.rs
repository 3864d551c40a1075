//! Invariants of the generated sources.

use std::fs;
use std::path::Path;

/// Returns the files of the generated types, without their builders.
fn files() -> Vec<(String, String)> {
    files_of("types")
}

/// Returns the generated files of a directory, without subdirectories.
fn files_of(folder: &str) -> Vec<(String, String)> {
    let generated = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated");
    let folder = generated.join(folder);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = fs::read_to_string(&path).unwrap();
            files.push((path.display().to_string(), text));
        }
    }
    assert!(files.len() > 10);
    files
}

#[test]
fn types_contain_no_validation() {
    for (name, text) in files() {
        for validation in [
            "deny_unknown_fields",
            "NonZero",
            "regress",
            "pub struct Subtype",
            "untagged",
            "Err(",
            "ConversionError",
        ] {
            assert!(!text.contains(validation), "{validation} in {name}");
        }
        let newtype = text
            .lines()
            .find(|line| line.starts_with("pub struct") && line.contains('('));
        assert_eq!(newtype, None, "{name}");
    }
}

#[test]
fn omits_only_unset_fields() {
    for (name, text) in files() {
        let all = text.matches("skip_serializing_if").count();
        let options = text
            .matches(r#"skip_serializing_if = "::std::option::Option::is_none""#)
            .count();
        assert_eq!(all, options, "{name}");
    }
}

#[test]
fn every_type_is_non_exhaustive() {
    let mut count = 0;
    for (name, text) in files() {
        let mut before = "";
        for line in text.lines() {
            if line.starts_with("pub struct") || line.starts_with("pub enum") {
                assert_eq!(before, "#[non_exhaustive]", "{line} in {name}");
                count += 1;
            }
            before = line;
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn every_timestamp_uses_the_runtime_decoder() {
    for (name, text) in files() {
        let fields = text.matches("::chrono::DateTime<").count();
        // Lines of macros may be broken anywhere.
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let read: usize = [
            "=> timestamp ",
            "=> optional_timestamp ",
            "\"crate::runtime::timestamp::deserialize",
        ]
        .iter()
        .map(|read| words.matches(read).count())
        .sum();
        assert_eq!(fields, read, "{name}");
    }
}

#[test]
fn builders_do_not_derive_debug() {
    let mut count = 0;
    for (name, text) in files_of("types/builder") {
        for derive in text.lines().filter(|line| line.contains("derive(")) {
            assert!(!derive.contains("Debug"), "{derive} in {name}");
            count += 1;
        }
    }
    assert!(count > 90, "{count}");
    // Operation builders only wrap the runtime's builder, which redacts its values.
    for (name, text) in files_of("builder") {
        let structs = text.matches("pub struct ").count();
        let wrappers = text.matches(" {\n    request: RequestBuilder,\n}").count();
        assert_eq!(structs, wrappers, "{name}");
    }
}

#[test]
fn async_functions_only_delegate_to_the_runtime() {
    for (name, text) in files_of("builder") {
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            if line.starts_with("pub async fn ") {
                let body = lines[at..].iter().skip_while(|line| !line.ends_with('{'));
                let body: Vec<_> = body.skip(1).take_while(|line| **line != "}").collect();
                assert_eq!(body.len(), 1, "{line} in {name}: {body:?}");
                assert!(body[0].starts_with("self.request."), "{line} in {name}");
            }
        }
    }
}
