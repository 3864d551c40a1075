//! The folder that scenarios read from and write to.

use std::path::Path;

use tempfile::TempDir;

/// The content of the download target before the download.
pub(crate) const EXISTING: &str = "existing content";

/// A folder with a file to upload and a file that a download replaces.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new(upload: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("upload.txt"), upload).unwrap();
        std::fs::write(folder.path().join("download.txt"), EXISTING).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Checks that no other file was created, and returns the content of the download target.
    pub(crate) fn downloaded(&self, context: &str) -> String {
        let names = std::fs::read_dir(self.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        assert_eq!(names, ["download.txt", "upload.txt"], "{context}");
        std::fs::read_to_string(self.path().join("download.txt")).unwrap()
    }
}
