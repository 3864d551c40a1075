//! The documents of a new run: embedded in the request up to a size limit, uploaded beyond it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;
use retab_api::BuildError;
use retab_api::types::{CreateWorkflowRunRequest, MimeData};

use crate::client::Client;
use crate::document::{Content, Document, Prepared};
use crate::embedded::Embedded;
use crate::error::Error;
use crate::files;
use crate::id::BlockId;

/// The documents uploaded for a run.
///
/// Clones of a `RunRequest` share them until a document is added to one, so sending a clone does not repeat uploads.
#[derive(Clone, Default)]
pub(super) struct Uploads {
    by_block: Arc<Mutex<HashMap<BlockId, Uploaded>>>,
}

#[derive(Clone)]
struct Uploaded {
    content: Content,
    reference: MimeData,
}

impl Uploads {
    /// Copies the uploads for a request that may assign other documents to the same blocks.
    pub(super) fn fork(&self) -> Self {
        let by_block = self.by_block.lock();
        let by_block = by_block.unwrap_or_else(PoisonError::into_inner).clone();
        Self {
            by_block: Arc::new(Mutex::new(by_block)),
        }
    }

    fn find(&self, block: &BlockId, content: &Content) -> Option<MimeData> {
        let by_block = self.by_block.lock();
        let by_block = by_block.unwrap_or_else(PoisonError::into_inner);
        let uploaded = by_block.get(block)?;
        let is_same = uploaded.content.is_same_as(content);
        is_same.then(|| uploaded.reference.clone())
    }

    fn insert(&self, block: BlockId, content: Content, reference: MimeData) {
        let by_block = self.by_block.lock();
        let mut by_block = by_block.unwrap_or_else(PoisonError::into_inner);
        by_block.insert(block, Uploaded { content, reference });
    }
}

/// The input of a block.
enum Input {
    /// Content to embed in the body.
    Inline(Content),
    /// A reference to uploaded or remote content.
    Reference(MimeData),
}

/// Adds the documents to the body of a new run and returns the sources of the embedded ones.
///
/// Uploads the largest embedded document until the encoded body fits into `limit` bytes.
pub(super) async fn add_documents(
    client: &Client,
    body: &mut CreateWorkflowRunRequest,
    documents: Vec<(BlockId, Document)>,
    uploads: &Uploads,
    limit: u64,
) -> Result<Embedded, Error> {
    let mut inputs = Vec::with_capacity(documents.len());
    for (block, document) in documents {
        let input = prepare(client, &block, &document, uploads).await;
        let input = input.map_err(|error| error.about(format_args!("the block {block}")))?;
        inputs.push((block, input));
    }
    loop {
        let embedded = embed(body, &inputs).map_err(build_error)?;
        // A body that is too large even without documents is left for the service to reject.
        let Some((block, largest)) = largest(&mut inputs) else {
            return Ok(embedded);
        };
        if encoded_size(body, &embedded)? <= limit {
            return Ok(embedded);
        }
        let Input::Inline(content) = largest else {
            return Ok(embedded);
        };
        let stored = files::upload(client, content, None).await?;
        let reference = MimeData::builder()
            .filename(stored.name())
            .url(stored.storage_url())
            .build()
            .map_err(build_error)?;
        uploads.insert(block.clone(), content.clone(), reference.clone());
        *largest = Input::Reference(reference);
    }
}

async fn prepare(
    client: &Client,
    block: &BlockId,
    document: &Document,
    uploads: &Uploads,
) -> Result<Input, Error> {
    Ok(match document.prepare(client).await? {
        Prepared::Reference(reference) => Input::Reference(reference.build().map_err(build_error)?),
        Prepared::Content(content) => match uploads.find(block, &content) {
            Some(reference) => Input::Reference(reference),
            None => Input::Inline(content),
        },
    })
}

fn embed(
    body: &mut CreateWorkflowRunRequest,
    inputs: &[(BlockId, Input)],
) -> Result<Embedded, BuildError> {
    let mut embedded = Embedded::default();
    let mut documents = IndexMap::with_capacity(inputs.len());
    for (block, input) in inputs {
        let mime_data = match input {
            Input::Inline(content) => content.embed(&mut embedded)?,
            Input::Reference(reference) => reference.clone(),
        };
        documents.insert(block.to_string(), mime_data);
    }
    body.documents = (!documents.is_empty()).then_some(documents);
    Ok(embedded)
}

/// Returns the largest embedded document.
fn largest(inputs: &mut [(BlockId, Input)]) -> Option<(&BlockId, &mut Input)> {
    let inline = inputs.iter_mut().filter_map(|(block, input)| match input {
        Input::Inline(content) => Some((content.source.size(), &*block, input)),
        Input::Reference(_) => None,
    });
    let largest = inline.max_by_key(|(size, _, _)| *size);
    largest.map(|(_, block, input)| (block, input))
}

fn encoded_size(body: &CreateWorkflowRunRequest, embedded: &Embedded) -> Result<u64, Error> {
    let json = serde_json::to_vec(body).map_err(|cause| {
        Error::invalid_request(format!("cannot serialize the request: {cause}")).caused_by(cause)
    })?;
    Ok(embedded.size_within(json.len() as u64))
}

/// Returns the error for a body that cannot be built.
pub(super) fn build_error(cause: BuildError) -> Error {
    Error::invalid_request(format!("cannot build the request: {cause}")).caused_by(cause)
}
