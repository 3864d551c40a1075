//! The description of a new run.

use std::fmt;

use indexmap::IndexMap;
use retab_api::RequestOptions;
use retab_api::types::CreateWorkflowRunRequest;
use retab_api::types::builder::CreateWorkflowRunRequest as CreateBody;
use serde::Serialize;
use serde_json::{Map, Value};

use super::documents::{self, Uploads};
use super::handle::RunHandle;
use super::snapshot::Run;
use super::start_blocks::{Input, StartBlocks};
use crate::client::Client;
use crate::document::Document;
use crate::error::Error;
use crate::id::{BlockId, FileId, RunId, WorkflowId};
use crate::version::Version;
use crate::workflow::WorkflowHandle;

/// A new run of a workflow, before it is started.
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
///     .run("wf_abc123xyz")
///     .document("start_document-block-1", Document::path("invoice.pdf"))
///     .json("start-json-block-1", &Customer { customer_id: "cust_123" })?
///     .version(Version::Draft)
///     .metadata("tenant", "acme")
///     .send()
///     .await?;
/// println!("{} is {}", run.id(), run.status());
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows the names of the blocks and of the metadata, and nothing of what goes in.
#[derive(Clone)]
#[must_use = "a run does not start until `send`"]
pub struct RunRequest {
    client: Client,
    workflow_id: WorkflowId,
    documents: Vec<(BlockId, Document)>,
    json_inputs: Vec<(BlockId, Value)>,
    /// For the only start block that takes a document; two of them are one too many, which `send` says.
    only_documents: Vec<Document>,
    /// The same for JSON.
    only_values: Vec<Value>,
    version: Option<Version>,
    metadata: IndexMap<String, String>,
    inline_limit: u64,
    uploads: Uploads,
    /// The run that this one repeats.
    parent: Option<RunId>,
}

impl Client {
    /// Starts to describe a new run of a workflow.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let run = client
    ///     .run("wf_abc123xyz")
    ///     .document("start_document-block-1", Document::path("invoice.pdf"))
    ///     .send()
    ///     .await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, workflow_id: impl Into<WorkflowId>) -> RunRequest {
        RunRequest::new(self.clone(), workflow_id.into())
    }
}

impl WorkflowHandle {
    /// Starts to describe a new run: the same as [`Client::run`].
    pub fn run(&self) -> RunRequest {
        self.client.run(&self.id)
    }
}

impl RunHandle {
    /// Reads the run, and starts to describe one with the same workflow, inputs and metadata: see [`Run::restart`].
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let again = client.runs().handle("run_abc123xyz").restart().await?.send().await?;
    /// println!("{}", again.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where there is no such run.
    pub async fn restart(&self) -> Result<RunRequest, Error> {
        Ok(self.get().await?.restart())
    }
}

impl Run {
    /// Starts to describe a run with the same workflow, inputs and metadata, which the service knows as a restart of this
    /// one.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Version;
    ///
    /// let same_version = Version::pinned(run.version_id())?;
    /// let again = run.restart().version(same_version).metadata("try", "2").send().await?;
    /// println!("{} repeats {}", again.id(), run.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The version in production runs unless another is set. Metadata that is set joins that of this run, in its place
    /// where the name is the same. The files are those that this run took: their addresses are asked for when it is sent.
    pub fn restart(&self) -> RunRequest {
        RunRequest::restart_of(self)
    }
}

impl RunRequest {
    /// How large the body of a request may become, in bytes, before documents are uploaded: 28 MiB.
    ///
    /// The service refuses bodies of more than about 32 MiB (413). In base64, 28 MiB are 21 MiB of documents.
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

    /// Gives a document to a start block of the workflow.
    pub fn document(mut self, block: impl Into<BlockId>, document: Document) -> Self {
        self.documents.push((block.into(), document));
        self.uploads = self.uploads.fork();
        self
    }

    /// Gives a document to the only start block of the workflow that takes one, which is looked up when the run is sent.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let invoice = Document::path("invoice.pdf");
    /// let run = client.run("wf_abc123xyz").only_document(invoice).send().await?;
    /// # let _ = run;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The blocks are those of the version that runs. Where it has no such block, or several, [`send`](Self::send) fails
    /// and names them.
    pub fn only_document(mut self, document: Document) -> Self {
        self.only_documents.push(document);
        self.uploads = self.uploads.fork();
        self
    }

