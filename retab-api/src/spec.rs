//! Which revision of the service's document the crate was generated from.

/// A revision of Retab's OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spec {
    /// The day that the revision is of, as `YYYY-MM-DD`.
    pub date: &'static str,
    /// The digest of the vendored document, as `sha256:` and 64 hexadecimal digits.
    pub digest: &'static str,
}
