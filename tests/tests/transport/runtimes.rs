//! One client in several tokio runtimes. Only the runtime that opened a connection drives it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use retab_ext::Client;
use tokio::runtime::{Builder, Runtime};

use crate::{KEY, run_json};

/// Serves runs over persistent connections. Returns the base URL and the number of connections so far.
fn serve_runs() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            counter.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || serve_connection(stream));
        }
    });
    (url, connections)
}

fn serve_connection(mut stream: TcpStream) {
    let run = run_json();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
    let response = format!("{head}{}\r\n\r\n{run}", run.len());
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        received.extend_from_slice(&buffer[..length]);
        if received.ends_with(b"\r\n\r\n") {
            received.clear();
            stream.write_all(response.as_bytes()).unwrap();
        }
    }
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn multi_thread() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// Reads a run in this runtime, which is idle afterwards, with the connection in the pool.
fn read_run(runtime: &Runtime, client: &Client) {
    runtime.block_on(async {
        let read = client.api().get_workflow_run().run_id("run_1").send();
        let read = tokio::time::timeout(Duration::from_secs(30), read).await;
        read.expect("the request waits for an idle runtime")
            .unwrap();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn requests_do_not_wait_for_connections_of_idle_runtimes() {
    let (url, connections) = serve_runs();
    let client = Client::builder().api_key(KEY).base_url(url);
    let client = client.build().unwrap();
    let mut runtimes = Vec::new();
    for (position, runtime) in [
        current_thread(),
        current_thread(),
        multi_thread(),
        current_thread(),
    ]
    .into_iter()
    .enumerate()
    {
        runtimes.push(runtime);
        for runtime in &runtimes {
            read_run(runtime, &client);
        }
        // Each runtime keeps its connection.
        assert_eq!(connections.load(Ordering::SeqCst), position + 1);
    }
}

#[test]
fn multi_thread_runtimes_share_connections() {
    let shares_connection = || {
        let (url, connections) = serve_runs();
        let client = Client::builder().api_key(KEY).base_url(url);
        let client = client.build().unwrap();
        // Dropping a runtime closes its connections.
        let runtimes = [multi_thread(), multi_thread()];
        for runtime in &runtimes {
            read_run(runtime, &client);
        }
        connections.load(Ordering::SeqCst) == 1
    };
    // A worker thread returns the connection to the pool, sometimes after the next request has started.
    assert!((0..20).any(|_| shares_connection()));
}

#[test]
fn requests_continue_after_their_runtime_is_dropped() {
    let (url, _) = serve_runs();
    let client = Client::builder().api_key(KEY).base_url(url);
    let client = client.build().unwrap();
    // More runtimes than the client keeps connections for.
    for _ in 0..70 {
        read_run(&current_thread(), &client);
    }
}
