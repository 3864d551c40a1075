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
    /// This is the GET operation with the same path, or else with the nearest parent path. Returns `None` for a collection
    /// without a list operation, because the id of a new item is unknown.
    #[must_use]
    pub fn lookup(&self) -> Option<&'static Operation> {
        let readers = || {
            OPERATIONS
                .iter()
                .filter(|reader| reader.method == Method::GET)
        };
        let parent = |path: &&'static str| Some(path.rsplit_once('/')?.0);
        let mut paths = std::iter::successors(Some(self.path), parent);
        let reader = paths.find_map(|path| readers().find(|reader| reader.path == path));
        let is_item = |reader: &&Operation| {
            let item = reader.path.strip_prefix(self.path);
            item.is_some_and(|item| item.starts_with("/{"))
        };
        reader
            .filter(|reader| reader.path == self.path || !readers().any(is_item))
            .copied()
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
        assert_eq!(operations::CREATE_FILE_BLUEPRINT.lookup(), None);
    }
}
