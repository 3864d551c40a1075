//! Uploads of several documents.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt as _;
use retab_ext::Document;
use retab_fake::FakeRetab;

use crate::fixture::client_of;

#[tokio::test]
async fn each_document_has_its_own_result_in_its_own_place() {
    let fake = FakeRetab::start().await;
    let documents = [
        Document::bytes("a.txt", "aaa"),
        Document::path("no/such.pdf"),
        Document::bytes("c.txt", "c"),
    ];
    let uploads = client_of(&fake).files().upload_many(documents);
    let results = uploads.concurrency(0).send().await;
    let sizes: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().map(retab_ext::StoredFile::size).ok())
        .collect();
    assert_eq!(sizes, [Some(3), None, Some(1)]);
    let refused = results[1].as_ref().unwrap_err();
    assert!(refused.to_string().contains("no/such.pdf"), "{refused}");
}

#[tokio::test]
async fn no_more_are_under_way_than_was_said() {
    let fake = FakeRetab::start().await;
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let documents = (0..).map(move |number| {
        counter.fetch_add(1, Ordering::Relaxed);
        Document::text(format!("document {number}"))
    });
    let mut uploads = client_of(&fake)
        .files()
        .upload_many(documents)
        .concurrency(3)
        .stream();
    for done in 0..6 {
        uploads.next().await.unwrap().unwrap();
        let taken = taken.load(Ordering::Relaxed);
        assert!(taken > done && taken <= done + 3, "{taken} after {done}");
    }
}
