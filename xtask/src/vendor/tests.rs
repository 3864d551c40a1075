use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::command::{Options, changes, run};
use super::structure;
use crate::problem::Result;
use crate::source::{Counts, DOCUMENT, SOURCE, Source, sha256};

/// Returns a spec with members of every kind that is removed, preserved or sorted.
fn upstream() -> Value {
    json!({
        "info": {"version": "0.1.0", "title": "Name", "description": "text", "contact": {}, "x-a": 1},
        "openapi": "3.1.0",
        "externalDocs": {"url": "https://h"},
        "x-logo": {"url": "https://h"},
        "tags": [{"name": "B", "description": "text"}, {"name": "A"}],
        "components": {
            "securitySchemes": {"O": {"type": "oauth2", "description": "text", "flows": {"implicit": {
                "authorizationUrl": "u", "scopes": {"write": "text", "read": "text"},
            }}}},
            "examples": {"E": {"value": 1}},
            "responses": {"R": {"description": "text"}},
            "schemas": {
                "title": {
                    "title": "Title",
                    "description": "text",
                    "example": {},
                    "examples": [{}],
                    "$comment": "text",
                    "externalDocs": {"url": "https://h"},
                    "X-Prompt": "text",
                    "type": "object",
                    "required": ["summary", "description"],
                    "properties": {
                        "summary": {"title": "Summary", "type": "string", "default": {"title": "data"}},
                        "description": {"type": "string", "enum": ["b", "a"]},
                        "x-example": {"type": "string", "description": "text"},
                        "example": {"const": {"description": "data"}},
                        "items": {"items": {"title": "Items"}},
                    },
                },
                "A": {"$ref": "#/components/schemas/title", "description": "text"},
            },
        },
        "paths": {
            "/b": {"post": {
                "responses": {
                    "default": {"$ref": "#/components/responses/R", "description": "text"},
                    "404": {"description": "text"},
                    "200": {"description": "text", "content": {"b/b": {"example": 1}, "a/a": {
                        "examples": {"e": {"value": 1}}, "schema": {},
                    }}},
                },
                "summary": "text",
                "operationId": "b",
                "parameters": [
                    {"name": "title", "in": "query", "description": "text", "example": 1},
                    {"name": "example", "in": "query"},
                ],
                "tags": ["B", "A"],
                "x-code": "text",
                "callbacks": {"summary": {"example": {"summary": "text"}, "x-a": 1}},
            }},
            "/a": {"summary": "text", "x-a": 1},
            "x-paths": {},
        },
    })
}

fn without_texts() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Name", "version": "0.1.0"},
        "tags": [{"name": "B"}, {"name": "A"}],
        "paths": {
            "/a": {},
            "/b": {"post": {
                "operationId": "b",
                "tags": ["B", "A"],
                "parameters": [{"name": "title", "in": "query"}, {"name": "example", "in": "query"}],
                "responses": {
                    "200": {"description": "", "content": {"a/a": {"schema": {}}, "b/b": {}}},
                    "404": {"description": ""},
                    "default": {"$ref": "#/components/responses/R"},
                },
                "callbacks": {"summary": {"example": {}}},
            }},
        },
        "components": {
            "responses": {"R": {"description": ""}},
            "schemas": {
                "A": {"$ref": "#/components/schemas/title"},
                "title": {
                    "type": "object",
                    "required": ["description", "summary"],
                    "properties": {
                        "summary": {"type": "string", "default": {"title": "data"}},
                        "description": {"type": "string", "enum": ["b", "a"]},
                        "x-example": {"type": "string"},
                        "example": {"const": {"description": "data"}},
                        "items": {"items": {}},
                    },
                },
            },
            "securitySchemes": {"O": {"type": "oauth2", "flows": {"implicit": {
                "authorizationUrl": "u", "scopes": {"read": "", "write": ""},
            }}}},
        },
    })
}

