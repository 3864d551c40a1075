//! Pages of the service that both crates decode, and what each of them needs to decode them.

pub mod answering;
pub mod official;
pub mod pages;

#[cfg(test)]
mod tests {
    use retab_api::types as ours;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use crate::official::Page;
    use crate::pages::{LENGTH, TagPlace, evals, runs, steps};

    /// Without the properties that are null, which the types leave out.
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

    /// The page is read whole: what is written back has every property of it.
    #[track_caller]
    fn nothing_is_lost<T: DeserializeOwned + Serialize>(page: &[u8]) {
        let read: T = serde_json::from_slice(page).unwrap();
        assert_eq!(
            without_null(serde_json::to_value(read).unwrap()),
            without_null(serde_json::from_slice(page).unwrap())
        );
    }

    #[track_caller]
    fn the_official_crate_reads<T: DeserializeOwned>(page: &[u8]) {
        let read: Page<T> = serde_json::from_slice(page).unwrap();
        assert_eq!(read.data.len(), LENGTH);
    }

    #[test]
    fn both_crates_read_every_page() {
        for place in [TagPlace::First, TagPlace::Last] {
            nothing_is_lost::<ours::WorkflowRunList>(&runs(place));
            nothing_is_lost::<ours::WorkflowStepList>(&steps(place));
            nothing_is_lost::<ours::WorkflowEvalList>(&evals(place));
            the_official_crate_reads::<retab::models::WorkflowRun>(&runs(place));
            the_official_crate_reads::<retab::models::WorkflowRunStep>(&steps(place));
            the_official_crate_reads::<retab::models::WorkflowEval>(&evals(place));
        }
    }

    #[test]
    fn every_lifecycle_is_on_the_pages() {
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
