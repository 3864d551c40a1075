//! The media type of a document: by its first bytes, then by the extension of its name.

use mime_guess::MimeGuess;

/// How many of a document's first bytes are looked at; office formats are told apart within a few kilobytes.
pub(crate) const LOOKED_AT: usize = 8 * 1024;

/// The media type of a document of this name that starts with these bytes.
///
/// Some types are a container for others: an office document is also a ZIP file, and an SVG image also XML. Where the
/// first bytes say only that, the extension says more.
pub(crate) fn of(name: &str, start: &[u8]) -> String {
    let by_name = of_name(name);
    let by_bytes = infer::get(start).map(|found| found.mime_type());
    let found = match by_bytes {
        Some("application/zip" | "application/x-ole-storage" | "text/xml") => by_name.or(by_bytes),
        Some(_) => by_bytes,
        None => by_name,
    };
    found.unwrap_or("application/octet-stream").to_owned()
}

/// The media type that the extension of this name says.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    MimeGuess::from_path(name).first_raw()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_first_bytes_come_before_the_extension() {
        assert_eq!(of("scan.txt", b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(of("scan", b"\x89PNG\r\n\x1a\n"), "image/png");
    }

    #[test]
    fn the_extension_decides_where_the_bytes_say_nothing() {
        assert_eq!(of("notes.TXT", b"Total: 12"), "text/plain");
        assert_eq!(of("rows.csv", b"a;b"), "text/csv");
        assert_eq!(of("mail.eml", b"From: a"), "message/rfc822");
    }

    #[test]
    fn the_extension_decides_within_a_container() {
        let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assert_eq!(of("offer.docx", b"PK\x03\x04"), docx);
        assert_eq!(of("archive", b"PK\x03\x04"), "application/zip");
        assert_eq!(
            of("plan.svg", b"<?xml version=\"1.0\"?><svg/>"),
            "image/svg+xml"
        );
    }

    #[test]
    fn what_nothing_tells_is_a_row_of_bytes() {
        assert_eq!(of("blob", b"\x01\x02"), "application/octet-stream");
        assert_eq!(of("", b""), "application/octet-stream");
    }
}
