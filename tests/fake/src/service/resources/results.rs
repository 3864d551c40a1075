//! What the runs of evals and experiments have found: nothing until a run has ended, then one result, a sample of the
//! document.

use serde_json::{Value, json};

use super::{KINDS, Kind, LIFECYCLES, Resource, Resources, id, number};
use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::sample::Samples;
use crate::service::workflows::nothing;

/// What is asked of the runs of one kind.
struct Results {
    /// The name of the kind.
    of: &'static str,
    get: &'static str,
    list: &'static str,
    metrics: Option<&'static str>,
    /// The property of a result that has the id of the run.
    run_id: &'static str,
}

const RESULTS: [Results; 2] = [
    Results {
        of: "eval run",
        get: "get_workflow_eval_result",
        list: "list_workflow_eval_results",
        metrics: None,
        run_id: "workflow_eval_run_id",
    },
    Results {
        of: "experiment run",
        get: "get_experiment_result",
        list: "list_experiment_results",
        metrics: Some("get_experiment_metrics_for_run"),
        run_id: "experiment_run_id",
    },
];

/// How the id of a result ends; it begins with that of its run.
const SUFFIX: &str = "_result";

impl Resources {
    pub(super) fn answer_of_results(&self, call: &Call<'_>, samples: &Samples) -> Option<Response> {
        let operation = Some(call.operation);
        let answer = RESULTS.iter().find_map(|results| {
            let kind = KINDS.iter().find(|kind| kind.name == results.of)?;
            Some(if operation == Some(results.get) {
                self.result(results, kind, call, samples)
            } else if operation == Some(results.list) {
                self.results(results, kind, call, samples)
            } else if operation == results.metrics {
                let run = self.run(kind, call.query_text("run_id").unwrap_or_default());
                run.map(|_| samples.answer(call))
            } else {
                return None;
            })
        });
        answer.map(|answer| answer.unwrap_or_else(|refusal| refusal))
    }

    fn results(
        &self,
        results: &Results,
        kind: &Kind,
        call: &Call<'_>,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let run = self.run(kind, call.query_text("run_id").unwrap_or_default())?;
        let found = results.found_by(kind, run, call, samples);
        Ok(page(call, found.into_iter().collect(), "id"))
    }

    fn result(
        &self,
        results: &Results,
        kind: &Kind,
        call: &Call<'_>,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let run = call.path("result_id").strip_suffix(SUFFIX);
        let run = run.and_then(|run| self.run(kind, run).ok());
        let found = run.and_then(|run| results.found_by(kind, run, call, samples));
        let found = found.ok_or_else(|| nothing("result"))?;
        Ok(Response::json(200, &found))
    }

    fn run(&self, kind: &Kind, id: &str) -> Result<(usize, &Resource), Response> {
        let number = number(kind, id).ok_or_else(|| nothing(kind.name))?;
        let run = self.by_number.get(&(kind.prefix, number));
        Ok((number, run.ok_or_else(|| nothing(kind.name))?))
    }
}

impl Results {
    fn found_by(
        &self,
        kind: &Kind,
        (number, run): (usize, &Resource),
        call: &Call<'_>,
        samples: &Samples,
    ) -> Option<Value> {
        if run.is_cancelled || run.at(call) < LIFECYCLES.len() - 1 {
            return None;
        }
        let run_id = id(kind, number);
        let mut result = samples.of(self.get, 200);
        result["id"] = json!(format!("{run_id}{SUFFIX}"));
        result[self.run_id] = json!(run_id);
        for name in ["workflow_id", "eval_id", "experiment_id"] {
            if result.get(name).is_some() && run.document[name].is_string() {
                result[name] = run.document[name].clone();
            }
        }
        Some(result)
    }
}
