//! The name of a document without its folders, and the name of a file that a server has chosen.

/// The name without folders, be they written with `/` or with `\`; `None` where nothing is left.
pub(crate) fn without_folders(name: &str) -> Option<&str> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    (!matches!(name, "" | "." | "..")).then_some(name)
}

/// The last part of the path of a URL, decoded.
pub(crate) fn of_url(url: &url::Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    let decoded = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    without_folders(&decoded).map(ToOwned::to_owned)
}

/// The usual extension of a media type that documents have.
///
/// `mime_guess` knows more of them, and names none the usual one.
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

/// How many bytes of a name that a server has chosen are used; file systems take 255.
const LONGEST: usize = 200;

/// Names that Windows keeps for devices, whatever their extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// A name of one file in one folder, whatever the server has called it.
///
/// It has no folders, is not hidden, and has no characters that a file system gives a meaning to.
pub(crate) fn of_server(name: &str) -> String {
    let name = without_folders(name).unwrap_or_default();
    let harmless = |c: char| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let name: String = name.chars().map(harmless).collect();
    let name = name
        .trim_start_matches('.')
        .trim()
        .trim_end_matches(['.', ' ']);
    let (stem, extension) = split(name);
    let room = LONGEST.saturating_sub(extension.len());
    let room = (0..=room).rev().find(|end| stem.is_char_boundary(*end));
    let stem = room.and_then(|end| stem.get(..end)).unwrap_or(stem);
    match stem {
        "" if extension.is_empty() => "document".to_owned(),
        stem if is_device(stem) => format!("_{stem}{extension}"),
        stem => format!("{stem}{extension}"),
    }
}

/// The name as it is, and then with a number, for where it is taken.
pub(crate) fn numbered(name: String) -> impl Iterator<Item = String> {
    let (stem, extension) = split(&name);
    let (stem, extension) = (stem.to_owned(), extension.to_owned());
    let numbered = (2..10_000).map(move |number| format!("{stem} ({number}){extension}"));
    std::iter::once(name).chain(numbered)
}

/// The name without its extension, and the extension with its dot.
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
    fn a_name_that_a_server_has_chosen_is_one_file_in_the_folder() {
        for (name, used) in [
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
            assert_eq!(of_server(name), used, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension_and_whole_characters() {
        let name = of_server(&format!("{}.pdf", "ü".repeat(300)));
        assert!(name.ends_with("ü.pdf") && name.len() <= LONGEST, "{name}");
        let name = of_server(&format!("a.{}", "ü".repeat(300)));
        assert!(name.starts_with("a.ü") && name.len() <= LONGEST, "{name}");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number_before_its_extension() {
        let names: Vec<_> = numbered("a.pdf".to_owned()).take(3).collect();
        assert_eq!(names, ["a.pdf", "a (2).pdf", "a (3).pdf"]);
        assert_eq!(numbered("a".to_owned()).nth(1).unwrap(), "a (2)");
    }

    #[test]
    fn a_name_loses_its_folders_and_keeps_its_extension() {
        for (name, kept) in [
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
            assert_eq!(without_folders(name), kept, "{name}");
        }
    }

    #[test]
    fn the_name_in_a_url_is_the_end_of_its_path() {
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
            assert_eq!(of_url(&url).as_deref(), name, "{url}");
        }
    }

    #[test]
    fn an_extension_is_the_usual_one() {
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
