//! What is asked of the storage, at the URLs that the service gives for it.

use http::{HeaderMap, Method};
use retab_api::runtime::{Body, Operation, Request, ResponseFormat, Success};
use url::Url;

use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// How many URLs are asked for in all, where one after the other has expired.
pub(super) const URLS: u32 = 3;

static PUT: Operation = upload(Method::PUT);
static POST: Operation = upload(Method::POST);
pub(super) static DOWNLOAD: Operation =
    Operation::new("download_from_storage", Method::GET, "{download_url}")
        .with_idempotent(true)
        .with_success(Success::Bytes { media_types: &[] });

/// All bytes to the URL of a session, which has them as it had them before when they come again.
const fn upload(method: Method) -> Operation {
    Operation::new("upload_to_storage", method, "{uploadUrl}").with_idempotent(true)
}

/// The upload by this method; `None` for one by which no bytes are sent.
pub(super) fn upload_by(method: &str) -> Option<&'static Operation> {
    [&PUT, &POST]
        .into_iter()
        .find(|upload| upload.method == *method)
}

/// A request to the storage, with these headers and no others.
///
/// Nothing of what the storage says to an error beside its status is read: it may repeat what the URL was signed with.
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
            let reason = "the service gave a URL of the storage that is none";
            return Err(Error::new(ErrorKind::UnexpectedResponse, reason));
        }
    };
    if url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
        return Err(Error::configuration(
            "the URL of the storage needs TLS, and retab-ext was built without: enable its feature `rustls` or `native-tls`",
        ));
    }
    let response_format = match operation.success {
        Success::Bytes { .. } => ResponseFormat::Bytes,
        _ => ResponseFormat::Empty,
    };
    let options = client.api().options().clone().with_response_limit(0);
    Ok(Request::presigned(
        operation,
        url,
        headers,
        body,
        options,
        response_format,
    ))
}