struct Scratch {
    root: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    /// Vendors `content` from a file called `name`.
    fn vendor(&self, name: &str, content: &str, keep_texts: bool) -> Result<()> {
        let path = self.root.path().join(name);
        fs::write(&path, content).unwrap();
        let options = Options {
            from: path.display().to_string(),
            date: None,
            keep_texts,
            output: None,
        };
        run(&options, &self.openapi())
    }

    fn openapi(&self) -> PathBuf {
        self.root.path().join("openapi")
    }

    fn document(&self) -> String {
        fs::read_to_string(self.openapi().join(DOCUMENT)).unwrap()
    }

    fn source(&self) -> Source {
        Source::read(&self.openapi().join(SOURCE)).unwrap()
    }
}

#[test]
fn removes_prose_and_sorts_structure() {
    let scratch = Scratch::new();
    scratch
        .vendor("2026-01-02.json", &upstream().to_string(), false)
        .unwrap();
    // Compares strings, because the order of keys matters.
    assert_eq!(scratch.document(), format!("{:#}\n", without_texts()));
}

#[test]
fn keep_texts_preserves_prose_in_canonical_order() {
    let scratch = Scratch::new();
    scratch
        .vendor("a.json", &upstream().to_string(), true)
        .unwrap();

    let kept: Value = serde_json::from_str(&scratch.document()).unwrap();
    let paths: Vec<_> = kept["paths"].as_object().unwrap().keys().collect();

    assert_eq!(kept, {
        let mut sorted = upstream();
        sorted["components"]["schemas"]["title"]["required"] = json!(["description", "summary"]);
        sorted
    });
    assert_eq!(paths, ["/a", "/b", "x-paths"]);
}

#[test]
fn vendoring_is_idempotent() {
    for keep_texts in [false, true] {
        let scratch = Scratch::new();
        scratch
            .vendor("a.json", &upstream().to_string(), keep_texts)
            .unwrap();
        let once = scratch.document();
        scratch.vendor("a.json", &once, keep_texts).unwrap();
        assert_eq!(scratch.document(), once);
    }
}

#[test]
fn output_is_independent_of_upstream_key_order() {
    let reversed = {
        let mut document = upstream();
        let members: Vec<_> = document
            .as_object_mut()
            .unwrap()
            .clone()
            .into_iter()
            .collect();
        Value::Object(members.into_iter().rev().collect())
    };
    let (one, other) = (Scratch::new(), Scratch::new());
    one.vendor("a.json", &upstream().to_string(), false)
        .unwrap();
    other
        .vendor("a.json", &reversed.to_string(), false)
        .unwrap();
    assert_eq!(one.document(), other.document());
}

#[test]
fn source_records_file_name_date_digests_and_counts() {
    let scratch = Scratch::new();
    let content = upstream().to_string();
    scratch
        .vendor("api-2026-01-02.json", &content, false)
        .unwrap();

    assert_eq!(
        scratch.source(),
        Source {
            upstream: "api-2026-01-02.json".to_owned(),
            date: "2026-01-02".parse().unwrap(),
            upstream_sha256: sha256(content.as_bytes()),
            document_sha256: sha256(scratch.document().as_bytes()),
            counts: Counts {
                paths: 2,
                operations: 1,
                schemas: 2,
                properties: 5,
                parameters: 2,
            },
        }
    );
    assert_eq!(
        sha256(b"abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn rejected_spec_changes_no_file() {
    let scratch = Scratch::new();
    scratch
        .vendor("a.json", &upstream().to_string(), false)
        .unwrap();
    let (document, source) = (scratch.document(), scratch.source());

    for (content, reason) in [
        (
            r#"{"openapi": "3.1.0", "#,
            "bad.json:1:21: the JSON is truncated",
        ),
        (
            r#"{"swagger": "2.0"}"#,
            "bad.json, /swagger: Swagger \"2.0\" is not supported",
        ),
        ("{}", "bad.json, #: missing `openapi`"),
        ("<!doctype html>", "bad.json:1:1: invalid JSON"),
        ("\u{0}\u{1}\u{2}", "bad.json:1:1: invalid JSON"),
        ("[]", "bad.json, #: expected a JSON object"),
        (
            r##"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {
                "parameters": [{"$ref": "#/components/parameters/Gone"}]
            }}}}"##,
            "bad.json, /paths/~1a/get/parameters/0/$ref: #/components/parameters/Gone does not exist",
        ),
    ] {
        let message = scratch
            .vendor("bad.json", content, false)
            .unwrap_err()
            .to_string();
        assert!(message.starts_with(reason), "{message}");
    }

    assert_eq!(scratch.document(), document);
    assert_eq!(scratch.source(), source);
    assert_eq!(fs::read_dir(scratch.openapi()).unwrap().count(), 2);
}

