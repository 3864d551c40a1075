//! Paginates every list operation in both directions.

use futures_util::TryStreamExt as _;
use http::Method;
use retab_api::runtime::{BoxFuture, ListOperation};
use retab_ext::{Client, Error, List as _};
use retab_fake::spec::{
    Location, MeaningfulNulls, Operation, Profile, Response, Sampler, Spec, differences,
};
use retab_fake::{FakeRetab, ReceivedRequest};
use retab_tests::dispatch::{DispatchError, ListVisitor};
use retab_tests::dispatcher::dispatch_list;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::corrections::{MEANINGFUL_NULLS, corrected};

/// Collects all items of a list as JSON.
struct CollectItems {
    backwards: bool,
}

impl ListVisitor for CollectItems {
    type Output = BoxFuture<'static, Result<Vec<Value>, Error>>;

    fn visit<L>(self, operation: L) -> Self::Output
    where
        L: ListOperation + Clone + Send + 'static,
        L::Item: Serialize + DeserializeOwned + std::fmt::Debug + Send + 'static,
    {
        let pagination = operation.pagination();
        let pagination = if self.backwards {
            pagination.backwards()
        } else {
            pagination
        };
        Box::pin(
            pagination
                .items()
                .map_ok(|item| serde_json::to_value(&item).unwrap())
                .try_collect(),
        )
    }
}

/// Sampled pages of a list, and the response that defines them.
struct Sample<'d> {
    response: &'d Response<'d>,
    pages: Vec<Value>,
}

/// Samples three pages. Returns `None` if the operation is not a list operation.
fn sample<'d>(operation: &'d Operation<'d>, sampler: &mut Sampler) -> Option<Sample<'d>> {
    let has_parameter = |name| operation.parameter(Location::Query, name).is_some();
    if !has_parameter("after") || !has_parameter("before") {
        return None;
    }
    let response = operation
        .responses
        .iter()
        .find(|response| response.is_success() && response.is_json())?;
    let pages: Vec<Value> = (0..3)
        .map(|_| sampler.draw(&response.schema, Profile::Full))
        .collect();
    let is_page = |page: &Value| page["data"].is_array() && page["list_metadata"].is_object();
    pages
        .iter()
        .all(is_page)
        .then_some(Sample { response, pages })
}

fn query_values(query: &str, name: &str) -> Vec<String> {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
        .collect()
}

/// Returns the cursors in one query parameter. Panics if a request has a parameter that is not in the arguments.
fn requested_cursors(
    received: &[ReceivedRequest],
    parameter: &str,
    arguments: &Map<String, Value>,
) -> Vec<String> {
    let cursors = received.iter().map(|request| {
        assert_eq!(request.method, Method::GET);
        for (name, _) in form_urlencoded::parse(request.query.as_bytes()) {
            let is_set = arguments["query"].get(&*name).is_some();
            assert!(
                is_set || name == parameter,
                "unexpected parameter {name}: {}",
                request.query
            );
        }
        query_values(&request.query, parameter).join(" and ")
    });
    cursors.collect()
}

#[tokio::test]
async fn paginates_every_list_operation_in_both_directions() {
    let spec = Spec::new(corrected(super::spec_document()));
    let operations = spec.operations();
    let nulls = MeaningfulNulls::of(&spec, &MEANINGFUL_NULLS);
    let mut requests = Sampler::for_requests(&spec, 5);
    let mut responses = Sampler::for_responses(&spec, 6);
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()
        .unwrap();
    let mut lists = 0;
    let mut item_count = 0;
    for operation in &operations {
        let arguments = requests.arguments(operation, Profile::Minimal);
        let Some(sample) = sample(operation, &mut responses) else {
            let result = dispatch_list(
                client.api(),
                operation.id,
                arguments,
                CollectItems { backwards: false },
            );
            assert!(
                matches!(result, Err(DispatchError::UnknownOperation(_))),
                "{} is not a list operation in the spec",
                operation.id
            );
            continue;
        };
        lists += 1;
        for (parameter, backwards) in [("after", false), ("before", true)] {
            let mut arguments = arguments.clone();
            arguments
                .entry("query")
                .or_insert_with(|| json!({}))
                .as_object_mut()
                .unwrap()
                .insert(parameter.to_owned(), json!("start"));
            let mut expected = Vec::new();
            for (page, cursor) in sample.pages.iter().zip([Some("c1"), Some("c2"), None]) {
                let mut page = page.clone();
                let mut metadata = json!({"after": null, "before": null});
                metadata[parameter] = json!(cursor);
                page["list_metadata"] = metadata;
                let status = sample.response.status;
                fake.queue_response(retab_fake::Response::json(status, &page));
                let mut data = page["data"].as_array().unwrap().clone();
                assert!(!data.is_empty());
                if backwards {
                    data.reverse();
                }
                expected.extend(data);
            }
            let items = dispatch_list(
                client.api(),
                operation.id,
                arguments.clone(),
                CollectItems { backwards },
            );
            let found = items.unwrap().await.unwrap();
            item_count += found.len();
            let received = fake.take_requests();
            assert_eq!(
                requested_cursors(&received, parameter, &arguments),
                ["start", "c1", "c2"],
                "{}",
                operation.id
            );
            let page = |data: Vec<Value>| {
                let mut page = sample.pages[0].clone();
                page["data"] = data.into();
                page
            };
            let differences = differences(
                &sample.response.schema,
                &page(expected),
                &page(found),
                &nulls,
            );
            assert!(differences.is_empty(), "{}: {differences:?}", operation.id);
        }
    }
    println!("lists       {lists}, with {item_count} items");
    assert_eq!(lists, 29);
}
