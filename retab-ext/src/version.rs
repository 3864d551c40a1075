//! Workflow versions.

use std::fmt;
use std::str::FromStr;

use retab_api::BuildError;
use serde::{Deserialize, Serialize, Serializer};

use crate::error::Error;
use crate::id::VersionId;

/// The version of a workflow that a run uses.
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
/// The text and serde representation is `production`, `draft` or a version id, `ver_...`. Other values fail to parse. Defaults
/// to `Production`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum Version {
    /// The published version.
    #[default]
    Production,
    /// The current state in the editor, published or not.
    Draft,
    /// A specific, immutable version.
    Pinned(VersionId),
}

impl Version {
    /// Creates a pinned version from an id, `ver_...`.
    ///
    /// ```
    /// use retab_ext::Version;
    ///
    /// assert_eq!(Version::pinned("ver_abc123def456").to_string(), "ver_abc123def456");
    /// ```
    #[must_use]
    pub fn pinned(id: impl Into<VersionId>) -> Self {
        Self::Pinned(id.into())
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
            id => match id.strip_prefix("ver_") {
                Some(rest)
                    if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic()) =>
                {
                    Ok(Self::pinned(id))
                }
                _ => Err(invalid(id)),
            },
        }
    }
}

impl TryFrom<String> for Version {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The conversion into a parameter of a request. Fails if a pinned id belongs to another resource.
impl TryFrom<Version> for String {
    type Error = BuildError;

    fn try_from(version: Version) -> Result<Self, BuildError> {
        match version {
            Version::Pinned(id) => id.try_into(),
            other => Ok(other.to_string()),
        }
    }
}

impl From<VersionId> for Version {
    fn from(id: VersionId) -> Self {
        Self::Pinned(id)
    }
}

fn invalid(text: &str) -> Error {
    let excerpt: String = text.chars().take(40).collect();
    let reason = if text.starts_with("wph_") {
        "it is the id of a publication, not of a version"
    } else {
        "invalid format"
    };
    Error::invalid_request(format!(
        "cannot parse the version {excerpt:?}: {reason}; use `production`, `draft` or a version id (`ver_...`)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_through_text_and_serde() {
        for text in ["production", "draft", "ver_abc123def456"] {
            let version: Version = text.parse().unwrap();
            assert_eq!(version.to_string(), text);
            let json = serde_json::to_string(&version).unwrap();
            assert_eq!(json, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
        }
    }

    #[test]
    fn rejects_other_values_and_names_valid_forms() {
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
            let error = text.parse::<Version>().unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidRequest);
            for form in ["`production`", "`draft`", "`ver_...`"] {
                assert!(error.to_string().contains(form), "{error}");
            }
            assert!(serde_json::from_value::<Version>(text.into()).is_err());
        }
    }

    #[test]
    fn rejects_publication_id_with_explanation() {
        let error = "wph_1".parse::<Version>().unwrap_err().to_string();
        assert!(
            error.contains("\"wph_1\": it is the id of a publication"),
            "{error}"
        );
    }

    #[test]
    fn error_is_one_short_line_for_any_input() {
        let error = "x\n"
            .repeat(10_000)
            .parse::<Version>()
            .unwrap_err()
            .to_string();
        assert!(error.len() < 250 && !error.contains('\n'), "{error}");
    }
}
