//! Results of eval and experiment runs. A completed run has one sampled result, and other runs have none.

use serde_json::{Value, json};

use super::kind::{KINDS, Kind};
use super::resource::Resource;
use super::store::Resources;
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::pages::page;
use crate::service::request::Request;
use crate::service::sample::Samples;

/// The result operations of a run kind.
struct Results {
    /// The name of the run kind.
    run_kind: &'static str,
    get: &'static str,
    list: &'static str,
    metrics: Option<&'static str>,
    /// The property of a result that contains the run ID.
    run_id_property: &'static str,
}

const RESULTS: [Results; 2] = [
    Results {
        run_kind: "eval run",
        get: "get_workflow_eval_result",
        list: "list_workflow_eval_results",
        metrics: None,
        run_id_property: "workflow_eval_run_id",
    },
    Results {
        run_kind: "experiment run",
        get: "get_experiment_result",
        list: "list_experiment_results",
        metrics: Some("get_experiment_metrics_for_run"),
        run_id_property: "experiment_run_id",
    },
];

/// The suffix that turns a run ID into the ID of its result.
const SUFFIX: &str = "_result";

impl Resources {
    pub(super) fn handle_results(&self, request: &Request, samples: &Samples) -> Option<Response> {
        let operation = Some(request.operation);
        let response = RESULTS.iter().find_map(|results| {
            let kind = KINDS.iter().find(|kind| kind.name == results.run_kind)?;
            Some(if operation == Some(results.get) {
                self.result(results, kind, request, samples)
            } else if operation == Some(results.list) {
                self.results(results, kind, request, samples)
            } else if operation == results.metrics {
                let run = self.run(kind, request.query_text("run_id").unwrap_or_default());
                run.map(|_| samples.response(request))
            } else {
                return None;
            })
        });
        response.map(|response| response.unwrap_or_else(|error| error))
    }

    fn results(
        &self,
        results: &Results,
        kind: &Kind,
        request: &Request,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let run = self.run(kind, request.query_text("run_id").unwrap_or_default())?;
        let result = results.result_of(kind, run, request, samples);
        Ok(page(request, result.into_iter().collect(), "id"))
    }

    fn result(
        &self,
        results: &Results,
        kind: &Kind,
        request: &Request,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let run = request.path("result_id").strip_suffix(SUFFIX);
        let run = run.and_then(|run| self.run(kind, run).ok());
        let result = run.and_then(|run| results.result_of(kind, run, request, samples));
        let result = result.ok_or_else(|| not_found("result"))?;
        Ok(Response::json(200, &result))
    }

    fn run(&self, kind: &Kind, id: &str) -> Result<(usize, &Resource), Response> {
        let number = kind.parse_id(id).ok_or_else(|| not_found(kind.name))?;
        let run = self.by_number.get(&(kind.prefix, number));
        Ok((number, run.ok_or_else(|| not_found(kind.name))?))
    }
}

impl Results {
    /// Returns the result of a run, or `None` if the run has not completed.
    fn result_of(
        &self,
        kind: &Kind,
        (number, run): (usize, &Resource),
        request: &Request,
        samples: &Samples,
    ) -> Option<Value> {
        if run.is_cancelled || !run.is_completed(request) {
            return None;
        }
        let run_id = kind.format_id(number);
        let mut result = samples.body(self.get, 200);
        result["id"] = json!(format!("{run_id}{SUFFIX}"));
        result[self.run_id_property] = json!(run_id);
        for name in ["workflow_id", "eval_id", "experiment_id"] {
            if result.get(name).is_some() && run.value[name].is_string() {
                result[name] = run.value[name].clone();
            }
        }
        Some(result)
    }
}
