//! What the document says, for tests: every operation, values drawn from its schemas, a check of what arrives, and a
//! comparison of what was drawn with what came back.
//!
//! All of it reads the OpenAPI document as JSON and knows nothing else, so that a client and its tests cannot be wrong
//! in the same way.
//!
//! ```
//! use retab_fake::spec::{Checker, Spec, Profile, Sampler};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let document = Spec::new(json!({
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
//! let operations = document.operations();
//! let mut sampler = Sampler::for_responses(&document, 7);
//! let run = sampler.draw(&operations[0].answers[0].schema, Profile::Full);
//! assert!(Checker::new(&document)?.violations(&operations[0].answers[0].schema, &run)?.is_empty());
//! # Ok(())
//! # }
//! ```

mod checker;
mod comparison;
mod coverage;
mod description;
mod form;
mod sampler;
mod schema;
mod text;
mod vendored;
mod violation;

pub use checker::Checker;
pub use comparison::{MeaningfulNulls, argument_differences, differences};
pub use coverage::Coverage;
pub use description::{Body, Location, Operation, Parameter, Response, Spec};
pub use sampler::{Profile, Sampler};
pub use schema::Schema;
pub use vendored::{Vendored, vendored};
pub use violation::{Violation, ViolationKind};
