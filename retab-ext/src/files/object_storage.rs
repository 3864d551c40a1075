//! Requests to object storage at presigned URLs.

use http::{HeaderMap, Method};
use retab_api::runtime::{Body, Operation, Request, ResponseFormat, Success};
use url::{Position, Url};

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
///
/// # Errors
/// Returns an error of kind `UnexpectedResponse` if the URL is invalid or cannot be sent byte for byte.
pub(super) fn request(
    client: &Client,
    operation: &'static Operation,
    presigned_url: &str,
    headers: HeaderMap,
    body: Body,
) -> Result<Request, Error> {
    let rejected = |reason| {
        let message = format!("cannot use the presigned URL from the service: {reason}");
        Error::new(ErrorKind::UnexpectedResponse, message)
    };
    let url = match Url::parse(presigned_url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        _ => return Err(rejected("it is not a valid http or https URL".to_owned())),
    };
    if let Some(part) = altered_part(presigned_url, &url) {
        return Err(rejected(format!(
            "its {part} would not be sent as received, which invalidates the signature"
        )));
    }
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

/// Returns the part of a URL that parsing has normalized, or that is not sent.
///
/// A signature covers the exact text, and reqwest sends only parsed URLs. Two differences never reach the server: the case
/// of the scheme, and an empty path, which HTTP/1.1 writes as `/`.
fn altered_part(received: &str, url: &Url) -> Option<&'static str> {
    let (scheme, rest) = received.split_once("://").unwrap_or_default();
    let path = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(path);
    let (rest, fragment) = split_at_first(rest, '#');
    let (path, query) = split_at_first(rest, '?');
    if !scheme.eq_ignore_ascii_case(url.scheme()) {
        Some("scheme")
    } else if authority != &url[Position::BeforeHost..Position::AfterPort] {
        Some("authority")
    } else if path != url.path() && !(path.is_empty() && url.path() == "/") {
        Some("path")
    } else if query != url.query() {
        Some("query")
    } else {
        fragment.map(|_| "fragment")
    }
}

fn split_at_first(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}
