//! Operation builders: read from progenitor's output and emitted as setters over the runtime.
//!
//! progenitor chooses the types that setters accept. Its `send` is not used: it formats the URL,
//! matches statuses exactly, adds a header that must not be sent, and reads the body where the
//! executor cannot retry. Instead, each builder is emitted as setters over one `runtime::Call`, so
//! that all operations share one path through the runtime. progenitor rejects some bodies, such as
//! `multipart/form-data`. Setters for their parts are added here.

mod model;
mod print;
mod read;

pub(super) use self::model::{OperationBuilder, Response, Setter, Target};
pub(super) use self::read::read;
