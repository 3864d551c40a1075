//! Outputs of the blocks of a run.

use std::fmt;

use futures_util::TryStreamExt as _;
use retab_api::runtime::{ListItem, Redacted};
use retab_api::types::{FileRef, PublicHandlePayload, WorkflowStep};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::handle::RunHandle;
use super::snapshot::Run;
use crate::error::{Error, ErrorKind};
use crate::id::{BlockId, RunId};
use crate::pagination::List as _;

/// The outputs of a run, by block id.
///
/// ```
/// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
/// #[derive(serde::Deserialize)]
/// struct Invoice {
///     total: f64,
/// }
///
/// let outputs = run.outputs().await?;
/// let invoice: Invoice = outputs.get("extract-block-1")?;
/// println!("{}", invoice.total);
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows the location of each output, but not its content.
#[derive(Clone, Debug)]
pub struct Outputs {
    run: RunId,
    outputs: Vec<Output>,
}

/// An output of one step: JSON or a file.
///
/// ```
/// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
/// use retab_ext::FileId;
///
/// for output in run.outputs().await?.of("for-each-block-1") {
///     match output.file() {
///         Some(file) => println!("{} in {}", file.filename, FileId::from(&file.id)),
///         None => println!("step {}, handle {}: JSON", output.step_id(), output.handle()),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// All outputs of a run, files and JSON alike:
///
/// ```
/// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
/// for output in run.outputs().await?.iter() {
///     println!("{} returned {:?}", output.block_id(), output.value().map(ToString::to_string));
/// }
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows the location of the output, but not its content.
#[derive(Clone, Debug)]
pub struct Output {
    block: BlockId,
    step: String,
    handle: String,
    payload: Redacted<PublicHandlePayload>,
}

impl RunHandle {
    /// Reads the outputs that the run has produced so far.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Invoice {
    ///     total: f64,
    /// }
    ///
    /// let outputs = client.run("run_abc123xyz").outputs().await?;
    /// let invoice: Invoice = outputs.get("extract-block-1")?;
    /// println!("{}", invoice.total);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if a request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the read. The run is not affected.
    pub async fn outputs(&self) -> Result<Outputs, Error> {
        Outputs::read(self).await
    }
}

impl Run {
    /// Reads the outputs that the run has produced so far: see [`RunHandle::outputs`].
    ///
    /// # Errors
    /// Returns an error if a request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the read. The run is not affected.
    pub async fn outputs(&self) -> Result<Outputs, Error> {
        self.handle.outputs().await
    }
}

impl Outputs {
    pub(super) async fn read(handle: &RunHandle) -> Result<Self, Error> {
        let mut steps = handle.steps().items();
        let mut outputs = Vec::new();
        while let Some(step) = steps.try_next().await? {
            outputs.extend(Output::all_of(step));
        }
        Ok(Self {
            run: handle.id.clone(),
            outputs,
        })
    }

    /// Deserializes the JSON output of a block into `T`.
    ///
    /// Ignores file outputs. If a block returns JSON more than once, in a loop or from several handles, use
    /// [`of`](Self::of) to access each output.
    ///
    /// # Errors
    /// Returns an error of the kind [`UnexpectedResponse`](ErrorKind::UnexpectedResponse) that names the block if it
    /// returned no JSON, returned JSON more than once, or if the JSON does not match `T`. In the last case the error
    /// contains the JSON path.
    pub fn get<T: DeserializeOwned>(&self, block: impl Into<BlockId>) -> Result<T, Error> {
        let block = block.into();
        let mut all = self.of(&block);
        all.retain(|output| output.value().is_some());
        match all[..] {
            [output] => output.json().map_err(|error| error.about(&self.run)),
            [] => Err(self.read_error(&block, "it returned no JSON")),
            _ => {
                let locations: Vec<String> = all.iter().map(|output| output.location()).collect();
                let reason = format!(
                    "it returned JSON {} times ({}); use `Outputs::of` to access each output",
                    all.len(),
                    locations.join("; ")
                );
                Err(self.read_error(&block, &reason))
            }
        }
    }

    /// Returns all outputs of a block in step order.
    #[must_use]
    pub fn of(&self, block: impl Into<BlockId>) -> Vec<&Output> {
        let block = block.into();
        self.iter().filter(|output| output.block == block).collect()
    }

    /// Returns an iterator over all outputs of the run in step order.
    pub fn iter(&self) -> impl Iterator<Item = &Output> {
        self.outputs.iter()
    }

    fn read_error(&self, block: &BlockId, reason: &str) -> Error {
        let message = format!(
            "{}: cannot read the output of the block {block}: {reason}",
            self.run
        );
        Error::new(ErrorKind::UnexpectedResponse, message)
    }
}

impl Output {
    fn all_of(step: WorkflowStep) -> impl Iterator<Item = Self> {
        let handles = step.handle_outputs.unwrap_or_default();
        handles.into_iter().map(move |(handle, payload)| Self {
            block: BlockId::from(&step.block_id),
            step: step.step_id.clone(),
            handle,
            payload: Redacted(payload),
        })
    }

    /// Returns the id of the block.
    #[must_use]
    pub fn block_id(&self) -> &BlockId {
        &self.block
    }

    /// Returns the id of the step. Each iteration of a loop is a separate step.
    #[must_use]
    pub fn step_id(&self) -> &str {
        &self.step
    }

    /// Returns the handle of the block that the output belongs to.
    #[must_use]
    pub fn handle(&self) -> &str {
        &self.handle
    }

    /// Returns the file, if the output is one.
    ///
    /// Pass its id to [`Document::file`](crate::Document::file) or [`Client::file`](crate::Client::file).
    #[must_use]
    pub fn file(&self) -> Option<&FileRef> {
        self.payload.document.as_ref()
    }

    /// Returns the raw JSON, if the output is JSON.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.payload.data.as_ref()
    }

    /// Deserializes the JSON output into `T`.
    ///
    /// ```
    /// # fn demo(output: retab_ext::Output) -> Result<(), retab_ext::Error> {
    /// let totals: Vec<f64> = output.json()?;
    /// println!("{totals:?}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error of the kind [`UnexpectedResponse`](ErrorKind::UnexpectedResponse) if the JSON does not match
    /// `T`. The error names the block, step, handle and JSON path, but contains no value of the JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let text = self.value().unwrap_or(&Value::Null).to_string();
        let decode_error = |cause: &dyn fmt::Display| {
            let message = format!(
                "cannot deserialize the output of the block {}, {}: {cause}",
                self.block,
                self.location()
            );
            Error::new(ErrorKind::UnexpectedResponse, message)
        };
        match serde_json::from_str(&text) {
            Ok(ListItem::Valid(value)) => Ok(value),
            Ok(ListItem::Invalid(invalid)) => Err(decode_error(&invalid)),
            Err(cause) => Err(decode_error(&cause)),
        }
    }

    fn location(&self) -> String {
        format!("step {}, handle {}", self.step, self.handle)
    }
}
