//! Documents embedded in JSON requests, base64-encoded while they are sent.
//!
//! The typed body is serialized with a random token in place of each document's base64. The executor then replaces the
//! tokens with sources. Requests keep their generated types, and no document is buffered.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use retab_api::Error;
use retab_api::runtime::{Body, Pieces, Request, Source};
use retab_api::types::MimeData;

use crate::base64_source::Base64Source;

/// The documents of a request: a request option that [`fill`] applies.
#[derive(Clone, Default)]
pub(crate) struct Embedded {
    placeholders: Vec<Placeholder>,
}

/// A document and the token that represents it until the body is sent.
#[derive(Clone)]
struct Placeholder {
    token: String,
    name: Arc<str>,
    base64: Arc<dyn Source>,
}

impl Embedded {
    /// Adds a document, and returns its placeholder for the body.
    pub(crate) fn add(
        &mut self,
        label: String,
        file_name: &str,
        media_type: &str,
        source: Arc<dyn Source>,
    ) -> Result<MimeData, retab_api::BuildError> {
        let token = random_token();
        let url = format!("data:{media_type};base64,{token}");
        self.placeholders.push(Placeholder {
            token,
            name: label.into(),
            base64: Arc::new(Base64Source(source)),
        });
        MimeData::builder().filename(file_name).url(url).build()
    }

    /// Returns the final size of a body that has `encoded` bytes with tokens.
    pub(crate) fn size_within(&self, encoded: u64) -> u64 {
        self.placeholders.iter().fold(encoded, |size, placeholder| {
            let without_token = size.saturating_sub(placeholder.token.len() as u64);
            without_token.saturating_add(placeholder.base64.size())
        })
    }
}

/// Replaces the tokens in the body of a request with its documents.
///
/// Call it once, before the first attempt: the body reopens its sources for each attempt.
///
/// # Errors
/// Returns an error of the kind `InvalidRequest` if the body contains no token for a document.
pub(crate) fn fill(mut request: Request) -> Result<Request, Error> {
    let Some(embedded) = request.options().extension::<Embedded>() else {
        return Ok(request);
    };
    let no_placeholder = |name: &str| {
        let reason = format!("cannot embed {name}: the request body has no placeholder for it");
        Error::invalid_request(request.operation(), reason)
    };
    let (content_type, bytes) = match request.body() {
        Body::Bytes {
            content_type,
            bytes,
        } => (content_type.clone(), bytes.clone()),
        // Documents are embedded only in JSON bodies, which are bytes.
        _ => return Err(no_placeholder("a document")),
    };
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let mut positions = Vec::with_capacity(embedded.placeholders.len());
    for placeholder in &embedded.placeholders {
        let at = text.find(&placeholder.token);
        positions.push((
            at.ok_or_else(|| no_placeholder(&placeholder.name))?,
            placeholder,
        ));
    }
    positions.sort_by_key(|(at, _)| *at);
    let mut pieces = Pieces::new();
    let mut written = 0;
    for (at, placeholder) in positions {
        pieces = pieces.with_bytes(bytes.slice(written..at)).with_source(
            Arc::clone(&placeholder.name),
            Arc::clone(&placeholder.base64),
        );
        written = at + placeholder.token.len();
    }
    pieces = pieces.with_bytes(bytes.slice(written..));
    request.set_body(Body::Pieces {
        content_type,
        pieces,
    });
    Ok(request)
}

/// Returns 128 random bits, so that the token collides with no other text in the body, not even on purpose.
fn random_token() -> String {
    let bits = || RandomState::new().hash_one(());
    format!("{:016x}{:016x}", bits(), bits())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use retab_api::runtime::{BoxFuture, Executor, Response, attempt};
    use retab_api::types::CreateWorkflowRunRequest;
    use retab_api::{Client, ErrorKind, RequestOptions};
    use retab_fake::FakeRetab;

    use super::*;
    use crate::document::{Document, Prepared};

    /// Fills in the documents, then sends each request twice.
    struct Twice<F> {
        http: reqwest::Client,
        between: F,
    }

    impl<F: Fn() + Send + Sync> Executor for Twice<F> {
        fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
            let key = http::HeaderValue::from_static(FakeRetab::API_KEY);
            request.headers_mut().insert("api-key", key);
            Box::pin(async move {
                let request = fill(request)?;
                attempt(&self.http, &request).await?;
                (self.between)();
                attempt(&self.http, &request).await
            })
        }
    }

    /// Starts a run with the file at `path`, with or without a placeholder for it in the body.
    async fn send_twice(
        fake: &FakeRetab,
        path: &Path,
        has_placeholder: bool,
        between: impl Fn() + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let client = crate::Client::builder()
            .api_key(FakeRetab::API_KEY)
            .base_url(fake.base_url())
            .build()
            .unwrap();
        let Prepared::Content(content) = Document::path(path).prepare(&client).await.unwrap()
        else {
            panic!("expected content for a path");
        };
        let mut embedded = Embedded::default();
        let mime_data = content.embed(&mut embedded).unwrap();
        let body = CreateWorkflowRunRequest::builder().workflow_id("wf_abc123xyz");
        let body = if has_placeholder {
            body.documents(indexmap::IndexMap::from([("start".to_owned(), mime_data)]))
        } else {
            body
        };
        let http = client.storage().http.of_current_runtime().unwrap();
        let twice = Twice { http, between };
        let api = Client::with_executor(&fake.base_url(), twice).unwrap();
        let api = api.with(RequestOptions::new().with_extension(embedded));
        api.create_workflow_run().body(body).send().await.map(drop)
    }

    fn file(content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

    #[tokio::test]
    async fn encodes_document_again_for_each_attempt() {
        let fake = FakeRetab::start().await;
        let (_folder, path) = file(&vec![7; 200_000]);
        send_twice(&fake, &path, true, || ()).await.unwrap();
        let received = fake.requests();
        assert_eq!(received.len(), 2);
        assert!(received[0].body == received[1].body && received[0].body.len() > 260_000);
    }

    #[tokio::test]
    async fn rejects_document_that_changes_between_attempts() {
        let fake = FakeRetab::start().await;
        let (_folder, path) = file(b"a;b");
        let changed = path.clone();
        let change = move || std::fs::write(&changed, "a;b;c").unwrap();
        let error = send_twice(&fake, &path, true, change).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let line = error.to_string();
        assert!(
            line.contains("the document a.csv") && line.contains("the file changed"),
            "{line}"
        );
        assert_eq!(fake.requests().len(), 1);
    }

    #[tokio::test]
    async fn does_not_send_body_without_placeholder() {
        let fake = FakeRetab::start().await;
        let (_folder, path) = file(b"a;b");
        let error = send_twice(&fake, &path, false, || ()).await.unwrap_err();
        let line = error.to_string();
        assert!(
            line.contains("cannot embed the document a.csv") && line.contains("no placeholder"),
            "{line}"
        );
        assert!(fake.requests().is_empty());
    }

    #[test]
    fn generates_distinct_tokens() {
        assert_ne!(random_token(), random_token());
        assert_eq!(random_token().len(), 32);
    }
}
