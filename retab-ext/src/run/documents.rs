//! The documents of a new run: embedded in the request up to a size limit, uploaded beyond it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;
use retab_api::BuildError;
use retab_api::runtime::Parts;
use retab_api::types::{CreateWorkflowRunRequest, MimeData};

use crate::client::Client;
use crate::document::{Content, Prepared};
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

/// Serializes the body of a new run with its documents.
///
/// Uploads the largest embedded document until the body fits into `limit` bytes.
pub(super) async fn add_documents(
    client: &Client,
    mut body: CreateWorkflowRunRequest,
    documents: impl Iterator<Item = (BlockId, Prepared)>,
    uploads: &Uploads,
    limit: u64,
) -> Result<Parts, Error> {
    let mut inputs = Vec::new();
    for (block, document) in documents {
        let input = resolve(client, &block, document, uploads).await;
        let input = input.map_err(|error| error.about(format_args!("the block {block}")))?;
        inputs.push((block, input));
    }
    let parts = serialize(&mut body, &inputs).map_err(build_error)?;
    let mut size = parts.size();
    if size <= limit {
        return Ok(parts);
    }
    // A body that is too large even without documents is left for the service to reject.
    while size > limit
        && let Some((block, content, input)) = largest(&mut inputs)
    {
        let stored = files::upload(client, &content, None).await?;
        let reference = MimeData::builder()
            .filename(stored.name())
            .url(stored.storage_url())
            .build()
            .map_err(build_error)?;
        size -= content.embedded_size().map_err(build_error)?;
        size += Parts::json(&reference, []).map_err(build_error)?.size();
        uploads.insert(block.clone(), content, reference.clone());
        *input = Input::Reference(reference);
    }
    serialize(&mut body, &inputs).map_err(build_error)
}

async fn resolve(
    client: &Client,
    block: &BlockId,
    document: Prepared,
    uploads: &Uploads,
) -> Result<Input, Error> {
    let reference = match document {
        Prepared::Content(content) => {
            return Ok(match uploads.find(block, &content) {
                Some(reference) => Input::Reference(reference),
                None => Input::Inline(content),
            });
        }
        Prepared::Reference(reference) => reference,
        Prepared::Stored { file, name } => file.resolve(client, name.as_deref()).await?,
    };
    Ok(Input::Reference(reference.build().map_err(build_error)?))
}

fn serialize(
    body: &mut CreateWorkflowRunRequest,
    inputs: &[(BlockId, Input)],
) -> Result<Parts, BuildError> {
    let mut sources = Vec::new();
    let mut documents = IndexMap::with_capacity(inputs.len());
    for (block, input) in inputs {
        let mime_data = match input {
            Input::Inline(content) => {
                let (mime_data, source) = content.embed(&["documents", block.as_str()])?;
                sources.push(source);
                mime_data
            }
            Input::Reference(reference) => reference.clone(),
        };
        documents.insert(block.to_string(), mime_data);
    }
    body.documents = (!documents.is_empty()).then_some(documents);
    Parts::json(body, sources)
}

/// Returns the largest embedded document.
fn largest(inputs: &mut [(BlockId, Input)]) -> Option<(&BlockId, Content, &mut Input)> {
    let inline = inputs.iter_mut().filter_map(|(block, input)| match input {
        Input::Inline(content) => Some((&*block, content.clone(), input)),
        Input::Reference(_) => None,
    });
    inline.max_by_key(|(_, content, _)| content.source.size())
}

/// Returns the error for a body that cannot be built.
pub(super) fn build_error(cause: BuildError) -> Error {
    Error::invalid_request(format!("cannot build the request: {cause}")).caused_by(cause)
}
