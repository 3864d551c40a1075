//! Decodes a JSON response into a typed value.

use super::message::{Response, ResponseBody};
use super::value::ResponseValue;
use crate::runtime::error::{Error, ErrorKind};
use crate::runtime::json::Failure;
use crate::runtime::operation::Operation;

/// Decodes a successful response into the value of an operation.
pub(crate) async fn decode<T>(
    operation: &'static Operation,
    response: Response,
    decode: impl FnOnce(&[u8]) -> Result<T, Failure>,
) -> Result<ResponseValue<T>, Error> {
    let Response {
        status,
        headers,
        body,
        attempts,
        outcome_unknown,
    } = response.into_json(operation)?;
    let bytes = match body {
        ResponseBody::Buffered(bytes) => bytes,
        ResponseBody::Stream(stream) => stream.read_to_end(u64::MAX).await?,
    };
    match decode(&bytes) {
        Ok(value) => Ok(ResponseValue::new(status, headers, attempts, value)),
        Err(failure) => {
            let mut undecoded = Response::new(status, headers, ResponseBody::Buffered(bytes));
            undecoded.attempts = attempts;
            undecoded.outcome_unknown = outcome_unknown;
            let reason = failure.to_string();
            let parts = undecoded.into_parts();
            Err(
                Error::unexpected_response(ErrorKind::Decode, operation, parts, reason)
                    .with_json_path(failure.path),
            )
        }
    }
}
