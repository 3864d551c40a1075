//! The resource store and the generic resource operations.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::kind::{KINDS, Kind, LIFECYCLES};
use super::resource::Resource;
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::pages::page;
use crate::service::patch::patch;
use crate::service::progress::Progress;
use crate::service::request::Request;
use crate::service::sample::Samples;
use crate::service::timestamp;

/// The maximum number of resources per kind. The oldest resource is dropped first.
const MAX_RESOURCES: usize = 2_000;

/// Query parameters that do not filter by a property of the same name.
const PAGE_PARAMETERS: [&str; 8] = [
    "before",
    "after",
    "limit",
    "order",
    "sort_by",
    "from_date",
    "to_date",
    "exclude_status",
];

/// The resources of the fake, by the ID prefix of their kind and the number in their ID.
#[derive(Default)]
pub(crate) struct Resources {
    pub(super) by_number: BTreeMap<(&'static str, usize), Resource>,
    /// The number of resources created so far, from which IDs are derived.
    count: usize,
}

impl Resources {
    pub(crate) fn handle(&mut self, request: &Request, samples: &Samples) -> Option<Response> {
        let operation = Some(request.operation);
        let response = KINDS.iter().find_map(|kind| {
            Some(if request.operation == kind.create {
                Ok(self.create(kind, request, samples))
            } else if request.operation == kind.list {
                Ok(self.list(kind, request, samples))
            } else if operation == kind.get {
                self.get(kind, request, samples)
            } else if operation == kind.update {
                self.update(kind, request)
            } else if operation == kind.delete {
                self.delete(kind, request)
            } else if operation == kind.cancel {
                self.cancel(kind, request, samples)
            } else {
                return None;
            })
        });
        let response = response.map(|response| response.unwrap_or_else(|error| error));
        response.or_else(|| self.handle_results(request, samples))
    }

    /// Returns whether a resource of the named kind exists.
    pub(crate) fn contains(&self, name: &str, id: &str) -> bool {
        let mut kinds = KINDS.iter().filter(|kind| kind.name == name);
        kinds.any(|kind| {
            let number = kind.parse_id(id);
            number.is_some_and(|number| self.by_number.contains_key(&(kind.prefix, number)))
        })
    }

    fn create(&mut self, kind: &'static Kind, request: &Request, samples: &Samples) -> Response {
        self.count += 1;
        let mut value = samples.body(request.operation, kind.created_status);
        apply_request(&mut value, request.body());
        value["id"] = json!(kind.format_id(self.count));
        for name in ["created_at", "updated_at"] {
            if value.get(name).is_some() {
                value[name] = json!(timestamp::format(request.now));
            }
        }
        if let Some(source) = request.body().get("run_id") {
            value["source_run_id"] = source.clone();
        }
        let resource = Resource {
            value,
            progress: Progress::start(request),
            is_cancelled: false,
        };
        let response = Response::json(
            kind.created_status,
            &resource.to_json(kind, request, samples),
        );
        self.by_number.insert((kind.prefix, self.count), resource);
        let of_kind = || (kind.prefix, 0)..=(kind.prefix, usize::MAX);
        if self.by_number.range(of_kind()).count() > MAX_RESOURCES
            && let Some(oldest) = self.by_number.range(of_kind()).next().map(|(key, _)| *key)
        {
            self.by_number.remove(&oldest);
        }
        response
    }

    fn list(&self, kind: &Kind, request: &Request, samples: &Samples) -> Response {
        let resources = self
            .by_number
            .range((kind.prefix, 0)..=(kind.prefix, usize::MAX));
        let mut items: Vec<Value> = resources
            .map(|(_, resource)| resource.to_json(kind, request, samples))
            .collect();
        let query = request.arguments.get("query").and_then(Value::as_object);
        for (name, expected) in query.into_iter().flatten() {
            let filter = kind.filters.iter().find(|(filter, _)| filter == name);
            let pointer =
                filter.map_or_else(|| format!("/{name}"), |(_, pointer)| (*pointer).to_owned());
            if name == "exclude_status" {
                items.retain(|item| item["lifecycle"]["status"] != *expected);
            } else if !PAGE_PARAMETERS.contains(&name.as_str()) {
                items.retain(|item| item.pointer(&pointer) == Some(expected));
            }
        }
        let pointer = match kind.lifecycle {
            Some(_) if items.iter().any(|item| item.get("timing").is_some()) => {
                "/timing/created_at"
            }
            _ => "/created_at",
        };
        match timestamp::retain_within(request, &mut items, pointer) {
            Ok(()) => page(request, items, "id"),
            Err(error) => error,
        }
    }

    fn get(
        &mut self,
        kind: &Kind,
        request: &Request,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let resource = self.resource(kind, request)?;
        if kind.lifecycle.is_some() {
            resource
                .progress
                .advance_on_read(request, LIFECYCLES.len() - 1);
        }
        Ok(Response::json(
            200,
            &resource.to_json(kind, request, samples),
        ))
    }

    fn update(&mut self, kind: &Kind, request: &Request) -> Result<Response, Response> {
        let resource = self.resource(kind, request)?;
        patch(&mut resource.value, request);
        resource.value["updated_at"] = json!(timestamp::format(request.now));
        Ok(Response::json(200, &resource.value))
    }

    fn delete(&mut self, kind: &Kind, request: &Request) -> Result<Response, Response> {
        let number = kind.parse_id(request.path(kind.id_parameter));
        let deleted = number.and_then(|number| self.by_number.remove(&(kind.prefix, number)));
        deleted.ok_or_else(|| not_found(kind.name))?;
        Ok(Response::empty(204))
    }

    /// Cancels a resource. Has no effect on one that has ended.
    fn cancel(
        &mut self,
        kind: &Kind,
        request: &Request,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let resource = self.resource(kind, request)?;
        resource.is_cancelled |= !resource.is_completed(request);
        let value = resource.to_json(kind, request, samples);
        if request.operation == "cancel_experiment_run" {
            let response = json!({"id": value["id"], "lifecycle": value["lifecycle"]});
            return Ok(Response::json(200, &response));
        }
        Ok(Response::json(200, &value))
    }

    fn resource(&mut self, kind: &Kind, request: &Request) -> Result<&mut Resource, Response> {
        let number = kind.parse_id(request.path(kind.id_parameter));
        let resource = number.and_then(|number| self.by_number.get_mut(&(kind.prefix, number)));
        resource.ok_or_else(|| not_found(kind.name))
    }
}

/// Applies the non-null values of a create request to the existing properties of a sample.
fn apply_request(sample: &mut Value, body: &Value) {
    for (name, value) in body.as_object().into_iter().flatten() {
        if sample.get(name).is_some() && !value.is_null() {
            sample[name] = value.clone();
        }
    }
}
