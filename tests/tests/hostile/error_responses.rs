//! Errors that say anything, in any form, with any hint when to come back.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use retab_api::runtime::RetryAfter;
use retab_fake::Response;
use serde_json::{Value, json};

use crate::{KEY, Stage, cases, odd_text};

/// JSON of any form, with the names that errors have.
pub(crate) fn odd_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        odd_text().prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("detail".to_owned()),
        Just("message".to_owned()),
        Just("code".to_owned()),
        Just("details".to_owned()),
        Just("errors".to_owned()),
        Just("loc".to_owned()),
        Just("msg".to_owned()),
        Just("status".to_owned()),
        odd_text(),
    ];
    leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[test]
fn an_error_is_one_line_whatever_its_body_is() {
    let stage = Stage::new();
    let body = prop_oneof![
        3 => odd_json().prop_map(|json| json.to_string().into_bytes()),
        1 => odd_json().prop_map(|json| json!({"detail": json}).to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => odd_text().prop_map(|title| format!("<html><title>{title}</title>").into_bytes()),
        1 => (1..100_000_usize).prop_map(|depth| "[".repeat(depth).into_bytes()),
        1 => (1..50_000_usize).prop_map(|depth| r#"{"detail":"#.repeat(depth).into_bytes()),
    ];
    let status = prop::sample::select(vec![
        400, 401, 403, 404, 409, 410, 413, 422, 429, 451, 500, 503, 599,
    ]);
    let media_type = prop::sample::select(vec![
        "application/json",
        "text/html",
        "text/plain; charset=x",
        "nonsense",
    ]);
    proptest!(cases(256), |(body in body, status in status, media_type in media_type)| {
        stage.fake.queue_response(Response::new(status, media_type, body.clone()));
        let error = stage.runtime.block_on(stage.client.get_run("run_1")).unwrap_err();
        prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        prop_assert_eq!(error.body(), Some(&body[..]));
        let shown = format!("{error}{error:?}");
        prop_assert!(!shown.contains(['\n', '\r', '\0']), "{shown:?}");
        prop_assert!(!shown.contains(KEY) && shown.contains("get_workflow_run"), "{shown}");
        prop_assert!(shown.len() < 64 * 1024, "{} bytes", shown.len());
    });
}

#[test]
fn a_hint_is_a_time_or_none() {
    let hint = prop_oneof![
        "[0-9]{0,40}",
        odd_text(),
        any::<u64>().prop_map(|seconds| {
            let moment =
                SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds % 253_402_300_800));
            httpdate(moment.unwrap())
        }),
    ];
    proptest!(cases(1024), |(text in hint, now in any::<u32>())| {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now.into());
        let hint = RetryAfter::parse(&text);
        if let Some(hint) = hint {
            let _ = hint.delay(now);
        }
        let is_number = !text.trim().is_empty() && text.trim().bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            prop_assert!(matches!(hint, Some(RetryAfter::Delay(_))));
        }
    });
}

/// An instant as headers have it (RFC 9110, section 5.6.7).
fn httpdate(moment: SystemTime) -> String {
    let moment: chrono::DateTime<chrono::Utc> = moment.into();
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
