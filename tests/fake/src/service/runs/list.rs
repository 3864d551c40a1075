//! `GET /v1/workflows/runs` and its filters.

use serde_json::Value;

use super::store::Runs;
use crate::response::Response;
use crate::service::pages::page;
use crate::service::request::Request;
use crate::service::timestamp;
use crate::service::violation::Violations;

/// Query filters with the JSON pointer of the property in a run.
const FILTERS: [(&str, &str); 3] = [
    ("workflow_id", "/workflow_id"),
    ("status", "/lifecycle/status"),
    ("trigger_type", "/trigger/type"),
];

impl Runs {
    pub(super) fn list(&mut self, request: &Request) -> Result<Response, Response> {
        let mut runs = self.snapshots(request.now, request.pace);
        for (name, pointer) in FILTERS {
            if let Some(expected) = request.query_text(name) {
                runs.retain(|run| run.pointer(pointer).is_some_and(|value| value == expected));
            }
        }
        if let Some(excluded) = request.query_text("exclude_status") {
            runs.retain(|run| run["lifecycle"]["status"] != excluded);
        }
        timestamp::retain_within(request, &mut runs, "/timing/created_at")?;
        let min = request.query("min_duration_ms").and_then(Value::as_i64);
        let max = request.query("max_duration_ms").and_then(Value::as_i64);
        if min.is_some() || max.is_some() {
            runs.retain(|run| {
                duration(run).is_some_and(|duration| {
                    min.is_none_or(|min| duration >= min) && max.is_none_or(|max| duration <= max)
                })
            });
        }
        if let Some(text) = request.query_text("search") {
            runs.retain(|run| contains_text(run, text));
        }
        if let Some(text) = request.query_text("metadata") {
            let expected = metadata(text)?;
            let matches = |run: &Value| {
                expected
                    .iter()
                    .all(|(name, value)| run["metadata"][name] == *value)
            };
            runs.retain(matches);
        }
        Ok(page(request, runs, "id"))
    }
}

/// Returns the duration of a run in milliseconds, or `None` if it has not ended.
fn duration(run: &Value) -> Option<i64> {
    let timestamp = |name: &str| {
        let text = run["timing"][name].as_str()?;
        text.parse::<chrono::DateTime<chrono::Utc>>().ok()
    };
    Some((timestamp("completed_at")? - timestamp("started_at")?).num_milliseconds())
}

/// Returns whether the ID or a metadata value of a run contains `text`.
fn contains_text(run: &Value, text: &str) -> bool {
    let metadata = run["metadata"].as_object().into_iter().flatten();
    let values = metadata.map(|(_, value)| value);
    let mut texts = std::iter::once(&run["id"]).chain(values);
    texts.any(|value| value.as_str().is_some_and(|value| value.contains(text)))
}

/// Parses a metadata filter, a JSON object with string values.
fn metadata(text: &str) -> Result<serde_json::Map<String, Value>, Response> {
    match serde_json::from_str(text) {
        Ok(Value::Object(filter)) if filter.values().all(Value::is_string) => Ok(filter),
        _ => {
            let mut violations = Violations::default();
            let message = "A JSON object with string values is required";
            violations.add(&["query", "metadata"], message, "value_error");
            Err(violations.into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_ended_runs_have_duration() {
        let timing = json!({"timing": {
            "started_at": "2026-03-09T10:30:01Z", "completed_at": "2026-03-09T10:30:02.500Z",
        }});
        assert_eq!(duration(&timing), Some(1500));
        assert_eq!(duration(&json!({"timing": {"completed_at": null}})), None);
    }

    #[test]
    fn searches_id_and_metadata() {
        let run = json!({"id": "run_7", "metadata": {"tenant": "acme"}, "workflow_id": "wf_1"});
        assert!(contains_text(&run, "n_7") && contains_text(&run, "acm"));
        assert!(!contains_text(&run, "wf_1"));
    }

    #[test]
    fn rejects_metadata_without_string_values() {
        assert!(metadata(r#"{"tenant":"acme"}"#).is_ok());
        for text in ["", "[]", r#"{"try":2}"#] {
            assert!(metadata(text).is_err(), "{text}");
        }
    }
}
