//! Workflow runs: builders, handles, snapshots, polling, outputs and cancellation.

mod cancellation;
mod documents;
mod handle;
mod outcome;
mod outputs;
mod payload;
mod poller;
mod polling;
mod read;
mod request;
mod snapshot;
mod start_blocks;
mod waiting;

pub use cancellation::{Cancellation, CancellationStatus};
pub use handle::RunHandle;
pub use outcome::{Failure, Outcome};
pub use outputs::{Output, Outputs};
pub use polling::Polling;
pub use request::RunRequest;
pub use snapshot::Run;
