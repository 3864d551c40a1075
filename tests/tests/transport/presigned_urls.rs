//! Presigned URLs are sent byte for byte as received, or rejected: a signature covers every byte.

use retab_ext::{Document, Error, ErrorKind};
use retab_fake::ReceivedRequest;
use retab_fake::scripted_server::{Script, ScriptedServer};
use serde_json::json;

use crate::start_server;

/// Uploads to a presigned URL, then downloads from it. Returns the storage's requests and both results.
async fn transfer(url: impl Fn(&str) -> String) -> (Vec<ReceivedRequest>, [Result<(), Error>; 2]) {
    let storage = ScriptedServer::new([(); 2].map(|()| Script::response(200, &[], ""))).await;
    let url = url(storage.url());
    let session =
        json!({"fileId": "file_1", "uploadUrl": url, "expiresAt": "2026-03-09T11:30:00Z"});
    let stored = json!({"filename": "a.bin", "url": "https://storage.retab.example/file_1"});
    let link = json!({"download_url": url, "expires_in": "60 minutes", "filename": "a.bin"});
    let link = Script::json(200, &link.to_string());
    let session = Script::json(200, &session.to_string());
    let (_service, _, builder) =
        start_server([session, Script::json(200, &stored.to_string())]).await;
    let files = builder.build().unwrap().files();
    let uploaded = files.upload(Document::text("a")).send().await.map(drop);
    let (_service, _, builder) = start_server([link]).await;
    let file = builder.build().unwrap().file("file_1");
    let downloaded = file.download().to_writer(&mut Vec::new()).await;
    (storage.requests(), [uploaded, downloaded.map(drop)])
}

#[tokio::test]
async fn sends_presigned_url_as_received() {
    for (path, query) in [
        ("/object", "signature=HUNTER2"),
        (
            "/a%2Fb%2fc/d%20e",
            "X-Amz-Signature=a%2Bb%2bc+d&name=attachment%3B%20filename%3D%22%C3%A4.pdf%22",
        ),
        ("/a//b///", "x=/../y//./%2e%2E/?z"),
        ("/.../.a/a./;b=1,2/@:$&'()*+!~-_", "x=@!$()*+,;:~&&=&y"),
        ("/a[b]|c/100%/%zz", r"x=[y]|{z}`^\&p=%"),
    ] {
        let (requests, results) = transfer(|storage| format!("{storage}{path}?{query}")).await;
        assert!(results.iter().all(Result::is_ok), "{path} {results:?}");
        assert_eq!(requests.len(), 2);
        for request in requests {
            assert_eq!((&*request.path, &*request.query), (path, query));
        }
    }
}

#[tokio::test]
async fn sends_presigned_url_without_path_or_with_uppercase_scheme() {
    // A request line contains neither an empty path nor a scheme.
    for expected in ["/", "/object"] {
        let (requests, results) = transfer(|storage| {
            let host = storage.trim_start_matches("http");
            let path = expected.trim_end_matches('/');
            format!("HTTP{host}{path}?HUNTER2")
        })
        .await;
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        for request in requests {
            assert_eq!((&*request.path, &*request.query), (expected, "HUNTER2"));
        }
    }
}

#[tokio::test]
async fn rejects_presigned_url_that_would_be_normalized() {
    for (url, part) in [
        ("{}/a/../HUNTER2", "path"),
        ("{}/a/./HUNTER2", "path"),
        ("{}/HUNTER2/..", "path"),
        ("{}/a/%2e%2E/HUNTER2", "path"),
        (r"{}/a\HUNTER2", "path"),
        (r"{}\HUNTER2", "path"),
        ("{}/\"HUNTER2\"", "path"),
        ("{}/a HUNTER2", "path"),
        ("{}/a\tHUNTER2", "path"),
        ("{}/<HUNTER2>", "path"),
        ("{}/{HUNTER2}", "path"),
        ("{}/äHUNTER2", "path"),
        ("{}/HUNTER2 ", "path"),
        ("{}/a?name=\"HUNTER2\"", "query"),
        ("{}/a?name='HUNTER2'", "query"),
        ("{}/a?name=b HUNTER2", "query"),
        ("{}/a?name=äHUNTER2", "query"),
        ("{}/a?HUNTER2\n", "query"),
        ("{}/a#HUNTER2", "fragment"),
        ("{}/a?HUNTER2#", "fragment"),
        ("http://HUNTER2:HUNTER2@127.0.0.1/a", "authority"),
        ("http://127.1/HUNTER2", "authority"),
        ("http://LOCALHOST/HUNTER2", "authority"),
        ("http://127.0.0.1:80/HUNTER2", "authority"),
        (" {}/HUNTER2", "scheme"),
        ("http:/127.0.0.1/HUNTER2", "scheme"),
    ] {
        let (requests, results) = transfer(|storage| url.replace("{}", storage)).await;
        assert!(requests.is_empty(), "{url}");
        for result in results {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{url}");
            let reason = format!(
                "cannot use the presigned URL from the service: its {part} would not be sent as received, which invalidates the signature"
            );
            assert!(error.to_string().ends_with(&reason), "{url}: {error}");
            assert!(!format!("{error:?}").contains("HUNTER2"), "{error:?}");
        }
    }
}
