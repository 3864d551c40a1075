//! The folder that a call reads from and writes to.

use std::path::Path;

use tempfile::TempDir;

/// What stands under the name of a download before it.
pub(crate) const BEFORE: &str = "what was there";

/// A folder with a file to send, and one that a download replaces.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new(sent: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sent.txt"), sent).unwrap();
        std::fs::write(folder.path().join("kept.txt"), BEFORE).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// What stands under the name of the download; no other file has come to be.
    pub(crate) fn kept(&self, place: &str) -> String {
        let names = std::fs::read_dir(self.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        assert_eq!(names, ["kept.txt", "sent.txt"], "{place}");
        std::fs::read_to_string(self.path().join("kept.txt")).unwrap()
    }
}
