//! Run IDs.

/// Formats the ID of a run.
pub(super) fn format_id(number: usize) -> String {
    format!("run_{number:06}")
}

/// Parses the number in a run ID.
pub(super) fn parse_id(id: &str) -> Option<usize> {
    let number = id.strip_prefix("run_")?.parse().ok()?;
    (format_id(number) == id).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_only_canonical_ids() {
        assert_eq!(parse_id("run_000002"), Some(2));
        assert_eq!(parse_id("run_2"), None);
    }
}
