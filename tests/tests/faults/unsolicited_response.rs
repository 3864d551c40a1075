//! Unsolicited responses on kept-alive connections.

use retab_ext::Client;
use retab_fake::scripted_server::{Gate, Script, ScriptedServer};

use crate::KEY;
use crate::scenario::run_json;

fn response(id: &str) -> String {
    let body = run_json(id, "running");
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn ignores_unsolicited_response_on_reused_connection() {
    retab_tests::trace_recorder::install_global();
    let gate = Gate::new();
    for in_one_write in [true, false] {
        // The connection stays open, so the next request could reuse it.
        let first = if in_one_write {
            Script::new()
                .read_request()
                .write(response("run_1") + &response("unsolicited"))
                .wait(&gate)
        } else {
            let first = Script::new().read_request().write(response("run_1"));
            first.wait(&gate).write(response("unsolicited"))
        };
        let second = Script::json(200, &run_json("run_2", "running"));
        let server = ScriptedServer::new([first, second]).await;
        let builder = Client::builder().api_key(KEY).base_url(server.url());
        let client = builder.build().unwrap();
        assert_eq!(
            client.run("run_1").get().await.unwrap().id().as_str(),
            "run_1"
        );
        gate.open();
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            client.run("run_2").get().await.unwrap().id().as_str(),
            "run_2"
        );
        assert_eq!(server.requests().len(), 2);
    }
}
