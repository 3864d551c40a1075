//! Downloads to disks that take no more.

use std::process::Command;

use retab_ext::{Client, ErrorKind};
use retab_fake::scripted_server::{Script, ScriptedServer};
use serde_json::json;

use crate::folder::{BEFORE, Folder};
use crate::{KEY, SECRET, listen};

/// Set where this test binary runs once more, with files that can be no larger than 4 KiB.
const LIMITED: &str = "RETAB_TESTS_LIMITED_FILES";

/// Sizes of files that are written at once, where the last look at the writer tells of its failure, and piece by piece.
const SIZES: [usize; 2] = [6 * 1024, 64 * 1024];

/// A client of a service that names a storage with a file of this size.
async fn with_file(size: usize) -> (ScriptedServer, ScriptedServer, Client) {
    listen();
    let storage = ScriptedServer::new([Script::response(200, &[], &"x".repeat(size))]).await;
    let link = json!({
        "download_url": format!("{}/object?signature=HUNTER2", storage.url()),
        "expires_in": "60 minutes",
        "filename": "kept.txt",
    });
    let service = ScriptedServer::new([Script::json(200, &link.to_string())]).await;
    let settings = Client::builder().api_key(KEY).base_url(service.url());
    (service, storage, settings.build().unwrap())
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_device_without_space_is_told_by_a_download_to_a_writer() {
    for size in SIZES {
        let (_service, storage, client) = with_file(size).await;
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut full = tokio::fs::File::from_std(full.unwrap());
        let download = client.files().download("file_1").to_writer(&mut full);
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
fn a_disk_that_takes_no_more_keeps_the_file_that_was_there() {
    let test = "disk::a_download_to_a_disk_that_takes_no_more";
    // A limit of the process stands for a full disk: a write beyond it fails once its signal is ignored.
    let script = format!(r#"trap '' XFSZ; ulimit -f 8; exec "$0" --exact {test} --ignored"#);
    let this = std::env::current_exe().unwrap();
    let mut limited = Command::new("sh");
    limited.args(["-c", &script]).arg(this).env(LIMITED, "1");
    let limited = limited.output().unwrap();
    let told = String::from_utf8_lossy(&limited.stdout);
    assert!(
        limited.status.success() && told.contains("1 passed"),
        "{told} {}",
        String::from_utf8_lossy(&limited.stderr)
    );
}

#[tokio::test]
#[ignore = "it runs within the test above, under its limit"]
async fn a_download_to_a_disk_that_takes_no_more() {
    assert!(std::env::var_os(LIMITED).is_some(), "there is no limit");
    for size in SIZES {
        let (_service, storage, client) = with_file(size).await;
        let folder = Folder::new("");
        let path = folder.path().join("kept.txt");
        let error = client.files().download("file_1").to_path(&path);
        let error = error.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other);
        let told = error.to_string();
        assert!(
            told.starts_with("file_1: ")
                && told.contains("cannot be written")
                && !told.contains(SECRET),
            "{told}"
        );
        // The storage is well: to ask it again would change nothing.
        assert_eq!(storage.requests().len(), 1);
        assert_eq!(folder.kept("a full disk"), BEFORE);
    }
}
