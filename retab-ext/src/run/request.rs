//! The builder for new runs.

use std::fmt;

use indexmap::IndexMap;
use retab_api::operations;
use retab_api::runtime::RequestBuilder;
use retab_api::types::builder::CreateWorkflowRunRequest as CreateBody;
use retab_api::types::{self, CreateWorkflowRunRequest};
use serde::Serialize;
use serde_json::{Map, Value};

use super::documents::{self, Uploads};
use super::handle::RunHandle;
use super::snapshot::Run;
use super::start_blocks::{Input, StartBlocks};
use crate::client::Client;
use crate::document::{Document, Prepared};
use crate::error::Error;
use crate::id::{BlockId, FileId, RunId, WorkflowId};
use crate::version::Version;
use crate::workflow::WorkflowHandle;

/// A builder for a new run of a workflow.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::{Document, Version};
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Customer<'a> {
///     customer_id: &'a str,
/// }
///
/// let run = client
///     .workflow("wf_abc123xyz")
///     .run()
///     .document("start_document-block-1", Document::path("invoice.pdf"))
///     .json("start-json-block-1", &Customer { customer_id: "cust_123" })
///     .version(Version::Draft)
///     .metadata("tenant", "acme")
///     .send()
///     .await?;
/// println!("{} is {}", run.id(), run.status());
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows block ids and metadata names, but no inputs and no metadata values.
#[derive(Clone)]
#[must_use = "a run does not start until `send`"]
pub struct RunRequest {
    client: Client,
    workflow_id: WorkflowId,
    documents: Vec<(BlockId, Document)>,
    json_inputs: Vec<(BlockId, Value)>,
    /// Documents for the only start block that accepts one; `send` rejects more than one.
    only_documents: Vec<Document>,
    /// JSON values for the only start block that accepts one.
    only_values: Vec<Value>,
    version: Option<Version>,
    metadata: IndexMap<String, String>,
    inline_limit: u64,
    uploads: Uploads,
    /// The run to restart.
    parent: Option<RunId>,
    /// The first error of a setter, for `send`.
    invalid: Option<String>,
}

impl WorkflowHandle {
    /// Returns a builder for a new run of the workflow.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let run = client
    ///     .workflow("wf_abc123xyz")
    ///     .run()
    ///     .document("start_document-block-1", Document::path("invoice.pdf"))
    ///     .send()
    ///     .await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self) -> RunRequest {
        RunRequest::new(self.client.clone(), self.id.clone())
    }
}

impl RunHandle {
    /// Reads the run and returns a builder for a restart: see [`Run::restart`].
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let again = client.run("run_abc123xyz").restart().await?.send().await?;
    /// println!("{}", again.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails; [`is_not_found`](Error::is_not_found) is true if the run does not exist.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the read. No run is started.
    pub async fn restart(&self) -> Result<RunRequest, Error> {
        Ok(self.get().await?.restart())
    }
}

impl Run {
    /// Returns a builder for a restart with the same workflow, inputs and metadata.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Version;
    ///
    /// let same_version = Version::pinned(run.version_id());
    /// let again = run.restart().version(same_version).metadata("try", "2").send().await?;
    /// println!("{} repeats {}", again.id(), run.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The restart uses the version in production unless another is set. Metadata is added to that of this run and
    /// replaces entries with the same name. Input files are reused; the client requests their URLs when the restart is
    /// sent.
    pub fn restart(&self) -> RunRequest {
        RunRequest::restart_of(self)
    }
}

impl RunRequest {
    /// The default maximum size of a request body before documents are uploaded: 28 MiB.
    ///
    /// The service rejects bodies over about 32 MiB with status 413. Base64 turns 21 MiB of documents into 28 MiB.
    pub const DEFAULT_INLINE_LIMIT: u64 = 28 * 1024 * 1024;

    pub(crate) fn new(client: Client, workflow_id: WorkflowId) -> Self {
        Self {
            client,
            workflow_id,
            documents: Vec::new(),
            json_inputs: Vec::new(),
            only_documents: Vec::new(),
            only_values: Vec::new(),
            version: None,
            metadata: IndexMap::new(),
            inline_limit: Self::DEFAULT_INLINE_LIMIT,
            uploads: Uploads::default(),
            parent: None,
            invalid: None,
        }
    }

