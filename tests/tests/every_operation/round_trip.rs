//! Samples requests and responses of an operation, sends them, and compares both ends.

use std::collections::BTreeSet;

use retab_fake::spec::{
    self, Body, Checker, MeaningfulNulls, Operation, Profile, Sampler, Spec, Violation,
    argument_differences, differences,
};
use retab_fake::{ReceivedRequest, Response};
use retab_tests::dispatch::{DispatchError, Outcome};
use serde_json::{Map, Value};

use crate::corrections::{MEANINGFUL_NULLS, ambiguities, without_generated_id};
use crate::mock_service::{self, MockService};

/// The first profiles of every operation, before `Varied` and `Newer` alternate until all choices are covered.
const PROFILES: [Profile; 5] = [
    Profile::Minimal,
    Profile::Full,
    Profile::Nulls,
    Profile::Edges,
    Profile::Newer,
];

/// Maximum number of rounds per operation, if any choices of its schemas cannot be covered.
const MAX_ROUNDS: usize = 200;

/// Round trips through the client, and the failures found.
pub(crate) struct RoundTrips<'d> {
    originals: &'d [Operation<'d>],
    request_checker: Checker<'d>,
    response_checker: Checker<'d>,
    nulls: MeaningfulNulls,
    service: MockService,
    pub(crate) requests: Sampler,
    pub(crate) responses: Sampler,
    /// The operations whose requests the service received.
    pub(crate) operations: BTreeSet<&'d str>,
    /// The parameters and parts that the service received, by operation, location and name.
    pub(crate) parameters: BTreeSet<(&'d str, &'d str, &'d str)>,
    pub(crate) requests_sent: usize,
    pub(crate) responses_decoded: usize,
    failures: Vec<String>,
}

/// The sampled request and response of one round trip.
struct Sample<'d> {
    arguments: Map<String, Value>,
    response: spec::Response<'d>,
    /// The response body if it is JSON.
    value: Option<Value>,
    profile: Profile,
}

