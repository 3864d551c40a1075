//! Finds the operation that shows the effect of another operation.

use http::Method;

use crate::operations::OPERATIONS;
use crate::runtime::Operation;

impl Operation {
    /// Returns the operation that reads the resource changed by this one.
    ///
    /// ```
    /// use retab_api::operations::{CREATE_WORKFLOW_RUN, PUBLISH_WORKFLOW};
    ///
    /// let reader = |operation: &retab_api::runtime::Operation| Some(operation.lookup()?.id);
    /// assert_eq!(reader(&CREATE_WORKFLOW_RUN), Some("list_workflow_runs"));
    /// assert_eq!(reader(&PUBLISH_WORKFLOW), Some("get_workflow"));
    /// ```
    ///
    /// This is the GET operation with the same path, or else with the nearest parent path.
    #[must_use]
    pub fn lookup(&self) -> Option<&'static Operation> {
        let parent = |path: &&'static str| Some(path.rsplit_once('/')?.0);
        std::iter::successors(Some(self.path), parent).find_map(|path| {
            let is_reader =
                |operation: &&&Operation| operation.method == Method::GET && operation.path == path;
            OPERATIONS.iter().find(is_reader).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::operations;

    #[test]
    fn finds_the_nearest_get_operation() {
        for (operation, reader) in [
            (&operations::CREATE_EXTRACTION_STREAM, "list_extractions"),
            (&operations::COMPLETE_UPLOAD_FILE, "list_files"),
            (&operations::UPDATE_TABLE, "get_table"),
            (&operations::CREATE_SECRET, "list_secrets"),
        ] {
            assert_eq!(operation.lookup().map(|reader| reader.id), Some(reader));
        }
        assert_eq!(operations::CREATE_CONSENSUS.lookup(), None);
    }
}
