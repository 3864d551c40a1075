//! Hostile response heads: statuses, headers, lengths and chunks.

use proptest::prelude::*;
use retab_ext::{Client, RetryPolicy};
use retab_fake::scripted_server::{Script, ScriptedServer};

use crate::{Fixture, KEY, cases};

/// Generates valid, oversized and invalid lengths.
fn length() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "",
        "-1",
        "0",
        "7",
        "1e3",
        "0x10",
        "7, 7",
        "1152921504606846976",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
    ]);
    prop_oneof![
        special.prop_map(ToOwned::to_owned),
        any::<u64>().prop_map(|length| length.to_string())
    ]
}

fn header() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "content-type",
        "content-encoding",
        "content-disposition",
        "location",
        "retry-after",
        "x-request-id",
        "set-cookie",
        "connection",
        "x-custom",
    ]);
    let values = prop_oneof![
        "[ -~\t]{0,60}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..40),
        (1..20_000_usize).prop_map(|length| vec![b'a'; length]),
        prop::sample::select(vec![
            "gzip",
            "br",
            "application/json; charset=utf-16",
            "18446744073709551616"
        ])
        .prop_map(|value| value.as_bytes().to_vec()),
    ];
    (names, values)
        .prop_map(|(name, value)| format!("{name}: {}\r\n", String::from_utf8_lossy(&value)))
}

fn framing() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        length().prop_map(|length| format!("content-length: {length}\r\n")),
        Just("transfer-encoding: chunked\r\n".to_owned()),
        (length(), length()).prop_map(|(one, other)| format!(
            "content-length: {one}\r\ncontent-length: {other}\r\n"
        )),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"{}".to_vec()),
        prop::collection::vec(any::<u8>(), 0..200),
        // A chunk size in hexadecimal, usually above the size of the chunk.
        "[0-9a-fA-F]{1,20}(;[a-z=]{0,9})?\r\n[a-z{}]{0,40}(\r\n0\r\n\r\n)?"
            .prop_map(String::into_bytes),
    ]
}

#[test]
fn accepts_or_rejects_any_response_head() {
    let fixture = Fixture::new();
    let head = (
        100..1000_u16,
        framing(),
        prop::collection::vec(header(), 0..4),
    );
    proptest!(cases(192), |((status, framing, headers) in head, body in body())| {
        let mut response = format!("HTTP/1.1 {status} X\r\n{framing}{}\r\n", headers.concat()).into_bytes();
        response.extend(body);
        // JSON, streamed and created responses, each on its own connection.
        for request in 0..3 {
            let result = fixture.runtime.block_on(async {
                let server = ScriptedServer::new([Script::new().read_request().write(response.clone())]).await;
                let client = client_for(server.url());
                match request {
                    0 => client.run("run_1").get().await.map(drop),
                    1 => client.api().download_table_csv().table_id("tbl_1").send().await.map(drop).map_err(Into::into),
                    _ => client.workflow("wf_1").run().send().await.map(drop),
                }
            });
            if let Err(error) = result {
                let message = error.to_string();
                prop_assert!(!message.contains(['\n', '\r', '\0']), "{message:?}");
                prop_assert!(message.len() < 16 * 1024, "{} bytes", message.len());
                prop_assert!(!message.contains(KEY), "{message}");
            }
        }
    });
}

fn client_for(url: &str) -> Client {
    let builder = Client::builder().api_key(KEY).base_url(url);
    builder.retry(RetryPolicy::never()).build().unwrap()
}
