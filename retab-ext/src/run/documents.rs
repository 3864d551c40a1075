//! The documents of a new run: within the request as far as it stays small enough, uploaded beyond that.

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

/// What was uploaded for a run. Clones of the run's description share it, until a document is added to one of them:
/// sending one again uploads nothing twice.
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
    /// What was uploaded so far, for a description that goes on differently: another document may stand in the same block.
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
        let is_it = uploaded.content.is_still(content);
        is_it.then(|| uploaded.reference.clone())
    }

    fn keep(&self, block: BlockId, content: Content, reference: MimeData) {
        let by_block = self.by_block.lock();
        let mut by_block = by_block.unwrap_or_else(PoisonError::into_inner);
        by_block.insert(block, Uploaded { content, reference });
    }
}

/// What a block is given.
enum Input {
    /// Bytes, which go into the body.
    Inline(Content),
    /// What refers to bytes elsewhere.
    Reference(MimeData),
}

/// Puts the documents into the body of a new run, and gives what their bytes will come from.
///
/// While the encoded body would be larger than `limit` bytes, the largest document of it is uploaded.
pub(super) async fn place(
    client: &Client,
    body: &mut CreateWorkflowRunRequest,
    documents: Vec<(BlockId, Document)>,
    uploads: &Uploads,
    limit: u64,
) -> Result<Embedded, Error> {
    let mut inputs = Vec::with_capacity(documents.len());
    for (block, document) in documents {
        let input = look_at(client, &block, &document, uploads).await;
        let input = input.map_err(|error| error.about(format_args!("the block {block}")))?;
        inputs.push((block, input));
    }
    loop {
        let embedded = write(body, &inputs).map_err(unbuilt)?;
        // What is left without documents is too large by itself, which the service says in its own words.
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
            .map_err(unbuilt)?;
        uploads.keep(block.clone(), content.clone(), reference.clone());
        *largest = Input::Reference(reference);
    }
}

async fn look_at(
    client: &Client,
    block: &BlockId,
    document: &Document,
    uploads: &Uploads,
) -> Result<Input, Error> {
    Ok(match document.prepare(client).await? {
        Prepared::Reference(reference) => Input::Reference(reference.build().map_err(unbuilt)?),
        Prepared::Content(content) => match uploads.find(block, &content) {
            Some(reference) => Input::Reference(reference),
            None => Input::Inline(content),
        },
    })
}

fn write(
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

/// The largest document whose bytes are in the body.
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
        Error::invalid_request(format!("the request has no JSON form: {cause}")).caused_by(cause)
    })?;
    Ok(embedded.size_within(json.len() as u64))
}

/// The error of a body that lacks something.
pub(super) fn unbuilt(cause: BuildError) -> Error {
    Error::invalid_request(format!("the request cannot be built: {cause}")).caused_by(cause)
}
