//! Which version of a workflow runs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Which version of a workflow a run uses.
///
/// ```
/// use retab_ext::Version;
///
/// let pinned: Version = "ver_abc123def456".parse()?;
/// assert_eq!(pinned.to_string(), "ver_abc123def456");
/// assert_eq!("draft".parse::<Version>()?, Version::Draft);
/// assert_eq!(Version::default(), Version::Production);
/// # Ok::<(), retab_ext::Error>(())
/// ```
///
/// Its text form, also in serde, is `production`, `draft` or the id of a version; anything else is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum Version {
    /// The version that is published.
    #[default]
    Production,
    /// The present state of the editor, published or not.
    Draft,
    /// One version that never changes.
    Pinned(VersionId),
}

impl Version {
    /// The version of this id, `ver_...`.
    ///
    /// ```
    /// use retab_ext::Version;
    ///
    /// let version = Version::pinned("ver_abc123def456")?;
    /// # let _ = version;
    /// # Ok::<(), retab_ext::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where the text is not the id of a version.
    pub fn pinned(id: &str) -> Result<Self, Error> {
        id.parse().map(Self::Pinned)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Production => f.write_str("production"),
            Self::Draft => f.write_str("draft"),
            Self::Pinned(id) => id.fmt(f),
        }
    }
}

impl FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "production" => Ok(Self::Production),
            "draft" => Ok(Self::Draft),
            id => Self::pinned(id),
        }
    }
}

impl TryFrom<String> for Version {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

impl From<VersionId> for Version {
    fn from(id: VersionId) -> Self {
        Self::Pinned(id)
    }
}

/// The id of one version of a workflow, `ver_...`.
///
/// ```
/// use retab_ext::{Version, VersionId};
///
/// let id: VersionId = "ver_abc123def456".parse()?;
/// assert_eq!(Version::from(id), Version::pinned("ver_abc123def456")?);
/// # Ok::<(), retab_ext::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct VersionId(String);

impl VersionId {
    /// The id as the service writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for VersionId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.strip_prefix("ver_") {
            Some(rest) if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(refusal(text)),
        }
    }
}

impl TryFrom<String> for VersionId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<VersionId> for String {
    fn from(id: VersionId) -> Self {
        id.0
    }
}

fn refusal(text: &str) -> Error {
    let given: String = text.chars().take(40).collect();
    let what = if text.starts_with("wph_") {
        ", which is the record of a publication, not a version"
    } else {
        ""
    };
    Error::invalid_request(format!(
        "the version {given:?}{what}: a version is `production`, `draft` or the id of one, `ver_...`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_survive_text_and_serde() {
        for text in ["production", "draft", "ver_abc123def456"] {
            let version: Version = text.parse().unwrap();
            assert_eq!(version.to_string(), text);
            let json = serde_json::to_string(&version).unwrap();
            assert_eq!(json, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
        }
    }

    #[test]
    fn anything_else_is_refused_naming_the_three_forms() {
        for text in [
            "",
            "Production",
            "latest",
            "ver_",
            "ver_a b",
            "ver_a\n",
            "v1",
            " draft",
        ] {
            let refused = text.parse::<Version>().unwrap_err();
            assert_eq!(refused.kind(), crate::ErrorKind::InvalidRequest);
            for form in ["`production`", "`draft`", "`ver_...`"] {
                assert!(refused.to_string().contains(form), "{refused}");
            }
            assert!(serde_json::from_value::<Version>(text.into()).is_err());
            assert!(serde_json::from_value::<VersionId>(text.into()).is_err());
        }
    }

    #[test]
    fn the_record_of_a_publication_is_refused_with_what_it_is() {
        let refused = "wph_1".parse::<Version>().unwrap_err().to_string();
        assert!(
            refused.contains("\"wph_1\", which is the record of a publication"),
            "{refused}"
        );
    }

    #[test]
    fn a_refusal_is_one_short_line_whatever_was_given() {
        let refused = "x\n"
            .repeat(10_000)
            .parse::<Version>()
            .unwrap_err()
            .to_string();
        assert!(refused.len() < 250 && !refused.contains('\n'), "{refused}");
    }
}
