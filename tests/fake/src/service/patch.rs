//! Application of PATCH bodies.

use serde_json::Value;

use super::request::Request;
use crate::spec::vendored;

/// Applies the body of a PATCH request to the existing properties of `resource`.
///
/// Null clears properties that are nullable in the operation's response and is ignored for all others.
pub(crate) fn patch(resource: &mut Value, request: &Request) {
    for (name, value) in request.body().as_object().into_iter().flatten() {
        let exists = resource.get(name).is_some();
        if exists && (!value.is_null() || is_nullable(request.operation, resource, name)) {
            resource[name] = value.clone();
        }
    }
}

/// Returns whether the property may be null in the operation's response.
fn is_nullable(operation: &str, resource: &Value, name: &str) -> bool {
    let responses = vendored()
        .operation(operation)
        .map(|found| &found.responses);
    let mut responses = responses.into_iter().flatten();
    let Some(response) = responses.find(|response| response.is_success() && response.is_json())
    else {
        return false;
    };
    let mut cleared = resource.clone();
    cleared[name] = Value::Null;
    let violations = vendored().checker().violations(&response.schema, &cleared);
    let is_within_property = |path: &str| {
        let path = path.trim_start_matches('/');
        path == name || path.starts_with(&format!("{name}/"))
    };
    violations.is_ok_and(|found| {
        !found
            .iter()
            .any(|violation| is_within_property(&violation.path))
    })
}
