//! Unvalidated caller input: ids, cursors, versions, URLs, keys and headers.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use retab_ext::{Client, Document, ErrorKind, List as _, RequestOptions, Version};
use retab_fake::Response;
use serde_json::json;
use url::form_urlencoded;

use crate::{Fixture, KEY, cases, hostile_text};

#[test]
fn encodes_id_as_one_path_segment_or_rejects_it_without_sending() {
    let fixture = Fixture::new();
    proptest!(cases(256), |(id in hostile_text())| {
        fixture.fake.queue_response(Response::json(404, &json!({"detail": "none"})));
        let error = fixture.runtime.block_on(fixture.client.run(id.as_str()).get()).unwrap_err();
        let received = fixture.fake.take_requests();
        if error.kind() == ErrorKind::InvalidRequest {
            prop_assert!(received.is_empty());
            prop_assert!(id.is_empty() || id.chars().all(|c| c == '.'), "{id:?} is rejected: {error}");
            fixture.fake.clear_queued_responses();
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
fn sends_cursor_unchanged() {
    let fixture = Fixture::new();
    proptest!(cases(128), |(cursor in hostile_text())| {
        let first = json!({"data": [], "list_metadata": {"before": null, "after": cursor}});
        fixture.fake.queue_response(Response::json(200, &first));
        let last = json!({"data": [], "list_metadata": {"before": null, "after": null}});
        fixture.fake.queue_response(Response::json(200, &last));
        let page = fixture.client.api().list_workflow_runs().after(cursor.as_str());
        let result = fixture.runtime.block_on(page.send());
        prop_assert!(result.is_ok());
        let received = fixture.fake.take_requests();
        let pairs: Vec<_> = form_urlencoded::parse(received[0].query.as_bytes()).collect();
        prop_assert_eq!(pairs, [("after".into(), cursor.as_str().into())]);
        fixture.fake.clear_queued_responses();
    });
}

#[test]
fn pagination_terminates_with_any_cursors() {
    use futures_util::TryStreamExt as _;

    let fixture = Fixture::new();
    proptest!(cases(64), |(cursors in prop::collection::vec(prop_oneof![Just("a".to_owned()), hostile_text()], 1..6))| {
        // After the queued pages, the fake returns a page without a cursor, or 422.
        for cursor in &cursors {
            let page = json!({
                "data": [{"id": "x", "object": "invalid"}],
                "list_metadata": {"before": null, "after": cursor},
            });
            fixture.fake.queue_response(Response::json(200, &page));
        }
        let items = fixture.client.api().list_workflow_runs().pagination().skip_invalid_items().items();
        let result = fixture.runtime.block_on(items.try_collect::<Vec<_>>());
        let pages = fixture.fake.take_requests().len();
        prop_assert!(pages <= cursors.len() + 1);
        if let Err(error) = result {
            prop_assert!(!error.to_string().contains('\n'), "{error}");
        }
        fixture.fake.clear_queued_responses();
    });
}

#[test]
fn version_accepts_three_forms_and_round_trips() {
    proptest!(cases(1024), |(text in prop_oneof![hostile_text(), "(production|draft|ver_|wph_)[a-zA-Z0-9_]{0,12}"])| {
        match text.parse::<Version>() {
            Ok(version) => {
                prop_assert_eq!(version.to_string(), text.as_str());
                let is_pinned = text.len() > 4 && text.starts_with("ver_");
                prop_assert!(is_pinned || text == "production" || text == "draft", "{text:?}");
                let json = serde_json::to_value(&version).unwrap();
                prop_assert_eq!(serde_json::from_value::<Version>(json).unwrap(), version);
            }
            Err(error) => {
                let message = error.to_string();
                prop_assert!(["production", "draft", "ver_"].iter().all(|form| message.contains(form)), "{message}");
                prop_assert!(!message.contains(['\n', '\r', '\0']), "{message:?}");
            }
        }
    });
}

#[test]
fn settings_never_leak_key() {
    proptest!(cases(512), |(key in hostile_text(), url in prop_oneof![hostile_text(), "https?://[a-z:@0-9.]{0,20}(/v1)?/*"], name in hostile_text(), value in hostile_text())| {
        let secret = format!("{key}{KEY}");
        let builder = Client::builder().api_key(secret.clone()).base_url(url);
        let built = builder.header(&name, &value).build();
        let text = match &built {
            Ok(client) => format!("{client:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        prop_assert!(!text.contains(KEY), "{text}");
        let options = RequestOptions::new().idempotency_key(&value);
        prop_assert_eq!(options.check().is_err(), value.is_empty() || http::HeaderValue::try_from(value.as_str()).is_err());
    });
}

#[test]
fn sends_data_url_or_rejects_it_without_sending() {
    let fixture = Fixture::new();
    let url = prop_oneof![
        hostile_text(),
        hostile_text().prop_map(|text| format!("data:{text}")),
        (hostile_text(), "[A-Za-z0-9+/=%, \n-]{0,40}")
            .prop_map(|(kind, content)| format!("data:{kind};base64,{content}")),
    ];
    proptest!(cases(256), |(url in url)| {
        let run = fixture
            .client
            .workflow("wf_abc123xyz")
            .run()
            .document("start_document-block-1", Document::data_url(url.clone()));
        let result = fixture.runtime.block_on(run.send());
        let received = fixture.fake.take_requests();
        if let Err(error) = result {
            if error.kind() == ErrorKind::InvalidRequest {
                prop_assert!(received.is_empty());
            } else {
                // The fake rejects invalid documents, such as malformed PDFs.
                prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
            }
            let content = url.split_once(',').map_or("", |(_, content)| content);
            prop_assert!(content.len() < 12 || !error.to_string().contains(content), "{error}");
        } else {
            prop_assert_eq!(received.len(), 1);
        }
    });
}
