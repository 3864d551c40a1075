//! Documents within the JSON of a request, whose base64 is made while it is sent.
//!
//! The body of a call is typed and encoded with a token in the place of each document's base64; the executor puts the
//! sources there. So the types of the document's bytes are those of the generated crate, and no document stands in memory.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use retab_api::Error;
use retab_api::runtime::{Body, Pieces, Request, Source};
use retab_api::types::MimeData;

use crate::base64_source::Base64Source;

/// The documents of one call: an option of the call, which [`fill`] carries out.
#[derive(Clone, Default)]
pub(crate) struct Embedded {
    documents: Vec<Placed>,
}

/// A document, and what stands in its place until the body is sent.
#[derive(Clone)]
struct Placed {
    token: String,
    name: Arc<str>,
    base64: Arc<dyn Source>,
}

impl Embedded {
    /// Adds a document, and gives what stands for it in the body.
    pub(crate) fn add(
        &mut self,
        label: String,
        file_name: &str,
        media_type: &str,
        source: Arc<dyn Source>,
    ) -> Result<MimeData, retab_api::BuildError> {
        let token = random_token();
        let url = format!("data:{media_type};base64,{token}");
        self.documents.push(Placed {
            token,
            name: label.into(),
            base64: Arc::new(Base64Source(source)),
        });
        MimeData::builder().filename(file_name).url(url).build()
    }

    /// The size of a body that is `encoded` bytes long with the tokens in it.
    pub(crate) fn size_within(&self, encoded: u64) -> u64 {
        self.documents.iter().fold(encoded, |size, placed| {
            let without_token = size.saturating_sub(placed.token.len() as u64);
            without_token.saturating_add(placed.base64.size())
        })
    }
}

/// Puts the documents of the call into its body.
///
/// The body opens them anew each time it is sent, so this is done once, before the first attempt.
///
/// # Errors
/// Of the kind `InvalidRequest` where the body has no place for one.
pub(crate) fn fill(mut request: Request) -> Result<Request, Error> {
    let Some(embedded) = request.options().extension::<Embedded>() else {
        return Ok(request);
    };
    let no_place = |name: &str| {
        let reason = format!("the body has no place for {name}");
        Error::invalid_request(request.operation(), reason)
    };
    let (content_type, bytes) = match request.body() {
        Body::Bytes {
            content_type,
            bytes,
        } => (content_type.clone(), bytes.clone()),
        // Documents stand in JSON, and JSON is bytes.
        _ => return Err(no_place("a document")),
    };
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let mut places = Vec::with_capacity(embedded.documents.len());
    for placed in &embedded.documents {
        let at = text.find(&placed.token);
        places.push((at.ok_or_else(|| no_place(&placed.name))?, placed));
    }
    places.sort_by_key(|(at, _)| *at);
    let mut pieces = Pieces::new();
    let mut written = 0;
    for (at, placed) in places {
        pieces = pieces
            .with_bytes(bytes.slice(written..at))
            .with_source(Arc::clone(&placed.name), Arc::clone(&placed.base64));
        written = at + placed.token.len();
    }
    pieces = pieces.with_bytes(bytes.slice(written..));
    request.set_body(Body::Pieces {
        content_type,
        pieces,
    });
    Ok(request)
}

/// 128 random bits: no other text of the body is the same by chance, and none can be made to.
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

    /// Fills in the documents, and sends each request twice.
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

    /// Sends a run with the file at this path, with or without a place for it in the body.
    async fn sent_twice(
        fake: &FakeRetab,
        path: &Path,
        has_place: bool,
        between: impl Fn() + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let client = crate::Client::builder()
            .api_key(FakeRetab::API_KEY)
            .base_url(fake.base_url())
            .build()
            .unwrap();
        let Prepared::Content(content) = Document::path(path).prepare(&client).await.unwrap()
        else {
            panic!("a path has content");
        };
        let mut embedded = Embedded::default();
        let mime_data = content.embed(&mut embedded).unwrap();
        let body = CreateWorkflowRunRequest::builder().workflow_id("wf_abc123xyz");
        let body = if has_place {
            body.documents(indexmap::IndexMap::from([("start".to_owned(), mime_data)]))
        } else {
            body
        };
        let http = client.storage().http.clone();
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
    async fn a_document_is_encoded_again_for_each_attempt() {
        let fake = FakeRetab::start().await;
        let (_folder, path) = file(&vec![7; 200_000]);
        sent_twice(&fake, &path, true, || ()).await.unwrap();
        let received = fake.requests();
        assert_eq!(received.len(), 2);
        assert!(received[0].body == received[1].body && received[0].body.len() > 260_000);
    }

    #[tokio::test]
    async fn a_document_that_changed_between_two_attempts_is_an_error() {
        let fake = FakeRetab::start().await;
        let (_folder, path) = file(b"a;b");
        let changed = path.clone();
        let change = move || std::fs::write(&changed, "a;b;c").unwrap();
        let refused = sent_twice(&fake, &path, true, change).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
        let line = refused.to_string();
        assert!(
            line.contains("the document a.csv") && line.contains("the file changed"),
            "{line}"
        );
        assert_eq!(fake.requests().len(), 1);
    }

    #[tokio::test]
    async fn a_body_without_a_place_for_the_document_is_not_sent() {
        let fake = FakeRetab::start().await;
        let (_folder, path) = file(b"a;b");
        let refused = sent_twice(&fake, &path, false, || ()).await.unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("no place for the document a.csv"),
            "{refused}"
        );
        assert!(fake.requests().is_empty());
    }

    #[test]
    fn tokens_are_not_repeated() {
        assert_ne!(random_token(), random_token());
        assert_eq!(random_token().len(), 32);
    }
}
