//! File names from callers and servers.

use std::fs;

use proptest::prelude::*;
use retab_ext::{Document, ErrorKind};

use crate::{Fixture, cases, hostile_text};

/// Generates names that are special or unsafe on some operating system.
fn hostile_name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "../../etc/passwd",
        "..\\..\\a",
        "/etc/passwd",
        "C:\\a.pdf",
        "\\\\host\\share",
        "NUL",
        "con.txt",
        "a.",
        ".a",
        "~",
        "-rf",
        "a\0b",
        "a/b",
        "aux.pdf.txt",
        "...",
        "a:b",
    ]);
    prop_oneof![
        2 => known.prop_map(ToOwned::to_owned),
        3 => hostile_text(),
        1 => ("[a-z\u{e9}\u{1f4c4}]{250,600}", hostile_text()).prop_map(|(long, end)| long + &end),
    ]
}

#[test]
fn downloaded_file_name_stays_in_folder() {
    let fixture = Fixture::new();
    proptest!(cases(192), |(names in prop::collection::vec(hostile_name(), 1..4))| {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("folder");
        fs::create_dir(&folder).unwrap();
        for (at, name) in names.iter().enumerate() {
            let id = fixture.fake.add_file(name, format!("content {at}"));
            let download = fixture.client.file(id).download();
            let path = fixture.runtime.block_on(download.to_folder(&folder));
            let path = path.map_err(|error| TestCaseError::fail(format!("{name:?}: {error}")))?;
            prop_assert_eq!(path.parent(), Some(folder.as_path()));
            prop_assert_eq!(fs::read_to_string(&path).unwrap(), format!("content {at}"));
        }
        // No file was replaced, written elsewhere or left incomplete.
        prop_assert_eq!(fs::read_dir(&folder).unwrap().count(), names.len());
        prop_assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    });
}

#[test]
fn uploaded_file_name_has_no_path_separators() {
    let fixture = Fixture::new();
    proptest!(cases(192), |(name in hostile_name())| {
        let upload = fixture.client.files().upload(Document::bytes(name.clone(), "a;b"));
        match fixture.runtime.block_on(upload.send()) {
            Ok(stored) => {
                prop_assert!(!stored.name().contains(['/', '\\']), "{:?}", stored.name());
                prop_assert!(!stored.name().is_empty());
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{}", error),
        }
    });
}
