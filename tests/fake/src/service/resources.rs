//! What is created, changed, listed and deleted, and does nothing else of its own: templates of edits, evals and
//! experiments with their runs, and executions of single blocks.
//!
//! What is created is a sample of the document with what the request says; a run of an eval or an experiment, and an
//! execution, goes through pending and running to completed, a step each.

mod results;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::Call;
use super::pages::page;
use super::patch::patch;
use super::progress::Progress;
use super::sample::Samples;
use super::time;
use super::workflows::nothing;
use crate::response::Response;

/// How many resources of one kind there are; beyond it the oldest goes.
const MOST: usize = 2_000;

/// A kind of resource: its operations, and what its ids start with.
struct Kind {
    name: &'static str,
    prefix: &'static str,
    /// The parameter of the path that has its id.
    id: &'static str,
    create: &'static str,
    get: Option<&'static str>,
    list: &'static str,
    update: Option<&'static str>,
    delete: Option<&'static str>,
    cancel: Option<&'static str>,
    /// The status of the answer to its creation.
    created: u16,
    /// How the schemas of its lifecycles end, for what goes through some.
    lifecycle: Option<&'static str>,
    /// What in the query has another place in the resource than its name says.
    filters: &'static [(&'static str, &'static str)],
}

const USUAL: Kind = Kind {
    name: "",
    prefix: "",
    id: "",
    create: "",
    get: None,
    list: "",
    update: None,
    delete: None,
    cancel: None,
    created: 201,
    lifecycle: None,
    filters: &[],
};

static KINDS: [Kind; 6] = [
    Kind {
        name: "template",
        prefix: "tmpl_",
        id: "template_id",
        create: "create_template",
        get: Some("get_template"),
        list: "list_templates",
        update: Some("update_template"),
        delete: Some("delete_template"),
        ..USUAL
    },
    Kind {
        name: "eval",
        prefix: "eval_",
        id: "eval_id",
        create: "create_workflow_eval",
        get: Some("get_workflow_eval"),
        list: "list_workflow_evals",
        update: Some("update_workflow_eval"),
        delete: Some("delete_workflow_eval"),
        filters: &[("target_block_id", "/target/block_id")],
        ..USUAL
    },
    Kind {
        name: "eval run",
        prefix: "evrun_",
        id: "run_id",
        create: "create_workflow_eval_run",
        get: Some("get_workflow_eval_run"),
        list: "list_workflow_eval_runs",
        cancel: Some("cancel_workflow_eval_run"),
        created: 202,
        lifecycle: Some("WorkflowEvalRun"),
        filters: &[
            ("target_block_id", "/target/block_id"),
            ("status", "/lifecycle/status"),
            ("trigger_type", "/trigger/type"),
        ],
        ..USUAL
    },
    Kind {
        name: "experiment",
        prefix: "exp_",
        id: "experiment_id",
        create: "create_experiment",
        get: Some("get_experiment"),
        list: "list_experiments",
        update: Some("update_experiment"),
        delete: Some("delete_experiment"),
        ..USUAL
    },
    Kind {
        name: "experiment run",
        prefix: "exrun_",
        id: "run_id",
        create: "create_experiment_run",
        get: Some("get_experiment_run"),
        list: "list_experiment_runs",
        cancel: Some("cancel_experiment_run"),
        created: 202,
        lifecycle: Some("WorkflowExperimentRun"),
        filters: &[
            ("status", "/lifecycle/status"),
            ("trigger_type", "/trigger/type"),
        ],
        ..USUAL
    },
    Kind {
        name: "block execution",
        prefix: "bexec_",
        create: "create_block_execution",
        list: "list_block_executions",
        lifecycle: Some("BlockExecutionLifecycle"),
        filters: &[("run_id", "/source_run_id")],
        ..USUAL
    },
];

/// What such a resource goes through.
const LIFECYCLES: [&str; 3] = ["Pending", "Running", "Completed"];

