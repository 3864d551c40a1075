//! Typed ids of the service's resources.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
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

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id! {
    /// The id of a workflow, `wf_...`.
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
    /// client.run(run.id());
    /// # }
    /// ```
    WorkflowId
}

id! {
    /// The id of a workflow run, `run_...`.
    ///
    /// ```
    /// use retab_ext::RunId;
    ///
    /// assert_eq!(RunId::from("run_abc123xyz").to_string(), "run_abc123xyz");
    /// ```
    RunId
}

id! {
    /// The id of a workflow block, such as `start_document-block-1`.
    ///
    /// ```
    /// use retab_ext::BlockId;
    ///
    /// assert_eq!(BlockId::from("start_document-block-1").as_str(), "start_document-block-1");
    /// ```
    BlockId
}

id! {
    /// The id of a stored file, `file_...`.
    ///
    /// ```
    /// use retab_ext::FileId;
    ///
    /// assert_eq!(FileId::from("file_abc123xyz").as_str(), "file_abc123xyz");
    /// ```
    FileId
}
