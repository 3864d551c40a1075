//! The error for an invalid fault rule.

use std::fmt;

/// The syntax of fault rules, for help texts and error messages.
pub const FAULT_SYNTAX: &str = "\
RULE[,RULE...], where RULE is OPERATION:FAULT[xCOUNT][@PERCENT%]
  OPERATION  an operationId of the spec, `storage` for object storage, or `*` for every API request
  FAULT      a status from 400 to 599, optionally +SECONDS for Retry-After: 429+2
             html      respond 502 with the HTML page of a proxy
             reset     reset the connection without processing the request
             lost      process the request, then reset the connection
             truncate  process the request, then send half of the response
             stall     never respond
  xCOUNT     apply the rule COUNT times; without it, always
  @PERCENT%  apply the rule at random, with a fixed seed; without it, every time
Example: create_workflow_run:503x2,get_workflow_run:reset,*:429+2@10%";

/// An invalid fault rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultsError {
    pub(super) rule: String,
    pub(super) reason: String,
}

impl fmt::Display for FaultsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot parse the fault rule `{}`: {}\nuse the syntax {FAULT_SYNTAX}",
            self.rule, self.reason
        )
    }
}

impl std::error::Error for FaultsError {}