    /// Gives a JSON value to a start block of the workflow.
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where the value has no JSON form.
    pub fn json<T: Serialize + ?Sized>(
        mut self,
        block: impl Into<BlockId>,
        value: &T,
    ) -> Result<Self, Error> {
        let block = block.into();
        let value = json_of(value, &format!("the block {block}"))?;
        self.json_inputs.push((block, value));
        Ok(self)
    }

    /// Gives a JSON value to the only start block of the workflow that takes one, as
    /// [`only_document`](Self::only_document) gives a document.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let run = client
    ///     .run("wf_abc123xyz")
    ///     .only_document(Document::path("invoice.pdf"))
    ///     .only_json(&[("customer_id", "cust_123")])?
    ///     // Nothing goes within the request, everything is uploaded first.
    ///     .inline_limit(0)
    ///     .send()
    ///     .await?;
    /// # let _ = run;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where the value has no JSON form.
    pub fn only_json<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self, Error> {
        let value = json_of(value, "the only start block that takes JSON")?;
        self.only_values.push(value);
        Ok(self)
    }

    /// Sets the version that runs; the service takes the one in production where none is set.
    pub fn version(mut self, version: impl Into<Version>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Adds an entry to the run's metadata, in place of an earlier one of this name.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// Sets how large the body of the request may become, in bytes;
    /// [`DEFAULT_INLINE_LIMIT`](Self::DEFAULT_INLINE_LIMIT) by default.
    ///
    /// Up to there the documents go within the request. Beyond, the largest of them are uploaded, until the rest fits,
    /// and the request refers to those; with 0, all of them are.
    pub fn inline_limit(mut self, bytes: u64) -> Self {
        self.inline_limit = bytes;
        self
    }

    /// Starts the run.
    ///
    /// The documents are read while the request is sent, and where it becomes too large, the largest are uploaded first
    /// (see [`inline_limit`](Self::inline_limit)). A clone that is sent after this has failed does not upload again what
    /// has arrived.
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, where a document cannot
    /// be read or a block is given twice; of the same kind, after the blocks were looked up, where an input that names none
    /// fits none or several; and of the same kind where a document changes while it is sent. Otherwise those of a call. After a fault of the connection ([`Transport`](crate::ErrorKind::Transport) or
    /// [`Timeout`](crate::ErrorKind::Timeout)) the run may have been started all the same: look before sending again.
    pub async fn send(mut self) -> Result<Run, Error> {
        self.check_blocks()?;
        self.check_documents().await?;
        self.name_blocks().await?;
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
        let mut body = body.build().map_err(documents::unbuilt)?;
        let embedded = documents::place(
            &self.client,
            &mut body,
            self.documents,
            &self.uploads,
            self.inline_limit,
        )
        .await?;
        let api = self
            .client
            .api()
            .with(RequestOptions::new().with_extension(embedded));
        let response = api.create_workflow_run().body(body).send().await?;
        Ok(Run::created(self.client, response.into_inner()))
    }

    /// Looks at the documents before the service is asked for the blocks of others, or where a stored file is.
    async fn check_documents(&self) -> Result<(), Error> {
        let named = self.documents.iter();
        let named = named.map(|(block, document)| (Some(block), document));
        let only = self.only_documents.iter().map(|document| (None, document));
        let asks = !self.only_documents.is_empty()
            || !self.only_values.is_empty()
            || self
                .documents
                .iter()
                .any(|(_, document)| document.is_stored());
        if !asks {
            // They are looked at before anything is sent in any case.
            return Ok(());
        }
        for (block, document) in named.chain(only) {
            if document.is_stored() {
                continue;
            }
            let looked_at = document.prepare(&self.client).await.map(drop);
            looked_at.map_err(|error| match block {
                Some(block) => error.about(format_args!("the block {block}")),
                None => error,
            })?;
        }
        Ok(())
    }

    /// Looks up the blocks of the inputs that name none.
    async fn name_blocks(&mut self) -> Result<(), Error> {
        if self.only_documents.is_empty() && self.only_values.is_empty() {
            return Ok(());
        }
        let version = self.version.clone().unwrap_or_default();
        let blocks = StartBlocks::of(&self.client, &self.workflow_id, &version).await?;
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
                "the block {} is given twice",
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

fn json_of<T: Serialize + ?Sized>(value: &T, block: &str) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|cause| {
        let message = format!("the value for {block} has no JSON form: {cause}");
        Error::invalid_request(message).caused_by(cause)
    })
}
