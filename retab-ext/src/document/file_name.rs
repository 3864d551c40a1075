//! File names: base names, extensions, and sanitized names from a server.

/// Returns the name without folders, separated by `/` or `\`, or `None` if no name is left.
pub(crate) fn base_name(name: &str) -> Option<&str> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    (!matches!(name, "" | "." | "..")).then_some(name)
}

/// Returns the decoded last path segment of a URL.
pub(crate) fn from_url(url: &url::Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    let decoded = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    base_name(&decoded).map(ToOwned::to_owned)
}

/// Returns the usual extension for the media type of a document.
///
/// `mime_guess` lists several extensions per media type without a preferred one.
pub(crate) fn extension(media_type: &str) -> Option<&'static str> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    Some(match essence {
        "application/json" => "json",
        "application/msword" => "doc",
        "application/pdf" => "pdf",
        "application/rtf" | "text/rtf" => "rtf",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/xml" | "text/xml" => "xml",
        "application/zip" => "zip",
        "image/bmp" => "bmp",
        "image/gif" => "gif",
        "image/heic" => "heic",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/svg+xml" => "svg",
        "image/tiff" => "tiff",
        "image/webp" => "webp",
        "message/rfc822" => "eml",
        "text/csv" => "csv",
        "text/html" => "html",
        "text/markdown" => "md",
        "text/plain" => "txt",
        _ => return None,
    })
}

/// The maximum length in bytes of a file name chosen by a server. File systems allow 255.
const MAX_LENGTH: usize = 200;

/// File names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Returns a safe file name for a name chosen by a server.
///
/// The result has no folders, is not hidden, and has no characters that are special to a file system.
pub(crate) fn sanitize(name: &str) -> String {
    let name = base_name(name).unwrap_or_default();
    let replace_special = |c: char| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let name: String = name.chars().map(replace_special).collect();
    let name = name
        .trim_start_matches('.')
        .trim()
        .trim_end_matches(['.', ' ']);
    let (stem, extension) = split(name);
    let room = MAX_LENGTH.saturating_sub(extension.len());
    let room = (0..=room).rev().find(|end| stem.is_char_boundary(*end));
    let stem = room.and_then(|end| stem.get(..end)).unwrap_or(stem);
    match stem {
        "" if extension.is_empty() => "document".to_owned(),
        stem if is_device(stem) => format!("_{stem}{extension}"),
        stem => format!("{stem}{extension}"),
    }
}

/// Returns the name itself, then numbered variants for use if the name is taken.
pub(crate) fn candidates(name: String) -> impl Iterator<Item = String> {
    let (stem, extension) = split(&name);
    let (stem, extension) = (stem.to_owned(), extension.to_owned());
    let numbered = (2..10_000).map(move |number| format!("{stem} ({number}){extension}"));
    std::iter::once(name).chain(numbered)
}

/// Splits a name into its stem and its extension, which includes the dot.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    }
}

fn is_device(stem: &str) -> bool {
    let stem = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    DEVICES.contains(&letters) && stem.len() - letters.len() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanitizes_server_names() {
        for (name, sanitized) in [
            ("invoice.pdf", "invoice.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"..\..\evil.exe", "evil.exe"),
            ("/etc/cron.d/job", "job"),
            ("C:evil.txt", "C_evil.txt"),
            ("a:stream", "a_stream"),
            (".bashrc", "bashrc"),
            ("..", "document"),
            ("...", "document"),
            ("", "document"),
            ("a/", "document"),
            ("a\0b\nc.pdf", "a_b_c.pdf"),
            ("trailing. . ", "trailing"),
            ("nul", "_nul"),
            ("COM1.txt", "_COM1.txt"),
            ("console.txt", "console.txt"),
            ("grüße 2026.pdf", "grüße 2026.pdf"),
        ] {
            assert_eq!(sanitize(name), sanitized, "{name:?}");
        }
    }

    #[test]
    fn truncates_long_names_at_character_boundaries_and_keeps_extension() {
        let name = sanitize(&format!("{}.pdf", "ü".repeat(300)));
        assert!(
            name.ends_with("ü.pdf") && name.len() <= MAX_LENGTH,
            "{name}"
        );
        let name = sanitize(&format!("a.{}", "ü".repeat(300)));
        assert!(
            name.starts_with("a.ü") && name.len() <= MAX_LENGTH,
            "{name}"
        );
    }

    #[test]
    fn numbers_candidates_before_the_extension() {
        let names: Vec<_> = candidates("a.pdf".to_owned()).take(3).collect();
        assert_eq!(names, ["a.pdf", "a (2).pdf", "a (3).pdf"]);
        assert_eq!(candidates("a".to_owned()).nth(1).unwrap(), "a (2)");
    }

    #[test]
    fn base_name_drops_folders_and_keeps_extension() {
        for (name, expected) in [
            ("invoice.pdf", Some("invoice.pdf")),
            ("a/b/invoice.pdf", Some("invoice.pdf")),
            (r"C:\Users\me\invoice.tar.gz", Some("invoice.tar.gz")),
            (r"mixed/of\both.pdf", Some("both.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("grüße.pdf", Some("grüße.pdf")),
            (".hidden", Some(".hidden")),
            ("", None),
            ("folder/", None),
            ("..", None),
            (r"a\.", None),
        ] {
            assert_eq!(base_name(name), expected, "{name}");
        }
    }

    #[test]
    fn url_name_is_last_path_segment() {
        for (url, name) in [
            (
                "https://a.example/b/gr%C3%BC%C3%9Fe.pdf?sig=1#x",
                Some("grüße.pdf"),
            ),
            ("https://a.example/..%2F..%2Fpasswd", Some("passwd")),
            ("gs://bucket/scan.tiff", Some("scan.tiff")),
            ("https://a.example/", None),
        ] {
            let url = url::Url::parse(url).unwrap();
            assert_eq!(from_url(&url).as_deref(), name, "{url}");
        }
    }

    #[test]
    fn maps_media_types_to_usual_extensions() {
        for (media_type, expected) in [
            ("text/plain; charset=utf-8", Some("txt")),
            ("image/jpeg", Some("jpg")),
            ("image/png", Some("png")),
            ("text/csv", Some("csv")),
            ("application/octet-stream", None),
            ("no media type", None),
        ] {
            assert_eq!(extension(media_type), expected, "{media_type}");
        }
    }
}
