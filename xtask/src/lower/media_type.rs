//! Media type parsing.

/// Returns the lowercase type and subtype: `Text/CSV; charset=utf-8` becomes `text/csv`.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a body of this type is a single JSON value; false for JSON streams.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json"
        || essence == "*/*"
        || (essence.ends_with("+json") && essence != "application/stream+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_json_from_streams_and_text() {
        assert!(is_json("application/json; charset=utf-8"));
        assert!(is_json("application/problem+json"));
        assert!(!is_json("application/stream+json"));
        assert!(!is_json("text/csv"));
        assert_eq!(essence("Text/CSV; charset=utf-8"), "text/csv");
    }
}
