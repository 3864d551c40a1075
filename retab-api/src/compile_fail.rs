//! Regression tests for code that must not compile.
//!
//! Enums require a wildcard arm:
//!
//! ```compile_fail,E0004
//! # use retab_api::types::PublicHandlePayloadType;
//! fn is_document(handle: &PublicHandlePayloadType) -> Option<bool> {
//!     match handle {
//!         PublicHandlePayloadType::File => Some(true),
//!         PublicHandlePayloadType::Json => Some(false),
//!         PublicHandlePayloadType::Unknown(_) => None,
//!     }
//! }
//! ```
//!
//! Struct patterns require `..`:
//!
//! ```compile_fail,E0638
//! # use retab_api::types::ListMetadata;
//! fn next(ListMetadata { after, before }: ListMetadata) -> Option<String> {
//!     after
//! }
//! ```
//!
//! Unknown values and variants cannot be constructed:
//!
//! ```compile_fail,E0277
//! # use retab_api::types::BlockType;
//! let block = BlockType::Unknown("extrakt".into());
//! ```
//!
//! ```compile_fail,E0277
//! # use retab_api::types::WorkflowRunLifecycle;
//! let lifecycle = WorkflowRunLifecycle::Unknown(serde_json::Value::Null.into());
//! ```
//!
//! ```compile_fail,E0624
//! # use retab_api::runtime::UnknownValue;
//! let value = UnknownValue::new(serde_json::Value::Null);
//! ```
