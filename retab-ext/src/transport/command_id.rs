//! The id by which the service knows a command that it has had before.

use std::hash::{BuildHasher as _, RandomState};

use http::HeaderValue;
use retab_api::runtime::{Body, Request};
use serde_json::{Map, Value};

/// Gives the body of a command an id, where its operation has one and the caller has set none.
///
/// Since it is done before the first attempt, all attempts have the same id.
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

/// The body as an object; none is an empty one.
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

/// 128 random bits.
fn random_id() -> String {
    let bits = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", bits(), bits())
}
