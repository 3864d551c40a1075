//! `GET /v1/workflows/runs`: which runs.

use serde_json::Value;

use super::Runs;
use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::time;
use crate::service::violation::Violations;

/// What the list is filtered by, with the place of it in a run.
const FILTERS: [(&str, &str); 3] = [
    ("workflow_id", "/workflow_id"),
    ("status", "/lifecycle/status"),
    ("trigger_type", "/trigger/type"),
];

impl Runs {
    pub(super) fn list(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let mut runs = self.documents(call.now, call.pace);
        for (name, place) in FILTERS {
            if let Some(wanted) = call.query_text(name) {
                runs.retain(|run| run.pointer(place).is_some_and(|value| value == wanted));
            }
        }
        if let Some(unwanted) = call.query_text("exclude_status") {
            runs.retain(|run| run["lifecycle"]["status"] != unwanted);
        }
        time::within(call, &mut runs, "/timing/created_at")?;
        let least = call.query("min_duration_ms").and_then(Value::as_i64);
        let most = call.query("max_duration_ms").and_then(Value::as_i64);
        if least.is_some() || most.is_some() {
            runs.retain(|run| {
                duration(run).is_some_and(|duration| {
                    least.is_none_or(|least| duration >= least)
                        && most.is_none_or(|most| duration <= most)
                })
            });
        }
        if let Some(text) = call.query_text("search") {
            runs.retain(|run| has_text(run, text));
        }
        if let Some(text) = call.query_text("metadata") {
            let wanted = metadata(text)?;
            let has = |run: &Value| {
                wanted
                    .iter()
                    .all(|(name, value)| run["metadata"][name] == *value)
            };
            runs.retain(has);
        }
        Ok(page(call, runs, "id"))
    }
}

/// How long a run took, in milliseconds; nothing for one that goes on.
fn duration(run: &Value) -> Option<i64> {
    let instant = |name: &str| {
        let text = run["timing"][name].as_str()?;
        text.parse::<chrono::DateTime<chrono::Utc>>().ok()
    };
    Some((instant("completed_at")? - instant("started_at")?).num_milliseconds())
}

/// Whether the id or the metadata of a run has this text in it.
fn has_text(run: &Value, text: &str) -> bool {
    let metadata = run["metadata"].as_object().into_iter().flatten();
    let values = metadata.map(|(_, value)| value);
    let mut texts = std::iter::once(&run["id"]).chain(values);
    texts.any(|value| value.as_str().is_some_and(|value| value.contains(text)))
}

/// The metadata that a query asks for: an object of texts in a text.
fn metadata(text: &str) -> Result<serde_json::Map<String, Value>, Response> {
    match serde_json::from_str(text) {
        Ok(Value::Object(wanted)) if wanted.values().all(Value::is_string) => Ok(wanted),
        _ => {
            let mut violations = Violations::default();
            let message = "A JSON object of texts is required";
            violations.add(&["query", "metadata"], message, "value_error");
            Err(violations.into_answer())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_run_that_has_ended_has_a_duration() {
        let timing = json!({"timing": {
            "started_at": "2026-03-09T10:30:01Z", "completed_at": "2026-03-09T10:30:02.500Z",
        }});
        assert_eq!(duration(&timing), Some(1500));
        assert_eq!(duration(&json!({"timing": {"completed_at": null}})), None);
    }

    #[test]
    fn a_text_is_looked_for_in_the_id_and_the_metadata() {
        let run = json!({"id": "run_7", "metadata": {"tenant": "acme"}, "workflow_id": "wf_1"});
        assert!(has_text(&run, "n_7") && has_text(&run, "acm"));
        assert!(!has_text(&run, "wf_1"));
    }

    #[test]
    fn metadata_that_is_no_object_of_texts_is_refused() {
        assert!(metadata(r#"{"tenant":"acme"}"#).is_ok());
        for text in ["", "[]", r#"{"try":2}"#] {
            assert!(metadata(text).is_err(), "{text}");
        }
    }
}
