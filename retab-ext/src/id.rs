//! Typed ids of the service's resources.

use std::fmt;

use retab_api::BuildError;
use serde::{Deserialize, Serialize};

/// The known prefixes of ids and what they belong to.
const PREFIXES: [(&str, &str); 10] = [
    ("evt_", "a webhook event"),
    ("extr_", "an extraction"),
    ("file_", "a file"),
    ("rt_", "an API key"),
    ("run_", "a run"),
    ("rvr_", "a review version"),
    ("ver_", "a workflow version"),
    ("wf_", "a workflow"),
    ("wph_", "a publication"),
    ("wrk_", "a workflow"),
];

/// Rejects an id with the known prefix of another resource than `expected`.
///
/// The error contains the prefix only, because a misplaced id may be an API key.
fn check(id: &str, expected: &str) -> Result<(), BuildError> {
    let mut prefixes = PREFIXES.iter();
    match prefixes.find(|(prefix, _)| id.starts_with(prefix)) {
        Some((prefix, owner)) if *owner != expected => Err(BuildError::new(format!(
            "the id `{prefix}...` belongs to {owner}, not to {expected}"
        ))),
        _ => Ok(()),
    }
}

/// Defines an id: a string with a type.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the id as a string slice.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&String> for $name {
            fn from(id: &String) -> Self {
                Self(id.clone())
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }
    };
}

/// Defines an id that is checked when a request is built: it must not belong to another resource.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $resource:literal) => {
        text_id! {
            $(#[$doc])*
            $name
        }

        impl $name {
            /// Rejects an id with the known prefix of another resource.
            pub(crate) fn check(&self) -> Result<(), BuildError> {
                check(&self.0, $resource)
            }
        }

        /// The conversion into a parameter of a request. Fails if the id belongs to another resource.
        impl TryFrom<&$name> for String {
            type Error = BuildError;

            fn try_from(id: &$name) -> Result<Self, BuildError> {
                id.check()?;
                Ok(id.0.clone())
            }
        }

        /// The conversion into a parameter of a request. Fails if the id belongs to another resource.
        impl TryFrom<$name> for String {
            type Error = BuildError;

            fn try_from(id: $name) -> Result<Self, BuildError> {
                Self::try_from(&id)
            }
        }
    };
}

id! {
    /// The id of a workflow, `wf_...` or `wrk_...`.
    ///
    /// ```
    /// use retab_ext::WorkflowId;
    ///
    /// assert_eq!(WorkflowId::from("wf_abc123xyz").as_str(), "wf_abc123xyz");
    /// ```
    ///
    /// Strings convert into an id, ids of another type do not:
    ///
    /// ```compile_fail,E0277
    /// # fn start(client: &retab_ext::Client, run: &retab_ext::Run) {
    /// client.workflow(run.id());
    /// # }
    /// ```
    WorkflowId, "a workflow"
}

id! {
    /// The id of a workflow run, `run_...`.
    ///
    /// ```
    /// use retab_ext::RunId;
    ///
    /// assert_eq!(RunId::from("run_abc123xyz").to_string(), "run_abc123xyz");
    /// ```
    RunId, "a run"
}

id! {
    /// The id of a workflow version, `ver_...`.
    ///
    /// ```
    /// use retab_ext::{Version, VersionId};
    ///
    /// let id = VersionId::from("ver_abc123def456");
    /// assert_eq!(Version::from(id), Version::pinned("ver_abc123def456"));
    /// ```
    VersionId, "a workflow version"
}

id! {
    /// The id of a stored file, `file_...`.
    ///
    /// ```
    /// use retab_ext::FileId;
    ///
    /// assert_eq!(FileId::from("file_abc123xyz").as_str(), "file_abc123xyz");
    /// ```
    FileId, "a file"
}

text_id! {
    /// The id of a workflow block, such as `start_document-block-1`: any text.
    ///
    /// ```
    /// use retab_ext::BlockId;
    ///
    /// assert_eq!(BlockId::from("start_document-block-1").as_str(), "start_document-block-1");
    /// ```
    BlockId
}

impl From<BlockId> for String {
    fn from(id: BlockId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_known_prefixes_of_other_resources_only() {
        for id in [
            "wf_1",
            "wrk_1",
            "workflow_1",
            "WF_1",
            "wf",
            "1",
            "",
            "runs_1",
        ] {
            WorkflowId::from(id).check().unwrap();
        }
        for (prefix, owner) in PREFIXES {
            let id = format!("{prefix}hunter2");
            let result = [
                (WorkflowId::from(&id).check(), "a workflow"),
                (RunId::from(&id).check(), "a run"),
                (VersionId::from(&id).check(), "a workflow version"),
                (FileId::from(&id).check(), "a file"),
            ];
            for (result, expected) in result {
                assert_eq!(result.is_ok(), owner == expected, "{id} as {expected}");
                if let Err(error) = result {
                    let message =
                        format!("the id `{prefix}...` belongs to {owner}, not to {expected}");
                    assert_eq!(error.to_string(), message);
                }
            }
        }
    }
}
