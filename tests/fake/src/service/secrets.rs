//! Secrets. Only `get_secret_value` returns their values.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use super::not_found::not_found;
use super::request::Request;
use super::timestamp;
use crate::response::Response;

/// The maximum number of secrets.
const MAX_SECRETS: usize = 1_000;

/// The secrets of the fake, by name.
#[derive(Default)]
pub(crate) struct Secrets(BTreeMap<String, Secret>);

struct Secret {
    value: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Secrets {
    pub(crate) fn handle(&mut self, request: &Request) -> Option<Response> {
        let response = match request.operation {
            "list_secrets" => Ok(self.list()),
            "create_secret" => self.create(request),
            "get_secret" => self.get(request),
            "get_secret_value" => self.get_value(request),
            "set_secret" => self.set(request.path("name"), 200, request),
            "delete_secret" => self.delete(request),
            _ => return None,
        };
        Some(response.unwrap_or_else(|error| error))
    }

    fn list(&self) -> Response {
        let secrets = self.0.iter().map(|(name, secret)| secret.to_json(name));
        Response::json(200, &json!({"secrets": secrets.collect::<Vec<_>>()}))
    }

    fn create(&mut self, request: &Request) -> Result<Response, Response> {
        let name = request.body()["name"].as_str().unwrap_or_default();
        if self.0.contains_key(name) {
            let message = "A secret with this name already exists";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "secret_exists",
                message,
            ));
        }
        self.set(name, 201, request)
    }

    fn get(&self, request: &Request) -> Result<Response, Response> {
        let name = request.path("name");
        let secret = self.0.get(name).ok_or_else(|| not_found("secret"))?;
        Ok(Response::json(
            200,
            &json!({"secret": secret.to_json(name)}),
        ))
    }

    fn get_value(&self, request: &Request) -> Result<Response, Response> {
        let name = request.path("name");
        let secret = self.0.get(name).ok_or_else(|| not_found("secret"))?;
        let value = json!({
            "name": name,
            "value": secret.value,
            "updated_at": timestamp::format(secret.updated_at),
        });
        Ok(Response::json(200, &json!({ "secret": value })))
    }

    fn set(&mut self, name: &str, status: u16, request: &Request) -> Result<Response, Response> {
        if self.0.len() >= MAX_SECRETS && !self.0.contains_key(name) {
            let message = "Too many secrets";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "too_many_secrets",
                message,
            ));
        }
        let value = request.body()["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let secret = Secret {
            value,
            created_at: self
                .0
                .get(name)
                .map_or(request.now, |secret| secret.created_at),
            updated_at: request.now,
        };
        let secret_json = secret.to_json(name);
        self.0.insert(name.to_owned(), secret);
        Ok(Response::json(status, &json!({ "secret": secret_json })))
    }

    fn delete(&mut self, request: &Request) -> Result<Response, Response> {
        let deleted = self.0.remove(request.path("name"));
        deleted.ok_or_else(|| not_found("secret"))?;
        Ok(Response::empty(204))
    }
}

impl Secret {
    fn to_json(&self, name: &str) -> Value {
        json!({
            "name": name,
            "created_at": timestamp::format(self.created_at),
            "updated_at": timestamp::format(self.updated_at),
            "created_by": null,
            "updated_by": null,
        })
    }
}
