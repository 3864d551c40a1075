//! From a request to who answers it: credentials, size, the document, then the state behind it.

use http::{Method, StatusCode};

use super::call::Call;
use super::mistake::Mistakes;
use super::{Service, credentials, list_runs};
use crate::answer::Answer;
use crate::clock::Clock;
use crate::clock::Pace;
use crate::contract::{Mistake, MistakeKind, vendored};
use crate::received::Received;

/// How large the body of a request may be; the service takes about as much.
pub(crate) const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// Checks a request against the document, which needs no state.
pub(crate) fn check<'r>(
    request: &'r Received,
    clock: &Clock,
    pace: Pace,
) -> Result<Call<'r>, Answer> {
    credentials::check(&request.headers)?;
    if request.body.len() > LARGEST_BODY {
        return Err(Answer::detail(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is too large",
        ));
    }
    let Some(operation) = vendored().find(&request.method, &request.path) else {
        return Err(no_operation(request));
    };
    let (arguments, found) = match vendored().checker().read(operation, request) {
        Ok(read) => read,
        Err(mistake) => {
            return Err(Answer::detail(
                StatusCode::INTERNAL_SERVER_ERROR,
                &format!("The document of the fake is broken at {mistake}"),
            ));
        }
    };
    let mut mistakes = Mistakes::default();
    for mistake in found.iter().filter(|mistake| !is_let_pass(mistake)) {
        mistakes.add_found(mistake);
    }
    if let Some(refusal) = mistakes.into_refusal() {
        return Err(refusal);
    }
    Ok(Call {
        operation: operation.id,
        arguments,
        request,
        now: clock.now(),
        pace,
    })
}

/// What the service does not look at: headers that it does not know, and the body of a request that takes none. Every
/// HTTP client has its own.
fn is_let_pass(mistake: &Mistake) -> bool {
    match mistake.kind {
        MistakeKind::Undeclared => mistake.place.starts_with("header/"),
        MistakeKind::NoBody => true,
        _ => false,
    }
}

/// 405 where the path is one of another method, else 404.
fn no_operation(request: &Received) -> Answer {
    let allowed: Vec<&str> = vendored()
        .operations()
        .iter()
        .filter(|operation| operation.path_values(&request.path).is_some())
        .map(|operation| operation.method.as_str())
        .collect();
    if allowed.is_empty() || request.method == Method::OPTIONS && allowed.contains(&"OPTIONS") {
        return Answer::detail(StatusCode::NOT_FOUND, "Not Found");
    }
    Answer::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
        .header("allow", &allowed.join(", "))
}

impl Service {
    /// Asks the families in order; what none of them keeps is answered by a sample.
    pub(super) fn answer_call(&mut self, call: &Call<'_>) -> Answer {
        let request = call.request;
        match call.operation {
            "create_workflow_run" => {
                let production = self.workflows.published.as_deref();
                self.runs.create(request, &mut self.files, production)
            }
            "list_workflow_runs" => list_runs::answer(&self.runs, request),
            "get_workflow_export_payload" => self.runs.export(request),
            "get_workflow_run" => self.runs.read(call.path("run_id")),
            "delete_workflow_run" => self.runs.delete(call.path("run_id")),
            "cancel_workflow_run" => self.runs.cancel(call.path("run_id")),
            "list_workflow_run_steps" => self.steps.list(request),
            "list_workflow_artifacts" => self.steps.list_artifacts(request),
            "list_blocks" => self.workflows.list_blocks(request),
            "list_workflow_versions" => self.workflows.list_versions(request),
            "diff_workflow_versions" => self.workflows.diff(request),
            "get_workflow_version" => {
                let version = call.path("workflow_version_id");
                self.workflows.read_version(version, request)
            }
            "restore_workflow_version" => {
                let version = call.path("workflow_version_id");
                self.workflows.restore(version, request)
            }
            "upload_file" => self.files.open(request),
            "complete_upload_file" => self.files.complete(call.path("file_id"), request),
            "download_link" => self.files.link(call.path("file_id")),
            "get_workflow" => self.workflows.read(call.path("workflow_id")),
            _ => self.samples.answer(call),
        }
    }
}
