//! What a caller hands on without a look at it: ids, cursors, versions, URLs, keys, headers.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use retab_ext::{Client, Document, ErrorKind, List as _, RequestOptions, Version};
use retab_fake::Response;
use serde_json::json;
use url::form_urlencoded;

use crate::{KEY, Stage, cases, odd_text};

#[test]
fn an_id_is_one_segment_of_the_path_or_refused_before_anything_is_sent() {
    let stage = Stage::new();
    proptest!(cases(256), |(id in odd_text())| {
        stage.fake.queue_response(Response::json(404, &json!({"detail": "none"})));
        let error = stage.runtime.block_on(stage.client.get_run(id.as_str())).unwrap_err();
        let received = stage.fake.take_requests();
        if error.kind() == ErrorKind::InvalidRequest {
            prop_assert!(received.is_empty());
            prop_assert!(id.is_empty() || id.chars().all(|c| c == '.'), "{id:?} is refused: {error}");
            stage.fake.clear_queued_responses();
        } else {
            prop_assert!(error.is_not_found(), "{error}");
            let segment = received[0].path.strip_prefix("/v1/workflows/runs/").unwrap();
            prop_assert!(!segment.contains('/'), "{segment}");
            prop_assert_eq!(percent_decode_str(segment).decode_utf8().unwrap(), id);
            prop_assert_eq!(&received[0].query, "");
        }
    });
}

#[test]
fn a_cursor_of_the_service_comes_back_as_it_was() {
    let stage = Stage::new();
    proptest!(cases(128), |(cursor in odd_text())| {
        let first = json!({"data": [], "list_metadata": {"before": null, "after": cursor}});
        stage.fake.queue_response(Response::json(200, &first));
        let last = json!({"data": [], "list_metadata": {"before": null, "after": null}});
        stage.fake.queue_response(Response::json(200, &last));
        let page = stage.client.api().list_workflow_runs().after(cursor.as_str());
        let read = stage.runtime.block_on(page.send());
        prop_assert!(read.is_ok());
        let received = stage.fake.take_requests();
        let pairs: Vec<_> = form_urlencoded::parse(received[0].query.as_bytes()).collect();
        prop_assert_eq!(pairs, [("after".into(), cursor.as_str().into())]);
        stage.fake.clear_queued_responses();
    });
}

#[test]
fn a_list_ends_whatever_its_cursors_are() {
    use futures_util::TryStreamExt as _;

    let stage = Stage::new();
    proptest!(cases(64), |(cursors in prop::collection::vec(prop_oneof![Just("a".to_owned()), odd_text()], 1..6))| {
        // What is not answered from here is answered by the fake, whose only page has no cursor, or 422.
        for cursor in &cursors {
            let page = json!({
                "data": [{"id": "x", "object": "odd"}],
                "list_metadata": {"before": null, "after": cursor},
            });
            stage.fake.queue_response(Response::json(200, &page));
        }
        let items = stage.client.api().list_workflow_runs().pagination().skip_invalid_items().items();
        let end = stage.runtime.block_on(items.try_collect::<Vec<_>>());
        let pages = stage.fake.take_requests().len();
        prop_assert!(pages <= cursors.len() + 1);
        if let Err(error) = end {
            prop_assert!(!error.to_string().contains('\n'), "{error}");
        }
        stage.fake.clear_queued_responses();
    });
}

#[test]
fn a_version_is_one_of_three_forms_and_keeps_its_text() {
    proptest!(cases(1024), |(text in prop_oneof![odd_text(), "(production|draft|ver_|wph_)[a-zA-Z0-9_]{0,12}"])| {
        match text.parse::<Version>() {
            Ok(version) => {
                prop_assert_eq!(version.to_string(), text.as_str());
                let is_pinned = text.len() > 4 && text.starts_with("ver_");
                prop_assert!(is_pinned || text == "production" || text == "draft", "{text:?}");
                let json = serde_json::to_value(&version).unwrap();
                prop_assert_eq!(serde_json::from_value::<Version>(json).unwrap(), version);
            }
            Err(refusal) => {
                let line = refusal.to_string();
                prop_assert!(["production", "draft", "ver_"].iter().all(|form| line.contains(form)), "{line}");
                prop_assert!(!line.contains(['\n', '\r', '\0']), "{line:?}");
            }
        }
    });
}

#[test]
fn settings_are_taken_or_refused_and_never_told() {
    proptest!(cases(512), |(key in odd_text(), url in prop_oneof![odd_text(), "https?://[a-z:@0-9.]{0,20}(/v1)?/*"], name in odd_text(), value in odd_text())| {
        let secret = format!("{key}{KEY}");
        let settings = Client::builder().api_key(secret.clone()).base_url(url);
        let built = settings.header(&name, &value).and_then(retab_ext::ClientBuilder::build);
        let shown = match &built {
            Ok(client) => format!("{client:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        prop_assert!(!shown.contains(KEY), "{shown}");
        let options = RequestOptions::new().idempotency_key(&value);
        prop_assert_eq!(options.is_err(), value.is_empty() || http::HeaderValue::try_from(value.as_str()).is_err());
    });
}

#[test]
fn a_data_url_is_a_document_or_refused_before_anything_is_sent() {
    let stage = Stage::new();
    let url = prop_oneof![
        odd_text(),
        odd_text().prop_map(|text| format!("data:{text}")),
        (odd_text(), "[A-Za-z0-9+/=%, \n-]{0,40}")
            .prop_map(|(kind, content)| format!("data:{kind};base64,{content}")),
    ];
    proptest!(cases(256), |(url in url)| {
        let run = stage
            .client
            .run("wf_abc123xyz")
            .document("start_document-block-1", Document::data_url(url.clone()));
        let sent = stage.runtime.block_on(run.send());
        let received = stage.fake.take_requests();
        if let Err(error) = sent {
            if error.kind() == ErrorKind::InvalidRequest {
                prop_assert!(received.is_empty());
            } else {
                // The fake refuses what is no document, such as a PDF that is none.
                prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
            }
            let content = url.split_once(',').map_or("", |(_, content)| content);
            prop_assert!(content.len() < 12 || !error.to_string().contains(content), "{error}");
        } else {
            prop_assert_eq!(received.len(), 1);
        }
    });
}
