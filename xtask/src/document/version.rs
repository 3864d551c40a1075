//! Which versions of OpenAPI the xtask works on.

use serde_json::Value;

use super::pointer::Pointer;
use crate::problem::{Problem, Result};

/// Refuses what is not an OpenAPI document of version 3.0 or 3.1; `name` is the file or URL that it came from.
///
/// Only what every later step rests on is checked: the version, and that `paths` is an object. What `info` says has
/// no place in the code, and services leave it out.
///
/// # Errors
/// A value of another form, with the pointer of the member that says so.
pub(crate) fn check_version(name: &str, document: &Value) -> Result<()> {
    let mend = "give an OpenAPI document of version 3.0 or 3.1";
    let refuse = |pointer: &Pointer, reason: String| {
        Err(Problem::new(
            format_args!("{name}, {pointer}"),
            reason,
            mend,
        ))
    };
    let root = Pointer::root();
    let Some(members) = document.as_object() else {
        return refuse(&root, "an OpenAPI document is a JSON object".to_owned());
    };
    if let Some(version) = members.get("swagger") {
        return refuse(
            &root.join("swagger"),
            format!("this is a Swagger document of version {version}"),
        );
    }
    match members.get("openapi") {
        Some(Value::String(version)) if is_supported(version) => {}
        Some(version) => {
            return refuse(
                &root.join("openapi"),
                format!("OpenAPI {version} is not a version that can be read"),
            );
        }
        None => {
            return refuse(
                &root,
                "there is no member `openapi`: this is not an OpenAPI document".to_owned(),
            );
        }
    }
    // 3.1 lets a document do without paths; this one would say nothing to generate.
    if !members.get("paths").is_some_and(Value::is_object) {
        return refuse(
            &root.join("paths"),
            "an object of path items is needed here".to_owned(),
        );
    }
    Ok(())
}

fn is_supported(version: &str) -> bool {
    ["3.0.", "3.1."].iter().any(|form| {
        let patch = version.strip_prefix(form);
        patch.is_some_and(|patch| patch.starts_with(|first: char| first.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(document: &Value) -> String {
        check_version("api.json", document).unwrap_err().to_string()
    }

    #[test]
    fn documents_of_3_0_and_3_1_pass() {
        for version in ["3.1.0", "3.0.3", "3.0.4-rc1"] {
            let document =
                json!({"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}});
            assert_eq!(check_version("api.json", &document), Ok(()));
        }
    }

    #[test]
    fn info_may_be_incomplete() {
        for document in [
            json!({"openapi": "3.1.0", "info": {"title": "T", "version": 1.0}, "paths": {}}),
            json!({"openapi": "3.1.0", "paths": {}}),
        ] {
            assert_eq!(check_version("api.json", &document), Ok(()));
        }
    }

    #[test]
    fn other_documents_are_refused_with_place_and_reason() {
        let cases = [
            (
                json!([]),
                "api.json, #: an OpenAPI document is a JSON object",
            ),
            (json!({}), "api.json, #: there is no member `openapi`"),
            (
                json!({"swagger": "2.0"}),
                "api.json, /swagger: this is a Swagger document of version \"2.0\"",
            ),
            (
                json!({"openapi": "3.2.0"}),
                "api.json, /openapi: OpenAPI \"3.2.0\" is not a version",
            ),
            (
                json!({"openapi": 3.1}),
                "api.json, /openapi: OpenAPI 3.1 is not a version",
            ),
            (
                json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": []}),
                "api.json, /paths: an object of path items",
            ),
        ];
        for (document, start) in cases {
            let refusal = refusal(&document);
            assert!(refusal.starts_with(start), "{refusal}");
            assert!(
                refusal.ends_with("to mend it: give an OpenAPI document of version 3.0 or 3.1")
            );
        }
    }
}
