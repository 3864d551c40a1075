//! Downloads to full disks.

use std::process::Command;

use retab_ext::{Client, ErrorKind};
use retab_fake::scripted_server::{Script, ScriptedServer};
use serde_json::json;

use crate::folder::{EXISTING, Folder};
use crate::{KEY, SECRET};

/// Set in the child process whose file size limit is 4 KiB.
const LIMITED: &str = "RETAB_TESTS_LIMITED_FILES";

/// One size that fails in the final flush, and one that fails in an earlier write.
const SIZES: [usize; 2] = [6 * 1024, 64 * 1024];

/// Starts a service and an object storage that holds a file of `size` bytes.
async fn servers_with_file(size: usize) -> (ScriptedServer, ScriptedServer, Client) {
    retab_tests::trace_recorder::install_global();
    let storage = ScriptedServer::new([Script::response(200, &[], &"x".repeat(size))]).await;
    let link = json!({
        "download_url": format!("{}/object?signature=HUNTER2", storage.url()),
        "expires_in": "60 minutes",
        "filename": "download.txt",
    });
    let service = ScriptedServer::new([Script::json(200, &link.to_string())]).await;
    let builder = Client::builder().api_key(KEY).base_url(service.url());
    (service, storage, builder.build().unwrap())
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn download_to_writer_reports_full_device() {
    for size in SIZES {
        let (_service, storage, client) = servers_with_file(size).await;
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut full = tokio::fs::File::from_std(full.unwrap());
        let download = client.file("file_1").download().to_writer(&mut full);
        let error = download.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other);
        assert!(
            !error.is_retryable() && error.to_string().contains("No space"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains(SECRET));
        assert_eq!(storage.requests().len(), 1);
    }
}

#[test]
#[cfg(unix)]
fn download_to_full_disk_preserves_existing_file() {
    let test = "disk_full::download_within_file_size_limit";
    // A file size limit simulates a full disk: with SIGXFSZ ignored, writes beyond it fail.
    let script = format!(r#"trap '' XFSZ; ulimit -f 8; exec "$0" --exact {test} --ignored"#);
    let this = std::env::current_exe().unwrap();
    let mut child = Command::new("sh");
    child.args(["-c", &script]).arg(this).env(LIMITED, "1");
    let output = child.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && stdout.contains("1 passed"),
        "{stdout} {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
#[ignore = "requires the file size limit set by the test above"]
async fn download_within_file_size_limit() {
    assert!(
        std::env::var_os(LIMITED).is_some(),
        "no file size limit is set"
    );
    for size in SIZES {
        let (_service, storage, client) = servers_with_file(size).await;
        let folder = Folder::new("");
        let path = folder.path().join("download.txt");
        let error = client.file("file_1").download().to_path(&path);
        let error = error.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other);
        let message = error.to_string();
        assert!(
            message.starts_with("file_1: ")
                && message.contains("cannot write to")
                && !message.contains(SECRET),
            "{message}"
        );
        // Retrying cannot help: the storage is healthy.
        assert_eq!(storage.requests().len(), 1);
        assert_eq!(folder.downloaded("a full disk"), EXISTING);
    }
}
