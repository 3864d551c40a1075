//! What the body of a PATCH changes.

use serde_json::Value;

use super::call::Call;
use crate::spec::vendored;

/// Sets what the body of a PATCH says, where the resource has a property of the name.
///
/// What is not said stays as it is. Null takes away what can be null in the operation's answer, and says nothing of any
/// other property.
pub(crate) fn patch(resource: &mut Value, call: &Call<'_>) {
    for (name, value) in call.body().as_object().into_iter().flatten() {
        let has_it = resource.get(name).is_some();
        if has_it && (!value.is_null() || can_be_null(call.operation, resource, name)) {
            resource[name] = value.clone();
        }
    }
}

/// Whether this property may be null where an operation answers with such a resource.
fn can_be_null(operation: &str, resource: &Value, name: &str) -> bool {
    let answers = vendored()
        .operation(operation)
        .map(|found| &found.responses);
    let mut answers = answers.into_iter().flatten();
    let Some(answer) = answers.find(|answer| answer.is_success() && answer.is_json()) else {
        return false;
    };
    let place = |violation: &str| violation.trim_start_matches('/').to_owned();
    let mut without = resource.clone();
    without[name] = Value::Null;
    let violations = vendored().checker().violations(&answer.schema, &without);
    let is_of_it = |found: &str| {
        let found = place(found);
        found == name || found.starts_with(&format!("{name}/"))
    };
    violations.is_ok_and(|found| !found.iter().any(|violation| is_of_it(&violation.path)))
}