impl<'d> RoundTrips<'d> {
    /// Samples come from the corrected spec. Requests are validated against the original spec.
    pub(crate) async fn new(
        original: &'d Spec,
        originals: &'d [Operation<'d>],
        corrected: &'d Spec,
    ) -> Self {
        Self {
            originals,
            request_checker: Checker::new(original).unwrap(),
            response_checker: Checker::new(corrected).unwrap(),
            nulls: MeaningfulNulls::of(corrected, &MEANINGFUL_NULLS),
            service: MockService::start().await,
            requests: Sampler::for_requests(corrected, 1),
            responses: Sampler::for_responses(corrected, 2),
            operations: BTreeSet::new(),
            parameters: BTreeSet::new(),
            requests_sent: 0,
            responses_decoded: 0,
            failures: Vec::new(),
        }
    }

    /// Samples an operation until every choice of its schemas is covered, and then `extra` more times.
    pub(crate) async fn run(&mut self, operation: &Operation<'d>, extra: usize) {
        let successes = operation
            .responses
            .iter()
            .filter(|response| response.is_success());
        let successes: Vec<spec::Response<'d>> = successes.copied().collect();
        self.requests.track_arguments(operation);
        for response in &successes {
            let name = format!("{} {}", operation.id, response.status);
            self.responses.track_schema(&response.schema, &name);
        }
        let mut left = extra;
        for round in 0.. {
            if round >= PROFILES.len()
                && (round >= MAX_ROUNDS || self.covers(operation, &successes))
            {
                if left == 0 {
                    return;
                }
                left -= 1;
            }
            let alternating = if round % 2 == 0 {
                Profile::Varied
            } else {
                Profile::Newer
            };
            let profile = PROFILES.get(round).copied().unwrap_or(alternating);
            let response = successes[round % successes.len()];
            let sample = Sample {
                arguments: self.requests.arguments(operation, profile),
                response,
                value: response
                    .is_json()
                    .then(|| self.responses.draw(&response.schema, profile)),
                profile,
            };
            self.send(operation, &sample).await;
        }
    }

    fn covers(&mut self, operation: &Operation<'d>, successes: &[spec::Response<'d>]) -> bool {
        self.requests.covers_arguments(operation)
            && successes
                .iter()
                .all(|response| self.responses.covers_schema(&response.schema))
    }

    async fn send(&mut self, operation: &Operation<'d>, sample: &Sample<'d>) {
        let original = self
            .originals
            .iter()
            .find(|original| original.id == operation.id)
            .unwrap();
        let violations = self
            .request_checker
            .argument_violations(original, &sample.arguments)
            .unwrap();
        self.add_violations(operation, "sampled an invalid request", violations);
        if let Some(value) = sample
            .value
            .as_ref()
            .filter(|_| sample.profile != Profile::Newer)
        {
            let violations = self
                .response_checker
                .violations(&sample.response.schema, value)
                .unwrap();
            self.add_violations(operation, "sampled an invalid response", violations);
        }
        let status = sample.response.status;
        let response = match (sample.response.media_type, &sample.value) {
            (None, _) => Response::empty(status),
            (Some(_), Some(value)) => Response::json(status, value),
            (Some(media_type), None) => Response::new(status, media_type, mock_service::bytes()),
        };
        let (outcome, received) = self
            .service
            .send(operation.id, &sample.arguments, response)
            .await;
        match &received[..] {
            [request] => self.compare_request(operation, original, &sample.arguments, request),
            requests => self.add_failure(operation, &format!("sent {} requests", requests.len())),
        }
        match outcome {
            Ok(outcome) => self.compare_response(operation, sample, outcome),
            Err(error) => self.add_failure(operation, &format!("failed: {}", chain(&error))),
        }
    }

    fn compare_request(
        &mut self,
        operation: &Operation<'d>,
        original: &Operation<'d>,
        arguments: &Map<String, Value>,
        request: &ReceivedRequest,
    ) {
        self.requests_sent += 1;
        match Operation::find(self.originals, &request.method, &request.path) {
            Some(matched) if matched.id == operation.id => {
                self.operations.insert(operation.id);
            }
            Some(matched) => self.add_failure(operation, &format!("sent a {} request", matched.id)),
            None => self.add_failure(operation, "sent a request that matches no operation"),
        }
        let (received, violations) = self
            .request_checker
            .decode_request(original, request)
            .unwrap();
        self.add_violations(operation, "sent an invalid request", violations);
        let received = without_generated_id(operation.id, arguments, received);
        let differences = argument_differences(operation, arguments, &received, &self.nulls);
        self.add_violations(operation, "sent different arguments", differences);
        let parts = operation.body.iter().flat_map(Body::parts);
        for parameter in operation.parameters.iter().copied().chain(parts) {
            let location = parameter.location.as_str();
            if received
                .get(location)
                .is_some_and(|values| values.get(parameter.name).is_some())
            {
                self.parameters
                    .insert((operation.id, location, parameter.name));
            }
        }
    }

    fn compare_response(
        &mut self,
        operation: &Operation<'d>,
        sample: &Sample<'d>,
        outcome: Outcome,
    ) {
        match (outcome, &sample.value) {
            (
                Outcome::Json {
                    value: decoded,
                    unknown,
                    ..
                },
                Some(value),
            ) => {
                self.responses_decoded += 1;
                let differences =
                    differences(&sample.response.schema, value, &decoded, &self.nulls);
                self.add_violations(operation, "decoded a different value", differences);
                if sample.profile != Profile::Newer && unknown > ambiguities(value) {
                    self.add_failure(
                        operation,
                        &format!("decoded {unknown} unknown values or variants in {value}"),
                    );
                }
            }
            (Outcome::Bytes(decoded), None) => {
                self.responses_decoded += 1;
                if decoded != mock_service::bytes() {
                    self.add_failure(operation, "returned different bytes");
                }
            }
            (Outcome::Empty, None) if sample.response.media_type.is_none() => {}
            (outcome, _) => self.add_failure(
                operation,
                &format!("returned {outcome:?} for {}", sample.response.status),
            ),
        }
    }

    fn add_violations(
        &mut self,
        operation: &Operation<'_>,
        summary: &str,
        violations: Vec<Violation>,
    ) {
        for violation in violations {
            self.add_failure(operation, &format!("{summary}: {violation}"));
        }
    }

    fn add_failure(&mut self, operation: &Operation<'_>, failure: &str) {
        self.failures.push(format!("{} {failure}", operation.id));
    }

    /// Number of properties for which null differs from absence.
    pub(crate) fn meaningful_nulls(&self) -> usize {
        self.nulls.count()
    }

    /// Panics with the distinct failures, if there are any.
    pub(crate) fn assert_no_failures(&self) {
        let distinct: BTreeSet<&str> = self.failures.iter().map(String::as_str).collect();
        let listed: Vec<&str> = distinct.iter().copied().take(60).collect();
        assert!(
            distinct.is_empty(),
            "{} distinct failures, including\n{}",
            distinct.len(),
            listed.join("\n")
        );
    }
}

fn chain(error: &DispatchError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