/// The resources of the fake, by kind and number.
#[derive(Default)]
pub(crate) struct Resources {
    by_number: BTreeMap<(&'static str, usize), Resource>,
    count: usize,
}

struct Resource {
    document: Value,
    progress: Progress,
    is_cancelled: bool,
}

impl Resources {
    pub(crate) fn answer(&mut self, call: &Call<'_>, samples: &Samples) -> Option<Response> {
        let operation = Some(call.operation);
        let answer = KINDS.iter().find_map(|kind| {
            Some(if call.operation == kind.create {
                Ok(self.create(kind, call, samples))
            } else if call.operation == kind.list {
                Ok(self.list(kind, call, samples))
            } else if operation == kind.get {
                self.get(kind, call, samples)
            } else if operation == kind.update {
                self.update(kind, call)
            } else if operation == kind.delete {
                self.delete(kind, call)
            } else if operation == kind.cancel {
                self.cancel(kind, call, samples)
            } else {
                return None;
            })
        });
        let answer = answer.map(|answer| answer.unwrap_or_else(|refusal| refusal));
        answer.or_else(|| self.answer_of_results(call, samples))
    }

    /// Whether there is a resource of this kind and id.
    pub(crate) fn has(&self, name: &str, id: &str) -> bool {
        let mut kinds = KINDS.iter().filter(|kind| kind.name == name);
        kinds.any(|kind| {
            let number = number(kind, id);
            number.is_some_and(|number| self.by_number.contains_key(&(kind.prefix, number)))
        })
    }

    fn create(&mut self, kind: &'static Kind, call: &Call<'_>, samples: &Samples) -> Response {
        self.count += 1;
        let mut document = samples.of(call.operation, kind.created);
        take_over(&mut document, call.body());
        document["id"] = json!(id(kind, self.count));
        for instant in ["created_at", "updated_at"] {
            if document.get(instant).is_some() {
                document[instant] = json!(time::text(call.now));
            }
        }
        if let Some(source) = call.body().get("run_id") {
            document["source_run_id"] = source.clone();
        }
        let resource = Resource {
            document,
            progress: Progress::begin(call),
            is_cancelled: false,
        };
        let answer = Response::json(kind.created, &resource.shown(kind, call, samples));
        self.by_number.insert((kind.prefix, self.count), resource);
        let of_kind = || (kind.prefix, 0)..=(kind.prefix, usize::MAX);
        if self.by_number.range(of_kind()).count() > MOST
            && let Some(oldest) = self.by_number.range(of_kind()).next().map(|(key, _)| *key)
        {
            self.by_number.remove(&oldest);
        }
        answer
    }

    fn list(&self, kind: &Kind, call: &Call<'_>, samples: &Samples) -> Response {
        let resources = self
            .by_number
            .range((kind.prefix, 0)..=(kind.prefix, usize::MAX));
        let mut shown: Vec<Value> = resources
            .map(|(_, resource)| resource.shown(kind, call, samples))
            .collect();
        let query = call.arguments.get("query").and_then(Value::as_object);
        for (name, wanted) in query.into_iter().flatten() {
            let place = kind.filters.iter().find(|(filter, _)| filter == name);
            let place = place.map_or_else(|| format!("/{name}"), |(_, place)| (*place).to_owned());
            if name == "exclude_status" {
                shown.retain(|item| item["lifecycle"]["status"] != *wanted);
            } else if !PAGING.contains(&name.as_str()) {
                shown.retain(|item| item.pointer(&place) == Some(wanted));
            }
        }
        let place = match kind.lifecycle {
            Some(_) if shown.iter().any(|item| item.get("timing").is_some()) => {
                "/timing/created_at"
            }
            _ => "/created_at",
        };
        match time::within(call, &mut shown, place) {
            Ok(()) => page(call, shown, "id"),
            Err(refusal) => refusal,
        }
    }

    fn get(
        &mut self,
        kind: &Kind,
        call: &Call<'_>,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let resource = self.resource(kind, call)?;
        if kind.lifecycle.is_some() {
            resource.progress.read(call, LIFECYCLES.len() - 1);
        }
        Ok(Response::json(200, &resource.shown(kind, call, samples)))
    }

