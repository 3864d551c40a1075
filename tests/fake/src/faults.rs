//! Faults that the fake has on purpose, as a rule says which.

mod rule;

use std::fmt;
use std::str::FromStr;

use fastrand::Rng;
use http::StatusCode;

use rule::Rule;

/// The forms of a rule, for whoever has written another one.
pub const FAULT_SYNTAX: &str = "\
RULE[,RULE...], where RULE is OPERATION:FAULT[xCOUNT][@PERCENT%]
  OPERATION  an operationId of the document, `storage`, or `*` for all of the service
  FAULT      a status from 400 to 599, with +SECONDS for its Retry-After: 429+2
             html      502 with the page of a proxy
             reset     the connection is reset before anything is done
             lost      it is done, but the connection is reset before the answer
             truncate  it is done, but half of the answer is missing
             stall     nothing is ever answered
  xCOUNT     only so many times; without it always
  @PERCENT%  by chance, the same at each start; without it every time
such as create_workflow_run:503x2,get_workflow_run:reset,*:429+2@10%";

/// Which requests fail, and how.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use retab_fake::Faults;
///
/// let faults: Faults = "create_workflow_run:503x2,*:429+2@10%".parse()?;
/// let mistake = "create_workflow_rum:503".parse::<Faults>().unwrap_err();
/// assert!(mistake.to_string().contains("no operation of the document"));
/// # let _ = faults;
/// # Ok(())
/// # }
/// ```
///
/// Of several rules that fit a request, the first one that strikes counts. The forms are those of [`FAULT_SYNTAX`].
#[derive(Clone, Debug)]
pub struct Faults {
    rules: Vec<Rule>,
    random: Rng,
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A status, with the seconds that Retry-After names.
    Status(StatusCode, Option<u64>),
    Html,
    Reset,
    Lost,
    Truncate,
    Stall,
}

/// A rule that is none, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultsError {
    rule: String,
    reason: String,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            random: Rng::with_seed(1),
        }
    }
}

impl Faults {
    /// The fault of the next request for an operation, where there is one.
    pub(crate) fn strike(&mut self, operation: &str) -> Option<Fault> {
        let random = &mut self.random;
        self.rules
            .iter_mut()
            .find_map(|rule| rule.strike(operation, random))
    }
}

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let rules = text.split(',').map(str::trim).map(Rule::parse);
        Ok(Self {
            rules: rules.collect::<Result<_, _>>()?,
            ..Self::default()
        })
    }
}

impl fmt::Display for FaultsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the fault `{}`: {}\nthe forms are {FAULT_SYNTAX}",
            self.rule, self.reason
        )
    }
}

impl std::error::Error for FaultsError {}
