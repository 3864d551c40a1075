//! Sample pages, and the helpers that each crate needs to decode them.

pub mod in_memory;
pub mod official;
pub mod pages;

#[cfg(test)]
mod tests {
    use retab_api::types;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use crate::official::Page;
    use crate::pages::{LENGTH, TagPlace, evals, runs, steps};

    /// Removes null properties, which the types do not serialize.
    fn without_null(value: Value) -> Value {
        match value {
            Value::Object(object) => {
                let set = object.into_iter().filter(|(_, value)| !value.is_null());
                Value::Object(set.map(|(key, value)| (key, without_null(value))).collect())
            }
            Value::Array(items) => items.into_iter().map(without_null).collect(),
            other => other,
        }
    }

    /// Asserts that decoding and serializing a page preserves every property.
    #[track_caller]
    fn assert_round_trip<T: DeserializeOwned + Serialize>(page: &[u8]) {
        let decoded: T = serde_json::from_slice(page).unwrap();
        assert_eq!(
            without_null(serde_json::to_value(decoded).unwrap()),
            without_null(serde_json::from_slice(page).unwrap())
        );
    }

    #[track_caller]
    fn assert_official_decodes<T: DeserializeOwned>(page: &[u8]) {
        let decoded: Page<T> = serde_json::from_slice(page).unwrap();
        assert_eq!(decoded.data.len(), LENGTH);
    }

    #[test]
    fn both_crates_decode_every_page() {
        for place in [TagPlace::First, TagPlace::Last] {
            assert_round_trip::<types::WorkflowRunList>(&runs(place));
            assert_round_trip::<types::WorkflowStepList>(&steps(place));
            assert_round_trip::<types::WorkflowEvalList>(&evals(place));
            assert_official_decodes::<retab::models::WorkflowRun>(&runs(place));
            assert_official_decodes::<retab::models::WorkflowRunStep>(&steps(place));
            assert_official_decodes::<retab::models::WorkflowEval>(&evals(place));
        }
    }

    #[test]
    fn pages_contain_every_lifecycle() {
        let lifecycles = |page: Vec<u8>| -> Vec<String> {
            let page: Value = serde_json::from_slice(&page).unwrap();
            let items = page["data"].as_array().unwrap().iter();
            let tags = items.map(|item| item["lifecycle"]["status"].as_str().unwrap().to_owned());
            let mut tags: Vec<_> = tags.collect();
            tags.sort_unstable();
            tags.dedup();
            tags
        };
        let runs = lifecycles(runs(TagPlace::First));
        assert_eq!(
            runs.join(" "),
            "awaiting_review cancelled completed error pending running"
        );
        let steps = lifecycles(steps(TagPlace::First));
        assert_eq!(
            steps.join(" "),
            "awaiting_review cancelled completed error pending queued running skipped"
        );
    }
}