    pub(super) fn restart_of(run: &Run) -> Self {
        let snapshot = run.snapshot();
        let inputs = snapshot.inputs.clone().unwrap_or_default();
        let files = inputs.documents.unwrap_or_default().into_iter();
        let documents = files.map(|(block, file)| {
            let document = Document::file(FileId::from(file.id)).file_name(file.filename);
            (block.into(), document)
        });
        let values = inputs.json_data.unwrap_or_default().into_iter();
        Self {
            documents: documents.collect(),
            json_inputs: values.map(|(block, value)| (block.into(), value)).collect(),
            metadata: snapshot.metadata.clone().unwrap_or_default(),
            parent: Some(run.id().clone()),
            ..Self::new(run.handle.client.clone(), run.workflow_id.clone())
        }
    }

    /// Sets the document for a start block.
    pub fn document(mut self, block: impl Into<BlockId>, document: Document) -> Self {
        self.documents.push((block.into(), document));
        self.uploads = self.uploads.fork();
        self
    }

    /// Sets the document for the only start block that accepts one.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::path("invoice.pdf");
    /// let run = client.workflow("wf_abc123xyz").run().only_document(invoice).send().await?;
    /// # let _ = run;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`send`](Self::send) looks up the block in the version to run. It fails, listing the candidates, unless exactly
    /// one block accepts a document.
    pub fn only_document(mut self, document: Document) -> Self {
        self.only_documents.push(document);
        self.uploads = self.uploads.fork();
        self
    }

    /// Sets the JSON value for a start block.
    ///
    /// If the value cannot be serialized, [`send`](Self::send) returns the error.
    pub fn json<T: Serialize + ?Sized>(mut self, block: impl Into<BlockId>, value: &T) -> Self {
        let block = block.into();
        if let Some(value) = self.serialize(value, format_args!("the block {block}")) {
            self.json_inputs.push((block, value));
        }
        self
    }

