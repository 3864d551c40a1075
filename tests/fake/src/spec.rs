//! The spec as data: operations, sampling, validation and comparison.
//!
//! Everything here reads the OpenAPI spec as plain JSON and shares no code with the client, so that both cannot contain
//! the same error.
//!
//! ```
//! use retab_fake::spec::{Checker, Spec, Profile, Sampler};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let spec = Spec::new(json!({
//!     "openapi": "3.1.0",
//!     "paths": {"/v1/runs/{run_id}": {"get": {
//!         "operationId": "get_run",
//!         "parameters": [{"name": "run_id", "in": "path", "required": true, "schema": {"type": "string"}}],
//!         "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Run"}}}}},
//!     }}},
//!     "components": {"schemas": {"Run": {
//!         "type": "object",
//!         "required": ["status"],
//!         "properties": {"status": {"enum": ["running", "completed"]}},
//!     }}},
//! }));
//! let operations = spec.operations();
//! let schema = operations[0].responses[0].schema;
//! let run = Sampler::for_responses(&spec, 7).draw(&schema, Profile::Full);
//! assert!(Checker::new(&spec)?.violations(&schema, &run)?.is_empty());
//! # Ok(())
//! # }
//! ```

mod checker;
mod comparison;
mod coverage;
mod multipart;
mod openapi;
mod operation;
mod sampler;
mod schema;
mod vendored;
mod violation;

pub use checker::Checker;
pub use comparison::{MeaningfulNulls, argument_differences, differences};
pub use coverage::Coverage;
pub use openapi::Spec;
pub use operation::{Body, Location, Operation, Parameter, Response};
pub use sampler::{Profile, Sampler};
pub use schema::Schema;
pub use vendored::{VendoredSpec, vendored};
pub use violation::{Violation, ViolationKind};
