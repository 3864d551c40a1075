//! A client that sends every request twice.

use retab_api::runtime::{BoxFuture, Executor, Request, Response, attempt};
use retab_api::{Client, Error};

use crate::scripted_server::{self, ScriptedServer};

/// Sends every request twice and calls `between` after the first attempt.
struct Repeat<F> {
    http: reqwest::Client,
    between: F,
}

impl<F: Fn() + Send + Sync> Executor for Repeat<F> {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            attempt(&self.http, &request).await?;
            (self.between)();
            attempt(&self.http, &request).await
        })
    }
}

/// Returns a client that sends every request twice and calls `between` after the first attempt.
pub(crate) fn repeating_client(
    server: &ScriptedServer,
    between: impl Fn() + Send + Sync + 'static,
) -> Client {
    let executor = Repeat {
        http: scripted_server::http(),
        between,
    };
    Client::with_executor(&server.url(), executor).unwrap()
}