    fn update(&mut self, kind: &Kind, call: &Call<'_>) -> Result<Response, Response> {
        let resource = self.resource(kind, call)?;
        patch(&mut resource.document, call);
        resource.document["updated_at"] = json!(time::text(call.now));
        Ok(Response::json(200, &resource.document))
    }

    fn delete(&mut self, kind: &Kind, call: &Call<'_>) -> Result<Response, Response> {
        let number = number(kind, call.path(kind.id));
        let deleted = number.and_then(|number| self.by_number.remove(&(kind.prefix, number)));
        deleted.ok_or_else(|| nothing(kind.name))?;
        Ok(Response::empty(204))
    }

    /// What has ended stays as it is.
    fn cancel(
        &mut self,
        kind: &Kind,
        call: &Call<'_>,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let resource = self.resource(kind, call)?;
        resource.is_cancelled |= resource.at(call) < LIFECYCLES.len() - 1;
        let shown = resource.shown(kind, call, samples);
        if call.operation == "cancel_experiment_run" {
            let answer = json!({"id": shown["id"], "lifecycle": shown["lifecycle"]});
            return Ok(Response::json(200, &answer));
        }
        Ok(Response::json(200, &shown))
    }

    fn resource(&mut self, kind: &Kind, call: &Call<'_>) -> Result<&mut Resource, Response> {
        let number = number(kind, call.path(kind.id));
        let resource = number.and_then(|number| self.by_number.get_mut(&(kind.prefix, number)));
        resource.ok_or_else(|| nothing(kind.name))
    }
}

/// What in the query is no filter by a property.
const PAGING: [&str; 8] = [
    "before",
    "after",
    "limit",
    "order",
    "sort_by",
    "from_date",
    "to_date",
    "exclude_status",
];

impl Resource {
    fn at(&self, call: &Call<'_>) -> usize {
        let mut progress = self.progress;
        progress.look(call.now, call.pace, LIFECYCLES.len() - 1)
    }

    fn shown(&self, kind: &Kind, call: &Call<'_>, samples: &Samples) -> Value {
        let mut shown = self.document.clone();
        if let Some(of) = kind.lifecycle {
            let at = self.at(call);
            let name = if self.is_cancelled {
                "Cancelled"
            } else {
                LIFECYCLES[at]
            };
            shown["lifecycle"] = samples.of_component(&format!("{name}{of}"));
            // A property that an answer may leave out is not told by the schema's own default.
            shown["lifecycle"]["status"] = json!(name.to_lowercase());
            if shown.get("timing").is_some() {
                let ended = self.is_cancelled || at == LIFECYCLES.len() - 1;
                shown["timing"] = json!({
                    "created_at": time::text(self.progress.begun),
                    "started_at": (at > 0).then(|| time::text(self.progress.at(1))),
                    "completed_at": ended.then(|| time::text(self.progress.at(at))),
                    "duration_ms": null,
                });
            }
        }
        shown
    }
}

/// Sets what a new resource is said to be, where it has a property of the name; null leaves the sample as it is.
fn take_over(document: &mut Value, body: &Value) {
    for (name, value) in body.as_object().into_iter().flatten() {
        if document.get(name).is_some() && !value.is_null() {
            document[name] = value.clone();
        }
    }
}

fn id(kind: &Kind, number: usize) -> String {
    format!("{}{number:06}", kind.prefix)
}

fn number(kind: &Kind, text: &str) -> Option<usize> {
    let number = text.strip_prefix(kind.prefix)?.parse().ok()?;
    (id(kind, number) == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::vendored;

    #[test]
    fn every_operation_of_a_kind_is_one_of_the_document() {
        for kind in &KINDS {
            let optional = [kind.get, kind.update, kind.delete, kind.cancel];
            for operation in [kind.create, kind.list]
                .into_iter()
                .chain(optional.into_iter().flatten())
            {
                assert!(vendored().operation(operation).is_some(), "{operation}");
            }
            for name in LIFECYCLES.iter().chain(&["Cancelled"]) {
                let of = kind.lifecycle.map(|of| format!("{name}{of}"));
                assert!(of.is_none_or(|name| vendored().spec().component(&name).is_some()));
            }
        }
    }
}
