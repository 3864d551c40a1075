//! Outputs of the blocks of a run.

use retab_api::runtime::{Direction, InvalidItem, Paginator};
use retab_api::types::FileRef;
use serde::de::DeserializeOwned;

use super::handle::RunHandle;
use super::payload::{Payload, StepOutputs};
use super::snapshot::Run;
use crate::error::{Error, ErrorKind};
use crate::id::{BlockId, RunId};

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
///     println!("{} returned {:?}", output.block_id(), output.raw());
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
    payload: Result<Payload, InvalidItem>,
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
    /// Returns an error if a request fails. An invalid output is an error only when it is deserialized.
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
        let mut pages = Paginator::new(handle.steps(), Direction::Forwards);
        let mut outputs = Vec::new();
        while let Some(page) = pages.next_raw().await {
            for json in page?.into_inner().data {
                let step = StepOutputs::read(&json).map_err(|cause| {
                    let message = format!("{}: cannot read a step: {cause}", handle.id);
                    Error::new(ErrorKind::UnexpectedResponse, message)
                })?;
                outputs.extend(Output::all_of(step));
            }
        }
        Ok(Self {
            run: handle.id.clone(),
            outputs,
        })
    }

    /// Deserializes the JSON output of a block into `T`.
    ///
    /// `T` is read from the text of the response, so `i128` and decimal types receive every digit of a number.
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
        all.retain(|output| output.raw().is_some() || output.payload.is_err());
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
    fn all_of(step: StepOutputs) -> impl Iterator<Item = Self> {
        let handles = step.handle_outputs.unwrap_or_default();
        handles.into_iter().map(move |(handle, json)| Self {
            block: step.block_id.clone(),
            step: step.step_id.clone(),
            handle,
            payload: Payload::read(&json),
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
        self.payload.as_ref().ok()?.document.as_ref()
    }

    /// Returns the text of the JSON, if the output is JSON.
    ///
    /// The text is unchanged: numbers keep every digit. It is not valid JSON if the block wrote a value that JSON does not
    /// allow, such as `NaN`.
    #[must_use]
    pub fn raw(&self) -> Option<&str> {
        let data = self.payload.as_ref().ok()?.data.as_ref()?;
        Some(data.text())
    }

    /// Deserializes the JSON output into `T`, from the text of the response.
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
    /// Returns an error of the kind [`UnexpectedResponse`](ErrorKind::UnexpectedResponse) if the output is not valid JSON
    /// or does not match `T`. The error names the block, step, handle and JSON path, but contains no value of the JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let payload = self.payload.as_ref().map_err(InvalidItem::clone);
        payload.and_then(Payload::json).map_err(|cause| {
            let message = format!(
                "cannot deserialize the output of the block {}, {}: {cause}",
                self.block,
                self.location()
            );
            Error::new(ErrorKind::UnexpectedResponse, message)
        })
    }

    fn location(&self) -> String {
        format!("step {}, handle {}", self.step, self.handle)
    }
}
