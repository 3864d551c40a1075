//! What the blocks of a run have given.

use std::fmt;

use futures_util::TryStreamExt as _;
use retab_api::runtime::ListItem;
use retab_api::types::{FileRef, PublicHandlePayload, WorkflowStep};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::handle::RunHandle;
use super::snapshot::Run;
use crate::error::{Error, ErrorKind};
use crate::id::{BlockId, RunId};
use crate::pagination::List as _;

/// What the blocks of a run have given, by the id of the block.
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
/// `Debug` shows where there are outputs, and nothing of them.
#[derive(Clone, Debug)]
pub struct Outputs {
    run: RunId,
    outputs: Vec<Output>,
}

/// What one step has given by one of its handles: JSON or a file.
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
/// All of a run, files and JSON alike:
///
/// ```
/// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
/// for output in run.outputs().await?.iter() {
///     println!("{} has given {:?}", output.block_id(), output.value().map(ToString::to_string));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Output {
    block: BlockId,
    step: String,
    handle: String,
    payload: PublicHandlePayload,
}

impl RunHandle {
    /// What the blocks have given so far, by the id of the block.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Invoice {
    ///     total: f64,
    /// }
    ///
    /// let outputs = client.runs().handle("run_abc123xyz").outputs().await?;
    /// let invoice: Invoice = outputs.get("extract-block-1")?;
    /// println!("{}", invoice.total);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of a call.
    pub async fn outputs(&self) -> Result<Outputs, Error> {
        Outputs::read(self).await
    }
}

impl Run {
    /// What the blocks have given so far, by the id of the block: see [`RunHandle::outputs`].
    ///
    /// # Errors
    /// Those of a call.
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

    /// The JSON that a block has given, as a type of yours.
    ///
    /// Files that it has given as well are left aside. Where a block has given JSON several times, in a loop or by several
    /// handles, [`of`](Self::of) has each of them.
    ///
    /// # Errors
    /// Of the kind [`UnexpectedResponse`](ErrorKind::UnexpectedResponse), naming the block: where it has given no JSON, or more than one, and with
    /// the path in the JSON where that does not fit the type.
    pub fn get<T: DeserializeOwned>(&self, block: impl Into<BlockId>) -> Result<T, Error> {
        let block = block.into();
        let mut all = self.of(&block);
        all.retain(|output| output.value().is_some());
        match all[..] {
            [output] => output.json().map_err(|error| error.about(&self.run)),
            [] => Err(self.unfit(&block, "has given no JSON")),
            _ => {
                let places: Vec<String> = all.iter().map(|output| output.place()).collect();
                let what = format!("has given JSON {} times: {}", all.len(), places.join("; "));
                Err(self.unfit(&block, &what))
            }
        }
    }

    /// Everything that a block has given, in the order of the steps.
    #[must_use]
    pub fn of(&self, block: impl Into<BlockId>) -> Vec<&Output> {
        let block = block.into();
        self.iter().filter(|output| output.block == block).collect()
    }

    /// Everything that the run has given, in the order of the steps.
    pub fn iter(&self) -> impl Iterator<Item = &Output> {
        self.outputs.iter()
    }

    fn unfit(&self, block: &BlockId, what: &str) -> Error {
        let message = format!("{}: the block {block} {what}", self.run);
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
            payload,
        })
    }

    /// The block that has given it.
    #[must_use]
    pub fn block_id(&self) -> &BlockId {
        &self.block
    }

    /// The step in which the block has given it; each iteration of a loop has one of its own.
    #[must_use]
    pub fn step_id(&self) -> &str {
        &self.step
    }

    /// The handle by which the block has given it.
    #[must_use]
    pub fn handle(&self) -> &str {
        &self.handle
    }

    /// The file, where it is one. [`Document::file`](crate::Document::file) and
    /// [`Files::download`](crate::Files::download) take its id.
    #[must_use]
    pub fn file(&self) -> Option<&FileRef> {
        self.payload.document.as_ref()
    }

    /// The JSON as it came, where it is JSON.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.payload.data.as_ref()
    }

    /// The JSON as a type of yours.
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
    /// Of the kind [`UnexpectedResponse`](ErrorKind::UnexpectedResponse): with block, step, handle and the path in the JSON where it does not fit
    /// the type. What the JSON says does not stand in the error.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let text = self.value().unwrap_or(&Value::Null).to_string();
        let unread = |cause: &dyn fmt::Display| {
            let message = format!("the output of the block {}, {}", self.block, self.place());
            Error::new(ErrorKind::UnexpectedResponse, format!("{message}: {cause}"))
        };
        match serde_json::from_str(&text) {
            Ok(ListItem::Valid(value)) => Ok(value),
            Ok(ListItem::Invalid(invalid)) => Err(unread(&invalid)),
            Err(cause) => Err(unread(&cause)),
        }
    }

    fn place(&self) -> String {
        format!("step {}, handle {}", self.step, self.handle)
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("block_id", &self.block.as_str())
            .field("step_id", &self.step)
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}
