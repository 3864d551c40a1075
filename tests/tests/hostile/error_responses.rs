//! Error responses with arbitrary bodies and `Retry-After` values.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use retab_api::runtime::RetryAfter;
use retab_fake::Response;
use serde_json::{Value, json};

use crate::{Fixture, KEY, cases, hostile_text};

/// Generates arbitrary JSON that uses the field names of errors.
pub(crate) fn hostile_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        hostile_text().prop_map(Value::from),
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
        hostile_text(),
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
fn error_message_is_one_line_for_any_body() {
    let fixture = Fixture::new();
    let body = prop_oneof![
        3 => hostile_json().prop_map(|json| json.to_string().into_bytes()),
        1 => hostile_json().prop_map(|json| json!({"detail": json}).to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => hostile_text().prop_map(|title| format!("<html><title>{title}</title>").into_bytes()),
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
        fixture.fake.queue_response(Response::new(status, media_type, body.clone()));
        let error = fixture.runtime.block_on(fixture.client.run("run_1").get()).unwrap_err();
        prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        prop_assert_eq!(error.body(), Some(&body[..]));
        let text = format!("{error}{error:?}");
        prop_assert!(!text.contains(['\n', '\r', '\0']), "{text:?}");
        prop_assert!(!text.contains(KEY) && text.contains("get_workflow_run"), "{text}");
        prop_assert!(text.len() < 64 * 1024, "{} bytes", text.len());
    });
}

#[test]
fn parses_any_retry_after() {
    let value = prop_oneof![
        "[0-9]{0,40}",
        hostile_text(),
        any::<u64>().prop_map(|seconds| {
            let moment =
                SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds % 253_402_300_800));
            httpdate(moment.unwrap())
        }),
    ];
    proptest!(cases(1024), |(text in value, now in any::<u32>())| {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now.into());
        let retry_after = RetryAfter::parse(&text);
        if let Some(retry_after) = retry_after {
            let _ = retry_after.delay(now);
        }
        let is_number = !text.trim().is_empty() && text.trim().bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            prop_assert!(matches!(retry_after, Some(RetryAfter::Delay(_))));
        }
    });
}

/// Formats an instant as an HTTP date (RFC 9110, section 5.6.7).
fn httpdate(moment: SystemTime) -> String {
    let moment: chrono::DateTime<chrono::Utc> = moment.into();
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
