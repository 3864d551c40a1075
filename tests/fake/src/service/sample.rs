//! Answers drawn from the schemas of the document.

use serde_json::{Value, json};

use super::call::Call;
use crate::response::Response;
use crate::spec::{Profile, vendored};

/// Draws the same answer whenever it is asked for the same one.
pub(crate) struct Samples {
    seed: u64,
}

impl Samples {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// What an operation answers with this status, with every property that it can have; null where the document has no
    /// JSON for it.
    pub(crate) fn of(&self, operation: &str, status: u16) -> Value {
        let answers = vendored()
            .operation(operation)
            .map(|found| &found.responses);
        let answer = answers
            .into_iter()
            .flatten()
            .find(|answer| answer.status == status && answer.is_json());
        let Some(answer) = answer else {
            return Value::Null;
        };
        let mut sampler = vendored().response_sampler(self.seed ^ hash(operation, status));
        sampler.draw(&answer.schema, Profile::Full)
    }

    /// What an operation answers whose answer is a union: the variant whose tag is this one, in full; null where there
    /// is none.
    pub(crate) fn of_variant(&self, operation: &str, tag: &str, value: &str) -> Value {
        let answers = vendored()
            .operation(operation)
            .map(|found| &found.responses);
        let mut answers = answers.into_iter().flatten();
        let variant = answers.find_map(|answer| answer.schema.variant(tag, value));
        let Some(variant) = variant else {
            return Value::Null;
        };
        let mut sampler = vendored().response_sampler(self.seed ^ hash(value, 0));
        sampler.draw(&variant, Profile::Full)
    }

    /// A value of the schema of this name, in full; null where there is none.
    pub(crate) fn of_component(&self, name: &str) -> Value {
        let Some(schema) = vendored().spec().component(name) else {
            return Value::Null;
        };
        let mut sampler = vendored().response_sampler(self.seed ^ hash(name, 0));
        sampler.draw(&schema, Profile::Full)
    }

    /// The first success that the document has for an operation, JSON where it has any.
    pub(crate) fn answer(&self, call: &Call<'_>) -> Response {
        let answers = vendored()
            .operation(call.operation)
            .map(|found| &found.responses);
        let successes = answers.into_iter().flatten();
        let mut successes = successes.filter(|answer| answer.is_success());
        // A stream is for those who ask for it.
        let json = successes.clone().find(|answer| answer.is_json());
        let success = json.or_else(|| successes.next());
        match success {
            Some(answer) if answer.is_json() => {
                let mut sample = self.of(call.operation, answer.status);
                // A sampled list is whole: the cursor that was drawn would lead a client to the same page for ever.
                if let Some(metadata) = sample.get_mut("list_metadata") {
                    *metadata = json!({"before": null, "after": null});
                }
                Response::json(answer.status, &sample)
            }
            Some(answer) => match answer.media_type {
                Some(media_type) => Response::new(answer.status, media_type, ""),
                None => Response::empty(answer.status),
            },
            None => Response::empty(204),
        }
    }
}

/// FNV-1a, which is the same on every machine.
fn hash(operation: &str, status: u16) -> u64 {
    let bytes = operation.bytes().chain(status.to_be_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::received_request::ReceivedRequest;

    #[test]
    fn a_sampled_list_has_no_page_behind_it() {
        let request = ReceivedRequest::new(
            http::Method::GET,
            &"/v1/usage/runs".parse().unwrap(),
            http::HeaderMap::new(),
            bytes::Bytes::new(),
        );
        let call = Call::of("list_usage_runs", Value::Null, &request);
        let answer = Samples::new(1).answer(&call);
        let page: Value = serde_json::from_slice(&answer.body()).unwrap();
        assert!(!page["data"][0].is_null());
        assert_eq!(
            page["list_metadata"],
            json!({"before": null, "after": null})
        );
    }

    #[test]
    fn every_success_is_drawn_the_same_again_and_fits_the_document() {
        let samples = Samples::new(1);
        let mut drawn = 0;
        for operation in vendored().operations() {
            for answer in operation.responses.iter().filter(|answer| answer.is_json()) {
                let sample = samples.of(operation.id, answer.status);
                assert_eq!(sample, samples.of(operation.id, answer.status));
                let violations = vendored().checker().violations(&answer.schema, &sample);
                assert_eq!(violations, Ok(Vec::new()), "{}", operation.id);
                drawn += 1;
            }
        }
        assert!(drawn > 145, "{drawn}");
        assert_eq!(samples.of("delete_parse", 204), Value::Null);
    }
}
