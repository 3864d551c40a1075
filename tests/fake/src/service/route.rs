//! Request validation and dispatch to the handlers.

use http::StatusCode;

use super::credentials;
use super::not_found::not_found;
use super::request::Request;
use super::runs::Dependencies;
use super::state::Service;
use super::undeclared::Undeclared;
use super::violation::Violations;
use crate::clock::{Clock, Pace};
use crate::received_request::ReceivedRequest;
use crate::response::Response;
use crate::spec::vendored;

/// The maximum size of a request body, which is close to the service's own limit.
pub(crate) const MAX_BODY_SIZE: usize = 32 * 1024 * 1024;

/// Validates a request against the spec, without access to the state.
pub(crate) fn check(
    received: &ReceivedRequest,
    clock: &Clock,
    pace: Pace,
    undeclared: Undeclared,
) -> Result<Request, Response> {
    credentials::check(&received.headers)?;
    let Some(operation) = vendored().find(&received.method, &received.path) else {
        return Err(no_operation(received));
    };
    let (arguments, spec_violations) =
        match vendored().checker().decode_request(operation, received) {
            Ok(result) => result,
            Err(violation) => {
                return Err(Response::detail(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    &format!("The spec of the fake server is invalid at {violation}"),
                ));
            }
        };
    let mut violations = Violations::default();
    for violation in spec_violations
        .iter()
        .filter(|violation| !undeclared.permits(violation))
    {
        violations.add_spec_violation(violation);
    }
    if let Some(error) = violations.into_error() {
        return Err(error);
    }
    Ok(Request {
        operation: operation.id,
        arguments,
        now: clock.now(),
        pace,
        undeclared,
    })
}

/// Returns a 405 response if the path exists with another method, otherwise 404.
fn no_operation(received: &ReceivedRequest) -> Response {
    let operations = vendored().operations().iter();
    let matching = operations.filter_map(|operation| {
        let parameters = operation.path_values(&received.path)?.len();
        Some((parameters, operation.method.as_str()))
    });
    let matching: Vec<(usize, &str)> = matching.collect();
    // If several paths match, the one with the fewest parameters wins.
    let Some(fewest) = matching.iter().map(|(parameters, _)| *parameters).min() else {
        return Response::detail(StatusCode::NOT_FOUND, "Not Found");
    };
    let allowed = matching
        .iter()
        .filter(|(parameters, _)| *parameters == fewest);
    let allowed: Vec<&str> = allowed.map(|(_, method)| *method).collect();
    Response::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        .header("allow", &allowed.join(", "))
}

impl Service {
    /// Dispatches a request to the first handler that supports its operation.
    ///
    /// Operations without a handler return a sample response.
    pub(crate) fn handle(&mut self, request: &Request) -> Response {
        if let Some(kind) = self.missing_parent(request) {
            return not_found(kind);
        }
        let dependencies = Dependencies {
            workflows: &mut self.workflows,
            files: &mut self.files,
            samples: &self.samples,
        };
        let response = self.runs.handle(request, dependencies);
        let response = response.or_else(|| self.workflows.handle(request));
        let response = response.or_else(|| self.files.handle(request));
        let (files, samples) = (&mut self.files, &self.samples);
        let response = response.or_else(|| self.background.handle(request, files, samples));
        let response = response.or_else(|| self.schemas.handle(request, files, samples));
        let response = response.or_else(|| self.reviews.handle(request, &mut self.runs, samples));
        let response = response.or_else(|| self.tables.handle(request));
        let response = response.or_else(|| self.secrets.handle(request));
        let response = response.or_else(|| self.resources.handle(request, samples));
        response.unwrap_or_else(|| self.samples.response(request))
    }

    /// Returns the kind of the first resource that the body refers to by ID and that does not exist.
    fn missing_parent(&mut self, request: &Request) -> Option<&'static str> {
        let parents = [
            ("workflow_id", "workflow"),
            ("run_id", "run"),
            ("template_id", "template"),
            ("experiment_id", "experiment"),
            ("source_experiment_id", "experiment"),
        ];
        parents.into_iter().find_map(|(name, kind)| {
            let id = request.body()[name].as_str().filter(|id| !id.is_empty())?;
            let exists = match kind {
                "workflow" => self.workflows.contains(id),
                "run" => self.runs.contains(id),
                _ => self.resources.contains(kind, id),
            };
            (!exists).then_some(kind)
        })
    }
}
