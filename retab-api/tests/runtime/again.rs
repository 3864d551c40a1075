//! A client that sends each request twice.

use retab_api::runtime::{BoxFuture, Executor, Request, Response, attempt};
use retab_api::{Client, Error};

use crate::scripted_server::{self, ScriptedServer};

/// Sends the request as often as it says, and after each attempt does what it says.
struct Again<F> {
    http: reqwest::Client,
    attempts: u32,
    between: F,
}

impl<F: Fn() + Send + Sync> Executor for Again<F> {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            for _ in 1..self.attempts {
                attempt(&self.http, &request).await?;
                (self.between)();
            }
            attempt(&self.http, &request).await
        })
    }
}

/// A client of `wire` that sends each request twice, and does `between` in between.
pub(crate) fn again(wire: &ScriptedServer, between: impl Fn() + Send + Sync + 'static) -> Client {
    let executor = Again {
        http: scripted_server::http(),
        attempts: 2,
        between,
    };
    Client::with_executor(&wire.url(), executor).unwrap()
}
