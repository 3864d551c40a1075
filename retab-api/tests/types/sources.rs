//! What the generated sources must not contain, whatever the document says.

use std::fs;
use std::path::Path;

/// The generated types, by file; their builders are beside the point.
fn files() -> Vec<(String, String)> {
    files_of("types")
}

/// The generated files of a folder, without those of the folders in it.
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
fn no_type_refuses_a_value() {
    for (name, text) in files() {
        for refusal in [
            "deny_unknown_fields",
            "NonZero",
            "regress",
            "pub struct Subtype",
            "untagged",
            "Err(",
            "ConversionError",
        ] {
            assert!(!text.contains(refusal), "{refusal} in {name}");
        }
        let newtype = text
            .lines()
            .find(|line| line.starts_with("pub struct") && line.contains('('));
        assert_eq!(newtype, None, "{name}");
    }
}

#[test]
fn a_field_is_left_out_only_when_it_was_not_set() {
    for (name, text) in files() {
        let all = text.matches("skip_serializing_if").count();
        let options = text
            .matches(r#"skip_serializing_if = "::std::option::Option::is_none""#)
            .count();
        assert_eq!(all, options, "{name}");
    }
}

#[test]
fn every_struct_and_enum_may_grow() {
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
fn every_timestamp_is_read_by_the_runtime() {
    for (name, text) in files() {
        let fields = text.matches("::chrono::DateTime<").count();
        // A macro's lines are broken anywhere.
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
fn no_builder_derives_what_shows_its_values() {
    let mut count = 0;
    for (name, text) in files_of("types/builder") {
        for derive in text.lines().filter(|line| line.contains("derive(")) {
            assert!(!derive.contains("Debug"), "{derive} in {name}");
            count += 1;
        }
    }
    assert!(count > 90, "{count}");
    // What a call shows is up to the runtime: its builders hold nothing else.
    for (name, text) in files_of("builder") {
        let structs = text.matches("pub struct ").count();
        let calls = text.matches(" {\n    request: RequestBuilder,\n}").count();
        assert_eq!(structs, calls, "{name}");
    }
}

#[test]
fn an_operation_has_one_async_body_a_way_to_send_and_it_is_a_line() {
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
