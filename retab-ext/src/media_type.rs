//! Detection of a document's media type.

use mime_guess::MimeGuess;

/// The number of leading bytes to inspect. A few kilobytes are enough to distinguish office formats.
pub(crate) const SNIFF_LEN: usize = 8 * 1024;

/// Returns the media type of a document with this name and these leading bytes.
///
/// The bytes take precedence over the extension, except for container formats: office documents are ZIP or OLE files, and
/// SVG images are XML. For those the extension is more specific.
pub(crate) fn of(name: &str, start: &[u8]) -> String {
    let by_name = of_name(name);
    let by_bytes = infer::get(start).map(|kind| kind.mime_type());
    let media_type = match by_bytes {
        Some("application/zip" | "application/x-ole-storage" | "text/xml") => by_name.or(by_bytes),
        Some(_) => by_bytes,
        None => by_name,
    };
    media_type.unwrap_or("application/octet-stream").to_owned()
}

/// Returns the media type for the extension of this name.
pub(crate) fn of_name(name: &str) -> Option<&'static str> {
    MimeGuess::from_path(name).first_raw()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn prefers_leading_bytes_to_extension() {
        assert_eq!(of("scan.txt", b"%PDF-1.7\n"), "application/pdf");
        assert_eq!(of("scan", b"\x89PNG\r\n\x1a\n"), "image/png");
    }

    #[test]
    fn falls_back_to_extension() {
        assert_eq!(of("notes.TXT", b"Total: 12"), "text/plain");
        assert_eq!(of("rows.csv", b"a;b"), "text/csv");
        assert_eq!(of("mail.eml", b"From: a"), "message/rfc822");
    }

    #[test]
    fn prefers_extension_for_container_formats() {
        let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        assert_eq!(of("offer.docx", b"PK\x03\x04"), docx);
        assert_eq!(of("archive", b"PK\x03\x04"), "application/zip");
        assert_eq!(
            of("plan.svg", b"<?xml version=\"1.0\"?><svg/>"),
            "image/svg+xml"
        );
    }

    #[test]
    fn defaults_to_octet_stream() {
        assert_eq!(of("blob", b"\x01\x02"), "application/octet-stream");
        assert_eq!(of("", b""), "application/octet-stream");
    }
}
