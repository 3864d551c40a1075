//! What the document says, for tests: every operation, values drawn from its schemas, a check of what arrives, and a
//! comparison of what was drawn with what came back.
//!
//! All of it reads the OpenAPI document as JSON and knows nothing else, so that a client and its tests cannot be wrong
//! in the same way.
//!
//! ```
//! use retab_tests::contract::{Checker, Document, Profile, Sampler};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let document = Document::new(json!({
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
//! let mut sampler = Sampler::of_answers(&document, 7);
//! let run = sampler.draw(&operations[0].answers[0].schema, Profile::Full);
//! assert!(Checker::new(&document)?.mistakes(&operations[0].answers[0].schema, &run)?.is_empty());
//! # Ok(())
//! # }
//! ```

mod checker;
mod comparison;
mod coverage;
mod document;
mod form;
mod mistake;
mod sampler;
mod schema;
mod text;
mod vendored;

pub use checker::Checker;
pub use comparison::{MeaningfulNulls, differences, differences_of_arguments};
pub use coverage::Coverage;
pub use document::{Answer, Body, Document, Location, Operation, Parameter};
pub use mistake::{Mistake, MistakeKind};
pub use sampler::{Profile, Sampler};
pub use schema::Schema;
pub use vendored::{Vendored, vendored};
