//! Applies overlays to a spec.

use serde_json::Value;

use super::action::Place;
use super::misfit::{Misfit, Unmatched};
use super::read::Overlay;
use crate::problem::Problem;

/// Applies `overlays` to `document` and returns the parts that do not apply.
///
/// An incompatible action is skipped as a whole, so that an overlay for one revision does not prevent the use of
/// another.
pub(crate) fn apply(document: &mut Value, overlays: &[Overlay]) -> Vec<Misfit> {
    let mut left_out: Vec<((usize, usize), Problem)> = Vec::new();
    loop {
        let mut changed = document.clone();
        match apply_but(&left_out, &mut changed, overlays) {
            Ok(unmatched) => {
                *document = changed;
                let problems = left_out.into_iter().map(|(_, problem)| problem);
                let mut misfits: Vec<Misfit> = problems.map(Misfit::LeftOut).collect();
                misfits.extend(grouped(unmatched, overlays));
                return misfits;
            }
            // Each iteration skips one more action.
            Err(refused) => left_out.push(refused),
        }
    }
}

/// Applies all actions except those in `left_out`.
///
/// # Errors
/// Returns the index of the first incompatible action and the reason.
fn apply_but(
    left_out: &[((usize, usize), Problem)],
    document: &mut Value,
    overlays: &[Overlay],
) -> Result<Vec<Unmatched>, ((usize, usize), Problem)> {
    let mut unmatched = Vec::new();
    for (number, overlay) in overlays.iter().enumerate() {
        for (index, action) in overlay.actions.iter().enumerate() {
            let at = (number, index);
            if left_out.iter().any(|(place, _)| *place == at) {
                continue;
            }
            let place = Place {
                file: &overlay.file,
                action: index + 1,
            };
            let missing = action.apply(document, overlay.texts).map_err(|reason| {
                let problem = place.problem(
                    format_args!("cannot apply the action to {}: {reason}", action.target()),
                    "adapt the action to the spec as changed by the preceding actions",
                );
                (at, problem)
            })?;
            unmatched.extend(missing.into_iter().map(|target| Unmatched {
                file: overlay.file.clone(),
                action: index + 1,
                is_whole: target == action.target(),
                target,
                reason: action.reason.clone(),
            }));
        }
    }
    Ok(unmatched)
}

/// Combines the unmatched actions of an overlay into one report if none of its actions matched.
fn grouped(unmatched: Vec<Unmatched>, overlays: &[Overlay]) -> Vec<Misfit> {
    let foreign = |overlay: &&Overlay| {
        let of = |unmatched: &&Unmatched| unmatched.is_whole && unmatched.file == overlay.file;
        overlay.actions.len() > 1 && unmatched.iter().filter(of).count() == overlay.actions.len()
    };
    let foreign: Vec<&Overlay> = overlays.iter().filter(foreign).collect();
    let whole = foreign.iter().map(|overlay| Misfit::Foreign {
        file: overlay.file.clone(),
        actions: overlay.actions.len(),
    });
    let whole: Vec<Misfit> = whole.collect();
    let is_single = |unmatched: &Unmatched| foreign.iter().all(|of| of.file != unmatched.file);
    let singles = unmatched.into_iter().filter(is_single).collect::<Vec<_>>();
    (whole.into_iter())
        .chain(singles.into_iter().map(Misfit::Unmatched))
        .collect()
}
