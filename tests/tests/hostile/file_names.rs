//! Names of files, those of callers and those of servers.

use std::fs;

use proptest::prelude::*;
use retab_ext::{Document, ErrorKind};

use crate::{Stage, cases, odd_text};

/// Names that lead elsewhere on one system or another.
fn odd_name() -> impl Strategy<Value = String> {
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
        3 => odd_text(),
        1 => ("[a-z\u{e9}\u{1f4c4}]{250,600}", odd_text()).prop_map(|(long, end)| long + &end),
    ]
}

#[test]
fn a_name_of_a_server_stays_in_its_folder() {
    let stage = Stage::new();
    proptest!(cases(192), |(names in prop::collection::vec(odd_name(), 1..4))| {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("folder");
        fs::create_dir(&folder).unwrap();
        for (at, name) in names.iter().enumerate() {
            let id = stage.fake.add_file(name, format!("content {at}"));
            let download = stage.client.files().download(id);
            let path = stage.runtime.block_on(download.to_folder(&folder));
            let path = path.map_err(|error| TestCaseError::fail(format!("{name:?}: {error}")))?;
            prop_assert_eq!(path.parent(), Some(folder.as_path()));
            prop_assert_eq!(fs::read_to_string(&path).unwrap(), format!("content {at}"));
        }
        // Nothing was replaced, nothing stands elsewhere, and nothing that is half written stays.
        prop_assert_eq!(fs::read_dir(&folder).unwrap().count(), names.len());
        prop_assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1);
    });
}

#[test]
fn a_name_of_a_caller_has_no_folders_on_the_wire() {
    let stage = Stage::new();
    proptest!(cases(192), |(name in odd_name())| {
        let upload = stage.client.files().upload(Document::bytes(name.clone(), "a;b"));
        match stage.runtime.block_on(upload.send()) {
            Ok(stored) => {
                prop_assert!(!stored.name().contains(['/', '\\']), "{:?}", stored.name());
                prop_assert!(!stored.name().is_empty());
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{}", error),
        }
    });
}
