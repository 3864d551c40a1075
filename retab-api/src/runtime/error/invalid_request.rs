//! Request errors before the operation is known.

use std::error::Error as StdError;
use std::sync::Arc;

use super::api_error::Error;
use crate::runtime::operation::Operation;

/// The reason why a request cannot be sent. Names parameters, files or headers, never values.
#[derive(Clone, Debug)]
pub(crate) struct InvalidRequest {
    reason: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl InvalidRequest {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            source: None,
        }
    }

    pub(crate) fn because(
        reason: impl Into<String>,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self {
            reason: reason.into(),
            source: Some(Arc::new(source)),
        }
    }

    pub(crate) fn into_error(self, operation: &'static Operation) -> Error {
        let error = Error::invalid_request(operation, self.reason);
        match self.source {
            Some(source) => error.with_source(source),
            None => error,
        }
    }
}
