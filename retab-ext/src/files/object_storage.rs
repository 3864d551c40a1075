//! Requests to object storage at presigned URLs.

use http::{HeaderMap, Method};
use retab_api::runtime::{Body, Operation, Request, ResponseFormat, Success};
use url::Url;

use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// The maximum number of presigned URLs to request if one after the other expires.
pub(super) const MAX_URLS: u32 = 3;

static PUT: Operation = upload(Method::PUT);
static POST: Operation = upload(Method::POST);
pub(super) static DOWNLOAD: Operation =
    Operation::new("download_from_storage", Method::GET, "{download_url}")
        .with_idempotent(true)
        .with_success(Success::Bytes { media_types: &[] });

/// Returns the operation that uploads the content. Repeating it replaces the same content.
const fn upload(method: Method) -> Operation {
    Operation::new("upload_to_storage", method, "{uploadUrl}").with_idempotent(true)
}

/// Returns the upload operation for a method, or `None` if the method is unsupported.
pub(super) fn upload_with(method: &str) -> Option<&'static Operation> {
    [&PUT, &POST]
        .into_iter()
        .find(|upload| upload.method == *method)
}

/// Builds a request to object storage with the given headers and no others.
///
/// Error bodies are discarded, because object storage may repeat signed parts of the URL in them.
pub(super) fn request(
    client: &Client,
    operation: &'static Operation,
    url: &str,
    headers: HeaderMap,
    body: Body,
) -> Result<Request, Error> {
    let url = match Url::parse(url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        _ => {
            let reason = "cannot use the presigned URL from the service: it is not a valid http or https URL";
            return Err(Error::new(ErrorKind::UnexpectedResponse, reason));
        }
    };
    if url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
        return Err(Error::configuration(
            "cannot connect to object storage: its URL requires TLS, which this build of retab-ext lacks; enable the feature `rustls` or `native-tls`",
        ));
    }
    let response_format = match operation.success {
        Success::Bytes { .. } => ResponseFormat::Bytes,
        _ => ResponseFormat::Empty,
    };
    let options = client.api().options().clone().response_limit(0);
    Ok(Request::presigned(
        operation,
        url,
        headers,
        body,
        options,
        response_format,
    ))
}