    /// Sets the JSON value for the only start block that accepts JSON, like [`only_document`](Self::only_document).
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let run = client
    ///     .workflow("wf_abc123xyz")
    ///     .run()
    ///     .only_document(Document::path("invoice.pdf"))
    ///     .only_json(&[("customer_id", "cust_123")])
    ///     // Upload every document instead of embedding it.
    ///     .inline_limit(0)
    ///     .send()
    ///     .await?;
    /// # let _ = run;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If the value cannot be serialized, [`send`](Self::send) returns the error.
    pub fn only_json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        let block = "the only start block that accepts JSON";
        if let Some(value) = self.serialize(value, block) {
            self.only_values.push(value);
        }
        self
    }

    /// Serializes the value for a block. On failure, stores the first error and returns `None`.
    fn serialize<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
        block: impl fmt::Display,
    ) -> Option<Value> {
        match serde_json::to_value(value) {
            Ok(value) => Some(value),
            Err(cause) => {
                self.invalid
                    .get_or_insert(format!("cannot serialize the value for {block}: {cause}"));
                None
            }
        }
    }

    /// Sets the workflow version. Defaults to the version in production.
    pub fn version(mut self, version: impl Into<Version>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Adds a metadata entry and replaces an earlier one with the same name.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// Sets the maximum size of the request body in bytes. Defaults to
    /// [`DEFAULT_INLINE_LIMIT`](Self::DEFAULT_INLINE_LIMIT).
    ///
    /// Documents are embedded in the request up to this size. Beyond it, the largest are uploaded until the rest fits.
    /// A limit of 0 uploads all of them.
    pub fn inline_limit(mut self, bytes: u64) -> Self {
        self.inline_limit = bytes;
        self
    }

    /// Starts the run.
    ///
    /// Documents are streamed, never buffered whole. The largest are uploaded first if the request would exceed the
    /// [`inline_limit`](Self::inline_limit). Clones share completed uploads, so sending a clone after a failure does
    /// not upload them again.
    ///
    /// # Errors
    /// Returns an error of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest):
    ///
    /// - before anything is sent, if a document cannot be read, a JSON value cannot be serialized, a block has two inputs,
    ///   or an id belongs to another resource;
    /// - after the lookup of start blocks, if not exactly one accepts an input without a block id;
    /// - while a document is sent, if it changes.
    ///
    /// Otherwise returns an error if a request fails. If [`Error::outcome_unknown`] is true, the service may have
    /// started the run: check before sending again.
    ///
    /// # Cancel safety
    /// Not cancel safe: if the future is dropped, the service may have started the run. Uploads in progress are
    /// discarded. A [reader](Document::reader) that is being copied is consumed.
    pub async fn send(mut self) -> Result<Run, Error> {
        self.check_setters()?;
        self.check_blocks()?;
        let prepared = self.prepare_documents().await?;
        self.assign_blocks().await?;
        let json_inputs: Map<String, Value> = self
            .json_inputs
            .into_iter()
            .map(|(block, value)| (block.into(), value))
            .collect();
        let body = CreateWorkflowRunRequest::builder()
            .workflow_id(self.workflow_id)
            .when_some(
                (!json_inputs.is_empty()).then_some(json_inputs),
                CreateBody::json_inputs,
            )
            .when_some(self.version, CreateBody::version)
            .when_some(
                (!self.metadata.is_empty()).then_some(self.metadata),
                CreateBody::metadata,
            )
            .when_some(self.parent, |body, parent| {
                body.trigger_type("restart").parent_run_id(parent)
            });
        let body = body.build().map_err(documents::build_error)?;
        let blocks = self.documents.into_iter().map(|(block, _)| block);
        let body = documents::add_documents(
            &self.client,
            body,
            blocks.zip(prepared),
            &self.uploads,
            self.inline_limit,
        )
        .await?;
        let mut request = RequestBuilder::new(self.client.api(), &operations::CREATE_WORKFLOW_RUN);
        request.json_parts(body);
        let response = request.send_json::<types::WorkflowRun>().await?;
        Ok(Run::created(self.client, response.into_inner()))
    }

    /// Returns the first error of a setter, or rejects an id of another resource.
    fn check_setters(&self) -> Result<(), Error> {
        if let Some(message) = &self.invalid {
            return Err(Error::invalid_request(message));
        }
        self.workflow_id.check()?;
        if let Some(Version::Pinned(id)) = &self.version {
            id.check()?;
        }
        for (block, document) in &self.documents {
            let checked = document.check_id().map_err(Error::from);
            checked.map_err(|error| error.about(format_args!("the block {block}")))?;
        }
        for document in &self.only_documents {
            document.check_id()?;
        }
        Ok(())
    }

    /// Prepares the documents, those without a block id last, before any request is sent.
    async fn prepare_documents(&self) -> Result<Vec<Prepared>, Error> {
        let mut prepared = Vec::with_capacity(self.documents.len() + self.only_documents.len());
        for (block, document) in &self.documents {
            let document = document.prepare().await;
            prepared
                .push(document.map_err(|error| error.about(format_args!("the block {block}")))?);
        }
        for document in &self.only_documents {
            prepared.push(document.prepare().await?);
        }
        Ok(prepared)
    }

    /// Assigns start blocks to inputs without a block id.
    async fn assign_blocks(&mut self) -> Result<(), Error> {
        if self.only_documents.is_empty() && self.only_values.is_empty() {
            return Ok(());
        }
        let version = self.version.clone().unwrap_or_default();
        let blocks = StartBlocks::fetch(&self.client, &self.workflow_id, &version).await?;
        for document in std::mem::take(&mut self.only_documents) {
            let block = blocks.only(Input::Document)?;
            self.documents.push((block, document));
        }
        for value in std::mem::take(&mut self.only_values) {
            let block = blocks.only(Input::Json)?;
            self.json_inputs.push((block, value));
        }
        self.check_blocks()
    }

    fn check_blocks(&self) -> Result<(), Error> {
        let mut blocks: Vec<&BlockId> = self.blocks().collect();
        blocks.sort();
        match blocks.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Error::invalid_request(format!(
                "cannot start the run: the block {} has two inputs",
                pair[0]
            ))),
            None => Ok(()),
        }
    }

    fn blocks(&self) -> impl Iterator<Item = &BlockId> {
        let documents = self.documents.iter().map(|(block, _)| block);
        documents.chain(self.json_inputs.iter().map(|(block, _)| block))
    }
}

impl fmt::Debug for RunRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunRequest")
            .field("workflow_id", &self.workflow_id.as_str())
            .field(
                "blocks",
                &self.blocks().map(BlockId::as_str).collect::<Vec<_>>(),
            )
            .field("version", &self.version)
            .field("metadata", &self.metadata.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
