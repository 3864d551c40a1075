//! `POST /v1/schemas/generate`, with idempotency keys.

use std::collections::VecDeque;

use http::StatusCode;
use serde_json::{Value, json};

use super::document;
use super::files::Files;
use super::request::Request;
use super::sample::Samples;
use super::timestamp;
use super::violation::Violations;
use crate::response::Response;

/// The maximum number of remembered idempotency keys.
const MAX_KEYS: usize = 1_000;

/// The generated schemas.
#[derive(Default)]
pub(crate) struct Schemas {
    count: usize,
    /// Idempotency keys with their request body and response, oldest first.
    idempotent: VecDeque<(String, Value, Response)>,
}

impl Schemas {
    pub(crate) fn handle(
        &mut self,
        request: &Request,
        files: &mut Files,
        samples: &Samples,
    ) -> Option<Response> {
        if request.operation != "generate_schema_from_examples" {
            return None;
        }
        let response = self.generate(request, files, samples);
        Some(response.unwrap_or_else(|error| error))
    }

    fn generate(
        &mut self,
        request: &Request,
        files: &mut Files,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let key = request.header("Idempotency-Key");
        if let Some((_, body, response)) = self
            .idempotent
            .iter()
            .find(|(known_key, ..)| Some(known_key.as_str()) == key)
        {
            if body == request.body() {
                return Ok(response.clone());
            }
            let message = "The idempotency key was already used with a different request";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "idempotency_key_reused",
                message,
            ));
        }
        let mut violations = Violations::default();
        for (index, document) in request.body()["documents"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let index = index.to_string();
            document::check(
                &["body", "documents", &index],
                document,
                files,
                &mut violations,
            );
        }
        if let Some(error) = violations.into_error() {
            return Err(error);
        }
        self.count += 1;
        let mut schema = samples.body(request.operation, 200);
        schema["id"] = json!(format!("schm_{:06}", self.count));
        schema["created_at"] = json!(timestamp::format(request.now));
        schema["status"] = json!("completed");
        schema["error"] = Value::Null;
        schema["json_schema"] = json!({
            "type": "object",
            "properties": {"number": {"type": "string"}, "total": {"type": "number"}},
            "required": ["number", "total"],
        });
        let response = Response::json(200, &schema);
        if let Some(key) = key {
            self.idempotent
                .push_back((key.to_owned(), request.body().clone(), response.clone()));
            if self.idempotent.len() > MAX_KEYS {
                self.idempotent.pop_front();
            }
        }
        Ok(response)
    }
}
