//! From a request to who answers it: credentials, the document, then the state behind it.

use http::StatusCode;

use super::call::Call;
use super::runs::Around;
use super::violation::Violations;
use super::workflows::nothing;
use super::{Service, credentials};
use crate::clock::{Clock, Pace};
use crate::received_request::ReceivedRequest;
use crate::response::Response;
use crate::spec::{Violation, ViolationKind, vendored};

/// How large the body of a request may be; the service takes about as much.
pub(crate) const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// Checks a request against the document, which needs no state.
pub(crate) fn check<'r>(
    request: &'r ReceivedRequest,
    clock: &Clock,
    pace: Pace,
    undeclared: Undeclared,
) -> Result<Call<'r>, Response> {
    credentials::check(&request.headers)?;
    let Some(operation) = vendored().find(&request.method, &request.path) else {
        return Err(no_operation(request));
    };
    let (arguments, found) = match vendored().checker().decode_request(operation, request) {
        Ok(read) => read,
        Err(violation) => {
            return Err(Response::detail(
                StatusCode::INTERNAL_SERVER_ERROR,
                &format!("The document of the fake is broken at {violation}"),
            ));
        }
    };
    let mut violations = Violations::default();
    for violation in found
        .iter()
        .filter(|violation| !undeclared.lets_pass(violation))
    {
        violations.add_found(violation);
    }
    if let Some(refusal) = violations.into_refusal() {
        return Err(refusal);
    }
    Ok(Call {
        operation: operation.id,
        arguments,
        request,
        now: clock.now(),
        pace,
        undeclared,
    })
}

/// What becomes of that which the document does not declare: parameters of the query, fields of a new run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undeclared {
    /// They are told as mistakes, which they most likely are.
    FirstError,
    /// They are not looked at, as the service does.
    Ignored,
}

impl Undeclared {
    /// Whether this is no mistake of a request. Every HTTP client has headers of its own, and some send a body, or the
    /// type of one, where none is taken.
    fn lets_pass(self, violation: &Violation) -> bool {
        match violation.kind {
            ViolationKind::Undeclared => {
                let is_query = violation.path.starts_with("query/");
                violation.path.starts_with("header/") || is_query && self == Self::Ignored
            }
            ViolationKind::UnexpectedBody => true,
            _ => false,
        }
    }
}

/// 405 where the path is one of another method, else 404.
fn no_operation(request: &ReceivedRequest) -> Response {
    let operations = vendored().operations().iter();
    let fitting = operations.filter_map(|operation| {
        let parameters = operation.path_values(&request.path)?.len();
        Some((parameters, operation.method.as_str()))
    });
    let fitting: Vec<(usize, &str)> = fitting.collect();
    // Of two paths that fit, the one with fewer parameters is meant.
    let Some(fewest) = fitting.iter().map(|(parameters, _)| *parameters).min() else {
        return Response::detail(StatusCode::NOT_FOUND, "Not Found");
    };
    let allowed = fitting
        .iter()
        .filter(|(parameters, _)| *parameters == fewest);
    let allowed: Vec<&str> = allowed.map(|(_, method)| *method).collect();
    Response::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        .header("allow", &allowed.join(", "))
}

impl Service {
    /// Asks the families in order; what none of them keeps is answered by a sample.
    pub(crate) fn answer_call(&mut self, call: &Call<'_>) -> Response {
        if let Some(missing) = self.missing_parent(call) {
            return nothing(missing);
        }
        let around = Around {
            workflows: &mut self.workflows,
            files: &mut self.files,
            samples: &self.samples,
        };
        let answer = self.runs.answer(call, around);
        let answer = answer.or_else(|| self.workflows.answer(call));
        let answer = answer.or_else(|| self.files.answer(call));
        let (files, samples) = (&mut self.files, &self.samples);
        let answer = answer.or_else(|| self.background.answer(call, files, samples));
        let answer = answer.or_else(|| self.schemas.answer(call, files, samples));
        let answer = answer.or_else(|| self.reviews.answer(call, &mut self.runs, samples));
        let answer = answer.or_else(|| self.tables.answer(call));
        let answer = answer.or_else(|| self.secrets.answer(call));
        let answer = answer.or_else(|| self.resources.answer(call, samples));
        answer.unwrap_or_else(|| self.samples.answer(call))
    }

    /// What a body says that its request belongs to, where there is no such thing.
    fn missing_parent(&mut self, call: &Call<'_>) -> Option<&'static str> {
        let parents = [
            ("workflow_id", "workflow"),
            ("run_id", "run"),
            ("template_id", "template"),
            ("experiment_id", "experiment"),
            ("source_experiment_id", "experiment"),
        ];
        parents.into_iter().find_map(|(name, what)| {
            let id = call.body()[name].as_str().filter(|id| !id.is_empty())?;
            let is_there = match what {
                "workflow" => self.workflows.has(id),
                "run" => self.runs.has(id),
                _ => self.resources.has(what, id),
            };
            (!is_there).then_some(what)
        })
    }
}