#[test]
fn upgrades_3_0_yaml_to_3_1() {
    let scratch = Scratch::new();
    let document = "
        openapi: 3.0.3
        info: {title: T, version: '1'}
        paths: {}
        components: {schemas: {A: {type: string, nullable: true, example: a}}}
    ";
    scratch.vendor("api.yaml", document, false).unwrap();
    let vendored: Value = serde_json::from_str(&scratch.document()).unwrap();
    assert_eq!(vendored["openapi"], "3.1.0");
    assert_eq!(
        vendored["components"]["schemas"]["A"],
        json!({"type": ["string", "null"]})
    );
}

#[test]
fn overlay_can_fix_rejected_spec() {
    let scratch = Scratch::new();
    let overlays = scratch.openapi().join("overlays");
    fs::create_dir_all(&overlays).unwrap();
    let overlay = json!({
        "overlay": "1.1.0",
        "info": {"title": "Corrections", "version": "1"},
        "actions": [{
            "target": "$.components.schemas", "description": "It is missing.", "update": {"Gone": {"type": "string"}},
        }],
    });
    fs::write(overlays.join("a.json"), overlay.to_string()).unwrap();
    let mut document = upstream();
    document["components"]["schemas"]["A"]["$ref"] = json!("#/components/schemas/Gone");
    scratch
        .vendor("a.json", &document.to_string(), false)
        .unwrap();
    document["components"]["schemas"]["A"]["$ref"] = json!("#/components/schemas/Lost");
    let refusal = scratch.vendor("a.json", &document.to_string(), false);
    assert!(
        refusal
            .unwrap_err()
            .to_string()
            .contains("#/components/schemas/Lost")
    );
}

/// The vendored spec of this project is in the format that `vendor` writes.
#[test]
fn vendored_spec_is_canonical() {
    let folder = crate::workspace().join("openapi");
    let bytes = fs::read(folder.join(DOCUMENT)).unwrap();
    let mut document: Value = serde_json::from_slice(&bytes).unwrap();
    structure::drop_texts(&mut document);
    structure::order(&mut document);
    assert!(
        structure::print(&document) == bytes,
        "run `cargo xtask vendor` again"
    );

    let source = Source::read(&folder.join(SOURCE)).unwrap();
    assert_eq!(source.document_sha256, sha256(&bytes));
    assert_eq!(source.counts, Counts::of(&document));
}

#[test]
fn reports_changes_since_vendored_revision() {
    let scratch = Scratch::new();
    let mut newer = upstream();
    newer["paths"]["/c"] = json!({"get": {"operationId": "c", "responses": {"204": {}}}});
    assert!(changes(&scratch.openapi(), &newer, "b.json").is_none());

    scratch
        .vendor("a.json", &upstream().to_string(), false)
        .unwrap();
    let report = changes(&scratch.openapi(), &newer, "b.json").unwrap();
    assert!(
        report
            .text()
            .starts_with("a.json -> b.json\n\nc\n  + GET /c: operation added c\n\n1 changes:"),
        "{}",
        report.text()
    );
    let same = changes(&scratch.openapi(), &upstream(), "b.json").unwrap();
    assert_eq!(same.text(), "a.json -> b.json: no changes");
}
