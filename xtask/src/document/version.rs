//! The check for supported OpenAPI versions.

use serde_json::Value;

use super::pointer::Pointer;
use crate::problem::{Problem, Result};

/// Checks that `document` is an OpenAPI 3.0 or 3.1 spec; `name` is its file or URL.
///
/// Checks only the prerequisites of later steps: the version, and that `paths` is an object. `info` does not
/// affect the code, and some services omit parts of it.
///
/// # Errors
/// Returns an error with the pointer of the offending member.
pub(crate) fn check_version(name: &str, document: &Value) -> Result<()> {
    let hint = "pass an OpenAPI 3.0 or 3.1 spec";
    let refuse = |pointer: &Pointer, reason: String| {
        Err(Problem::new(
            format_args!("{name}, {pointer}"),
            reason,
            hint,
        ))
    };
    let root = Pointer::root();
    let Some(members) = document.as_object() else {
        return refuse(&root, "expected a JSON object".to_owned());
    };
    if let Some(version) = members.get("swagger") {
        return refuse(
            &root.join("swagger"),
            format!("Swagger {version} is not supported"),
        );
    }
    match members.get("openapi") {
        Some(Value::String(version)) if is_supported(version) => {}
        Some(version) => {
            return refuse(
                &root.join("openapi"),
                format!("OpenAPI {version} is not supported"),
            );
        }
        None => {
            return refuse(
                &root,
                "missing `openapi`: this is not an OpenAPI spec".to_owned(),
            );
        }
    }
    // `paths` is optional in 3.1, but without it there is nothing to generate.
    if !members.get("paths").is_some_and(Value::is_object) {
        return refuse(
            &root.join("paths"),
            "expected an object of path items".to_owned(),
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
    fn accepts_3_0_and_3_1() {
        for version in ["3.1.0", "3.0.3", "3.0.4-rc1"] {
            let document =
                json!({"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}});
            assert_eq!(check_version("api.json", &document), Ok(()));
        }
    }

    #[test]
    fn accepts_incomplete_info() {
        for document in [
            json!({"openapi": "3.1.0", "info": {"title": "T", "version": 1.0}, "paths": {}}),
            json!({"openapi": "3.1.0", "paths": {}}),
        ] {
            assert_eq!(check_version("api.json", &document), Ok(()));
        }
    }

    #[test]
    fn rejects_other_specs_with_pointer_and_reason() {
        let cases = [
            (json!([]), "api.json, #: expected a JSON object"),
            (json!({}), "api.json, #: missing `openapi`"),
            (
                json!({"swagger": "2.0"}),
                "api.json, /swagger: Swagger \"2.0\" is not supported",
            ),
            (
                json!({"openapi": "3.2.0"}),
                "api.json, /openapi: OpenAPI \"3.2.0\" is not supported",
            ),
            (
                json!({"openapi": 3.1}),
                "api.json, /openapi: OpenAPI 3.1 is not supported",
            ),
            (
                json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": []}),
                "api.json, /paths: expected an object of path items",
            ),
        ];
        for (document, start) in cases {
            let refusal = refusal(&document);
            assert!(refusal.starts_with(start), "{refusal}");
            assert!(refusal.ends_with("\n  help: pass an OpenAPI 3.0 or 3.1 spec"));
        }
    }
}
