//! The request id that the service returns with every response.

use http::HeaderMap;

/// Returns the value of the header `x-request-id`.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok()
}
