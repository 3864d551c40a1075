//! Drops the parts of the spec that no client uses, so that they are neither validated nor normalized.
//!
//! Webhooks and callbacks are requests sent by the service. Response headers, links and examples define no types.
//! Servers are dropped because the caller sets one base URL for all operations.

use serde_json::Value;

use super::notes::Repairs;
use crate::document::{Kind, Order, for_each_mut};
use crate::lower;

/// Drops the parts of the spec that no code is generated from.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_mut(document, Order::ParentsFirst, |pointer, kind, node| {
        let Some(node) = node.as_object_mut() else {
            return;
        };
        let noted: &[(&str, &str)] = match kind {
            Kind::Document => &[("webhooks", "webhooks are sent by the service")],
            Kind::PathItem => &[("servers", "server overrides are not supported")],
            Kind::Operation => &[
                ("callbacks", "callbacks are sent by the service"),
                ("servers", "server overrides are not supported"),
            ],
            _ => &[],
        };
        for (key, reason) in noted {
            let there = |value: &Value| {
                value.as_object().is_some_and(|all| !all.is_empty())
                    || value.as_array().is_some_and(|all| !all.is_empty())
            };
            if node.get(*key).is_some_and(there) {
                repairs.note(&pointer.join(key), format_args!("{reason}; dropped"));
            }
            node.remove(*key);
        }
        let unread: &[&str] = match kind {
            Kind::Document => &["servers", "tags", "externalDocs"],
            Kind::Components => &["examples", "headers", "links", "callbacks"],
            Kind::Operation => &["externalDocs"],
            Kind::Parameter => &["example", "examples"],
            Kind::MediaType => &["example", "examples", "encoding"],
            Kind::Response => &["headers", "links"],
            Kind::Schema => &["xml", "externalDocs", "contentSchema"],
            _ => &[],
        };
        node.retain(|key, _| {
            !unread.contains(&key.as_str()) && !lower::MARKS.contains(&key.as_str())
        });
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn drops_and_notes_unsupported_parts() {
        let (document, notes) = crate::repair::testing::repaired(
            repair,
            json!({
                "servers": [{"url": "https://example.com"}],
                "webhooks": {"done": {"post": {}}},
                "paths": {"/a": {
                    "servers": [],
                    "get": {
                        "servers": [{"url": "https://files.example.com"}],
                        "callbacks": {"done": {}},
                        "responses": {"200": {"headers": {"X": {}}, "links": {}}},
                    },
                }},
                "components": {"examples": {}, "headers": {}, "schemas": {"links": {"x-union": 1}}},
            }),
        );
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"get": {"responses": {"200": {}}}}},
                "components": {"schemas": {"links": {}}},
            })
        );
        assert_eq!(
            notes,
            [
                "/webhooks: webhooks are sent by the service; dropped",
                "/paths/~1a/get/callbacks: callbacks are sent by the service; dropped",
                "/paths/~1a/get/servers: server overrides are not supported; dropped",
            ]
        );
    }
}
