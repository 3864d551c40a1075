//! `POST /v1/schemas/generate`, which is done once for all requests with the same idempotency key.

use std::collections::VecDeque;

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::files::Files;
use super::mime_data;
use super::sample::Samples;
use super::time;
use super::violation::Violations;
use crate::response::Response;

/// How many idempotency keys are remembered.
const MOST_KEYS: usize = 1_000;

/// The schemas that were generated.
#[derive(Default)]
pub(crate) struct Schemas {
    count: usize,
    /// The keys, each with the body it came with and the answer it got; the oldest first.
    known: VecDeque<(String, Value, Response)>,
}

impl Schemas {
    pub(crate) fn answer(
        &mut self,
        call: &Call<'_>,
        files: &mut Files,
        samples: &Samples,
    ) -> Option<Response> {
        if call.operation != "generate_schema_from_examples" {
            return None;
        }
        let answer = self.generate(call, files, samples);
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn generate(
        &mut self,
        call: &Call<'_>,
        files: &mut Files,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let key = call.header("Idempotency-Key");
        if let Some((_, body, answer)) = self
            .known
            .iter()
            .find(|(known, ..)| Some(known.as_str()) == key)
        {
            if body == call.body() {
                return Ok(answer.clone());
            }
            let message = "The idempotency key has come with another request before";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "idempotency_key_reused",
                message,
            ));
        }
        let mut violations = Violations::default();
        for (at, document) in call.body()["documents"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let at = at.to_string();
            mime_data::check(
                &["body", "documents", &at],
                document,
                files,
                &mut violations,
            );
        }
        if let Some(refusal) = violations.into_refusal() {
            return Err(refusal);
        }
        self.count += 1;
        let mut schema = samples.of(call.operation, 200);
        schema["id"] = json!(format!("schm_{:06}", self.count));
        schema["created_at"] = json!(time::text(call.now));
        schema["status"] = json!("completed");
        schema["error"] = Value::Null;
        schema["json_schema"] = json!({
            "type": "object",
            "properties": {"number": {"type": "string"}, "total": {"type": "number"}},
            "required": ["number", "total"],
        });
        let answer = Response::json(200, &schema);
        if let Some(key) = key {
            self.known
                .push_back((key.to_owned(), call.body().clone(), answer.clone()));
            if self.known.len() > MOST_KEYS {
                self.known.pop_front();
            }
        }
        Ok(answer)
    }
}
