//! The revision of the spec that the crate was generated from.

/// A revision of Retab's OpenAPI spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spec {
    /// The date of the revision, as `YYYY-MM-DD`.
    pub date: &'static str,
    /// The digest of the vendored spec, as `sha256:` and 64 hexadecimal digits.
    pub digest: &'static str,
}
