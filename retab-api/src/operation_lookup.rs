//! Where to look for what an operation did.

use http::Method;

use crate::operations::OPERATIONS;
use crate::runtime::Operation;

impl Operation {
    /// The operation of the document that reads what this one changes: the GET of the same path, else of the nearest path
    /// above it.
    ///
    /// ```
    /// use retab_api::operations::{CREATE_WORKFLOW_RUN, PUBLISH_WORKFLOW};
    ///
    /// let reader = |operation: &retab_api::runtime::Operation| Some(operation.lookup()?.id);
    /// assert_eq!(reader(&CREATE_WORKFLOW_RUN), Some("list_workflow_runs"));
    /// assert_eq!(reader(&PUBLISH_WORKFLOW), Some("get_workflow"));
    /// ```
    #[must_use]
    pub fn lookup(&self) -> Option<&'static Operation> {
        let above = |path: &&'static str| Some(path.rsplit_once('/')?.0);
        std::iter::successors(Some(self.path), above).find_map(|path| {
            let reads =
                |operation: &&&Operation| operation.method == Method::GET && operation.path == path;
            OPERATIONS.iter().find(reads).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::operations;

    #[test]
    fn the_nearest_get_reads_what_an_operation_changes() {
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
