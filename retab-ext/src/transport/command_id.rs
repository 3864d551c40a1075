//! Command ids, which let the service detect repeated commands.

use std::hash::{BuildHasher as _, RandomState};

use http::HeaderValue;
use retab_api::runtime::{Body, Request};
use serde_json::{Map, Value};

/// Adds a random command id to the request body if the operation supports one and the caller set none.
///
/// Runs before the first attempt, so that all attempts share the id.
pub(super) fn fill(request: &mut Request) {
    let Some(property) = request.operation().deduplication else {
        return;
    };
    let Some(mut object) = object(request.body()) else {
        return;
    };
    let id = object.entry(property).or_insert(Value::Null);
    if !id.is_null() {
        return;
    }
    *id = Value::String(random_id());
    request.set_body(Body::Bytes {
        content_type: HeaderValue::from_static("application/json"),
        bytes: Value::Object(object).to_string().into(),
    });
}

/// Returns the body as a JSON object. An empty body counts as an empty object.
fn object(body: &Body) -> Option<Map<String, Value>> {
    match body {
        Body::Empty => Some(Map::new()),
        Body::Bytes { bytes, .. } => match serde_json::from_slice(bytes) {
            Ok(Value::Object(object)) => Some(object),
            Ok(Value::Null) => Some(Map::new()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns 128 random bits in hexadecimal.
fn random_id() -> String {
    let bits = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", bits(), bits())
}
