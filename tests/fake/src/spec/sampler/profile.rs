//! Which of the possible values are drawn.

/// Selects which of the possible values a sampler draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// Required values only.
    Minimal,
    /// Every property, never null, and no empty arrays.
    Full,
    /// Every property, null wherever the schema allows it.
    Nulls,
    /// Shortest and longest strings, smallest and largest numbers.
    Edges,
    /// Any valid value. Unions always have their tag.
    Varied,
    /// Values that a newer version of the service could return, even if they violate the schema.
    ///
    /// They include unknown enum values, union tags and properties, null for optional properties, timestamps without an
    /// offset, and unions without a tag, which can match several variants. For requests, same as [`Varied`](Self::Varied).
    Newer,
}
