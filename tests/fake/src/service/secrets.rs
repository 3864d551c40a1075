//! Secrets, of which nothing but one operation tells the value.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::time;
use super::workflows::nothing;
use crate::response::Response;

/// How many secrets there may be.
const MOST_SECRETS: usize = 1_000;

/// The secrets of the fake, by their name.
#[derive(Default)]
pub(crate) struct Secrets(BTreeMap<String, Secret>);

struct Secret {
    value: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Secrets {
    pub(crate) fn answer(&mut self, call: &Call<'_>) -> Option<Response> {
        let answer = match call.operation {
            "list_secrets" => Ok(self.list()),
            "create_secret" => self.create(call),
            "get_secret" => self.get(call),
            "get_secret_value" => self.get_value(call),
            "set_secret" => self.set(call.path("name"), 200, call),
            "delete_secret" => self.delete(call),
            _ => return None,
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn list(&self) -> Response {
        let secrets = self.0.iter().map(|(name, secret)| secret.document(name));
        Response::json(200, &json!({"secrets": secrets.collect::<Vec<_>>()}))
    }

    fn create(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let name = call.body()["name"].as_str().unwrap_or_default();
        if self.0.contains_key(name) {
            let message = "There is a secret of this name";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "secret_exists",
                message,
            ));
        }
        self.set(name, 201, call)
    }

    fn get(&self, call: &Call<'_>) -> Result<Response, Response> {
        let name = call.path("name");
        let secret = self.0.get(name).ok_or_else(|| nothing("secret"))?;
        Ok(Response::json(
            200,
            &json!({"secret": secret.document(name)}),
        ))
    }

    fn get_value(&self, call: &Call<'_>) -> Result<Response, Response> {
        let name = call.path("name");
        let secret = self.0.get(name).ok_or_else(|| nothing("secret"))?;
        let value = json!({
            "name": name,
            "value": secret.value,
            "updated_at": time::text(secret.updated_at),
        });
        Ok(Response::json(200, &json!({ "secret": value })))
    }

    fn set(&mut self, name: &str, status: u16, call: &Call<'_>) -> Result<Response, Response> {
        if self.0.len() >= MOST_SECRETS && !self.0.contains_key(name) {
            let message = "There are too many secrets";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "too_many_secrets",
                message,
            ));
        }
        let value = call.body()["value"].as_str().unwrap_or_default().to_owned();
        let secret = Secret {
            value,
            created_at: self
                .0
                .get(name)
                .map_or(call.now, |secret| secret.created_at),
            updated_at: call.now,
        };
        let document = secret.document(name);
        self.0.insert(name.to_owned(), secret);
        Ok(Response::json(status, &json!({ "secret": document })))
    }

    fn delete(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let deleted = self.0.remove(call.path("name"));
        deleted.ok_or_else(|| nothing("secret"))?;
        Ok(Response::empty(204))
    }
}

impl Secret {
    fn document(&self, name: &str) -> Value {
        json!({
            "name": name,
            "created_at": time::text(self.created_at),
            "updated_at": time::text(self.updated_at),
            "created_by": null,
            "updated_by": null,
        })
    }
}
