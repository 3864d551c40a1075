//! Concurrent uploads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt as _;
use retab_ext::Document;
use retab_fake::FakeRetab;

use crate::fixture::client_for;

#[tokio::test]
async fn returns_one_result_per_document_in_order() {
    let fake = FakeRetab::start().await;
    let documents = [
        Document::bytes("a.txt", "aaa"),
        Document::path("no/such.pdf"),
        Document::bytes("c.txt", "c"),
    ];
    let uploads = client_for(&fake).files().upload_many(documents);
    let results = uploads.concurrency(0).send().await;
    let sizes: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().map(retab_ext::StoredFile::size).ok())
        .collect();
    assert_eq!(sizes, [Some(3), None, Some(1)]);
    let error = results[1].as_ref().unwrap_err();
    assert!(error.to_string().contains("no/such.pdf"), "{error}");
}

#[tokio::test]
async fn respects_concurrency_limit() {
    let fake = FakeRetab::start().await;
    let started = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&started);
    let documents = (0..).map(move |number| {
        counter.fetch_add(1, Ordering::Relaxed);
        Document::text(format!("document {number}"))
    });
    let mut uploads = client_for(&fake)
        .files()
        .upload_many(documents)
        .concurrency(3)
        .stream();
    for done in 0..6 {
        uploads.next().await.unwrap().unwrap();
        let started = started.load(Ordering::Relaxed);
        assert!(
            started > done && started <= done + 3,
            "{started} after {done}"
        );
    }
}
