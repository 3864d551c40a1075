//! The 404 response for unknown IDs.

use http::StatusCode;

use crate::response::Response;

/// Returns a 404 response for a resource of this kind, with an error code such as `eval_run_not_found`.
pub(crate) fn not_found(kind: &str) -> Response {
    let code = format!("{}_not_found", kind.replace(' ', "_"));
    let message = format!("There is no {kind} with this ID");
    Response::coded(StatusCode::NOT_FOUND, &code, &message)
}
