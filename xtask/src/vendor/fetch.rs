//! Retrieval of the upstream spec from a file or over HTTPS.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use url::{Host, Url};

use crate::problem::{Problem, Result};

/// The maximum size of a spec: ten times the largest revision so far, and still fast to parse.
const LIMIT: u64 = 16 << 20;
/// The overall timeout of a download, from the DNS lookup to the last byte.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A raw upstream spec.
#[derive(Debug)]
pub(super) struct Upstream {
    /// The file name, or the URL without credentials, query and fragment, which may contain secrets.
    pub(super) name: String,
    /// The raw bytes, decompressed.
    pub(super) bytes: Vec<u8>,
    last_modified: Option<NaiveDate>,
}

/// Reads the spec from the file or URL `from`.
///
/// Plain HTTP is only allowed to loopback hosts, for services under development.
///
/// # Errors
/// Returns an error if the source does not exist, responds with an error status or is larger than 16 MiB.
pub(super) fn fetch(from: &str) -> Result<Upstream> {
    match Url::parse(from) {
        // `C:\api.json` parses as a URL with the scheme `c`.
        Ok(url) if url.has_host() => download(url),
        _ => read(Path::new(from)),
    }
}

impl Upstream {
    /// Returns the date of the revision: from the name, else from `Last-Modified`, else today.
    pub(super) fn date(&self) -> NaiveDate {
        date_in(&self.name)
            .or(self.last_modified)
            .unwrap_or_else(|| Utc::now().date_naive())
    }
}

fn read(path: &Path) -> Result<Upstream> {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
        .map_err(|error| {
            Problem::new(
                path.display(),
                format_args!("cannot read the file: {error}"),
                "pass the path of a readable file or an https:// URL",
            )
        })?;
    if bytes.len() as u64 > LIMIT {
        return Err(too_large(path.display().to_string()));
    }
    Ok(Upstream {
        name,
        bytes,
        last_modified: None,
    })
}

fn download(mut url: Url) -> Result<Upstream> {
    let request = url.clone();
    // These calls only fail for URLs without a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    let name = url.to_string();
    let local = is_this_machine(&request);
    if request.scheme() != "https" && !(request.scheme() == "http" && local) {
        return Err(Problem::new(
            name,
            "cannot fetch the spec: HTTPS is required except for loopback hosts",
            "pass an https:// URL, or download the file and pass its path",
        ));
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .https_only(!local)
        .timeout_global(Some(TIMEOUT))
        .user_agent("retab-xtask")
        .build()
        .into();
    let mut response = agent
        .get(request.as_str())
        .call()
        .map_err(|error| not_fetched(&name, &error))?;
    let last_modified = response
        .headers()
        .get("last-modified")
        .and_then(|value| value.to_str().ok())
        // HTTP dates are a subset of RFC 2822 dates.
        .and_then(|value| DateTime::parse_from_rfc2822(value).ok())
        .map(|moment| moment.to_utc().date_naive());
    let announced = response.body().content_length();
    if announced.is_some_and(|length| length > LIMIT) {
        return Err(too_large(name));
    }
    let body = response.body_mut().with_config().limit(LIMIT);
    let bytes = body.read_to_vec().map_err(|error| match error {
        ureq::Error::BodyExceedsLimit(_) => too_large(name.clone()),
        error => not_fetched(&name, &error),
    })?;
    Ok(Upstream {
        name,
        bytes,
        last_modified,
    })
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn not_fetched(name: &str, error: &ureq::Error) -> Problem {
    let again = match error {
        ureq::Error::StatusCode(status) if *status < 500 && *status != 429 => {
            "check the URL: retrying does not help"
        }
        _ => "retry, or download the file and pass its path",
    };
    Problem::new(name, format_args!("cannot fetch the spec: {error}"), again)
}

fn too_large(place: String) -> Problem {
    Problem::new(
        place,
        format_args!("the file is larger than {} MiB", LIMIT >> 20),
        "check that it is an OpenAPI spec",
    )
}

/// Returns the first `YYYY-MM-DD` date in `name` that is not part of a longer number.
fn date_in(name: &str) -> Option<NaiveDate> {
    let is_digit = |index: usize| name.as_bytes().get(index).is_some_and(u8::is_ascii_digit);
    (0..name.len()).find_map(|start| {
        let end = start + "YYYY-MM-DD".len();
        if is_digit(end) || start.checked_sub(1).is_some_and(is_digit) {
            return None;
        }
        let text = name.get(start..end)?;
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            // The parser also accepts single-digit months and days.
            .filter(|date| date.to_string() == text)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn finds_date_in_name() {
        let found = |name| date_in(name).map(|date| date.to_string());
        assert_eq!(found("2026-08-16.json").as_deref(), Some("2026-08-16"));
        assert_eq!(found("ünï-2026-08-16-b").as_deref(), Some("2026-08-16"));
        assert_eq!(
            found("https://h/a/2026-08-16/x").as_deref(),
            Some("2026-08-16")
        );
        assert_eq!(found("12026-08-16.json"), None);
        assert_eq!(found("2026-08-161.json"), None);
        assert_eq!(found("2026-13-16.json"), None);
        assert_eq!(found("2026-8-16-x.json"), None);
        assert_eq!(found("openapi.json"), None);
    }

    /// Serves `response` to one request on a loopback port.
    fn serve(response: impl Into<Vec<u8>>) -> (String, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let response = response.into();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            // The client closes the connection if the response is too large.
            let _ = stream.write_all(&response);
            String::from_utf8(request).unwrap()
        });
        (authority, server)
    }

    #[test]
    fn download_redacts_secrets_in_name_and_uses_last_modified() {
        let (authority, server) = serve(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\
             Last-Modified: Sun, 16 Aug 2026 23:59:59 GMT\r\n\r\n{}",
        );
        let upstream = fetch(&format!("http://user:word@{authority}/api?key=secret")).unwrap();

        assert!(
            server
                .join()
                .unwrap()
                .starts_with("GET /api?key=secret HTTP/1.1")
        );
        assert_eq!(upstream.name, format!("http://{authority}/api"));
        assert_eq!(upstream.bytes, b"{}");
        assert_eq!(upstream.date().to_string(), "2026-08-16");
    }

    #[test]
    fn failed_download_states_whether_retrying_helps() {
        let (authority, server) = serve("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        let problem = fetch(&format!("http://{authority}/api"))
            .unwrap_err()
            .to_string();
        server.join().unwrap();

        assert!(problem.contains("404"), "{problem}");
        assert!(
            problem.ends_with("check the URL: retrying does not help"),
            "{problem}"
        );
    }

    #[test]
    fn rejects_download_over_size_limit() {
        let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{".to_vec();
        let mut unannounced = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        unannounced.resize(unannounced.len() + (16 << 20) + 1, b' ');

        for response in [announced, unannounced] {
            let (authority, server) = serve(response);
            let problem = fetch(&format!("http://{authority}/api"))
                .unwrap_err()
                .to_string();
            server.join().unwrap();
            assert!(problem.contains("larger than 16 MiB"), "{problem}");
        }
    }

    #[test]
    fn rejects_plain_http_to_remote_host_before_sending() {
        let problem = fetch("http://retab.invalid/openapi.json")
            .unwrap_err()
            .to_string();
        assert!(problem.contains("HTTPS is required"), "{problem}");
    }

    #[test]
    fn error_names_missing_file() {
        let problem = fetch("no/such/openapi.json").unwrap_err().to_string();
        assert!(problem.starts_with("no/such/openapi.json: cannot read the file"));
    }
}
