//! The headers that carry the API key, as received.

use retab_ext::Credentials;

use crate::{KEY, run_response, start_server};

#[tokio::test]
async fn sends_selected_credentials() {
    let bearer = format!("Bearer {KEY}");
    for (selected, api_key, authorization) in [
        (None, Some(KEY), Some(&*bearer)),
        (Some(Credentials::Both), Some(KEY), Some(&*bearer)),
        (Some(Credentials::ApiKey), Some(KEY), None),
        (Some(Credentials::Bearer), None, Some(&*bearer)),
    ] {
        let (server, _, builder) = start_server([run_response()]).await;
        let builder = match selected {
            Some(selected) => builder.credentials(selected),
            None => builder,
        };
        let client = builder.build().unwrap();
        client
            .api()
            .get_workflow_run()
            .run_id("run_1")
            .send()
            .await
            .unwrap();
        let headers = &server.requests()[0].headers;
        for (name, expected) in [("api-key", api_key), ("authorization", authorization)] {
            let received: Vec<_> = headers.get_all(name).iter().collect();
            assert_eq!(received, Vec::from_iter(expected), "{selected:?}");
        }
    }
}
