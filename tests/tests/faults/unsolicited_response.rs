//! Bytes that are left on a connection.

use retab_ext::Client;
use retab_fake::scripted_server::{Gate, Script, ScriptedServer};

use crate::call::run;
use crate::{KEY, listen};

fn answer(id: &str) -> String {
    let body = run(id, "running");
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_never_taken_for_that_of_the_next_call() {
    listen();
    let gate = Gate::new();
    for together in [true, false] {
        // The connection stays open, so that the next call could go over it.
        let first = if together {
            Script::new()
                .read_request()
                .write(answer("run_1") + &answer("run_of_another"))
                .wait(&gate)
        } else {
            let first = Script::new().read_request().write(answer("run_1"));
            first.wait(&gate).write(answer("run_of_another"))
        };
        let second = Script::json(200, &run("run_2", "running"));
        let wire = ScriptedServer::new([first, second]).await;
        let settings = Client::builder().api_key(KEY).base_url(wire.url());
        let client = settings.build().unwrap();
        assert_eq!(
            client.get_run("run_1").await.unwrap().id().as_str(),
            "run_1"
        );
        gate.open();
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            client.get_run("run_2").await.unwrap().id().as_str(),
            "run_2"
        );
        assert_eq!(wire.requests().len(), 2);
    }
}
