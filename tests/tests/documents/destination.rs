//! What a download to a path may replace: regular files, directly or through symlinks.

#![cfg(unix)]

use std::os::unix::fs::{FileTypeExt as _, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use retab_ext::{Error, ErrorKind};
use retab_fake::FakeRetab;

use crate::fixture::{client_for, file, names};

async fn download(fake: &FakeRetab, path: &Path) -> Result<u64, Error> {
    let id = fake.add_file("a.bin", "content");
    client_for(fake).file(id).download().to_path(path).await
}

/// Checks that nothing is requested, neither from the service nor from object storage, and returns the message.
async fn rejected(path: &Path) -> String {
    let fake = FakeRetab::start().await;
    let error = download(&fake, path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(
        (fake.requests().len(), fake.storage_requests().len()),
        (0, 0)
    );
    error.to_string()
}

/// Creates a special file with a command. Returns false, with a message, if the system does not allow it.
#[allow(clippy::print_stderr, reason = "skipped tests say so")]
fn make(command: &str, path: &Path, arguments: &[&str]) -> bool {
    let made = Command::new(command).arg(path).args(arguments).status();
    let made = made.is_ok_and(|status| status.success());
    if !made {
        eprintln!("skipped: cannot create {} with {command}", path.display());
    }
    made
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn rejects_fifo() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    if !make("mkfifo", &fifo, &[]) {
        return;
    }
    let link = folder.path().join("link");
    symlink(&fifo, &link).unwrap();
    for path in [&fifo, &link] {
        let message = rejected(path).await;
        assert!(
            message.ends_with(
                ": it is not a regular file; call `to_writer` to write to a pipe or a device"
            ),
            "{message}"
        );
    }
    assert!(std::fs::metadata(&fifo).unwrap().file_type().is_fifo());
    assert_eq!(names(folder.path()), ["fifo", "link"]);
}

#[tokio::test]
async fn rejects_device() {
    let folder = tempfile::tempdir().unwrap();
    // As /dev/null in a container: the folder is writable, so a rename would replace the device.
    let device = folder.path().join("null");
    if !make("mknod", &device, &["c", "1", "3"]) {
        return;
    }
    let message = rejected(&device).await;
    assert!(message.contains("not a regular file"), "{message}");
    let file_type = std::fs::metadata(&device).unwrap().file_type();
    assert!(file_type.is_char_device());
    assert_eq!(names(folder.path()), ["null"]);
}

#[tokio::test]
async fn rejects_socket_and_folder() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let message = rejected(&socket).await;
    assert!(message.contains("not a regular file"), "{message}");
    let message = rejected(folder.path()).await;
    assert!(
        message.ends_with(": it is a folder; call `to_folder` to keep the stored name"),
        "{message}"
    );
    assert_eq!(names(folder.path()), ["socket"]);
}

#[tokio::test]
async fn rejects_dangling_symlink() {
    let folder = tempfile::tempdir().unwrap();
    let (link, cycle) = (folder.path().join("link"), folder.path().join("cycle"));
    symlink("missing", &link).unwrap();
    let message = rejected(&link).await;
    assert!(
        message.ends_with(": it is a symlink to a file that does not exist"),
        "{message}"
    );
    symlink("cycle", &cycle).unwrap();
    let fake = FakeRetab::start().await;
    let error = download(&fake, &cycle).await.unwrap_err();
    assert!(fake.requests().is_empty(), "{error}");
    assert_eq!(names(folder.path()), ["cycle", "link"]);
}

#[tokio::test]
async fn replaces_target_of_symlink_and_keeps_link() {
    let fake = FakeRetab::start().await;
    let (folder, target) = file("target", "existing content");
    set_mode(&target, 0o640);
    let links = tempfile::tempdir().unwrap();
    let (direct, indirect) = (links.path().join("direct"), links.path().join("indirect"));
    symlink(&target, &direct).unwrap();
    symlink("direct", &indirect).unwrap();
    for link in [&direct, &indirect] {
        std::fs::write(&target, "existing content").unwrap();
        assert_eq!(download(&fake, link).await.unwrap(), 7);
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&target).unwrap(), b"content");
        assert_eq!(mode(&target), 0o640);
    }
    assert_eq!(names(folder.path()), ["target"]);
    assert_eq!(names(links.path()), ["direct", "indirect"]);
}

#[tokio::test]
async fn replaced_file_keeps_mode() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.bin", "existing content");
    // More than the usual umask allows, less than the default, and set-user-ID, which new content must not inherit.
    for (before, after) in [
        (0o666, 0o666),
        (0o640, 0o640),
        (0o600, 0o600),
        (0o444, 0o444),
        (0o4755, 0o755),
    ] {
        set_mode(&path, before);
        download(&fake, &path).await.unwrap();
        assert_eq!(mode(&path), after, "{before:o}");
    }
}
