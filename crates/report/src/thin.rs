//! Long trainings: a page draws some of their epochs, because a chart cannot show them all.

use std::collections::HashSet;

use serde::{Serialize, Serializer};

use crate::{Epoch, Run};

/// A run with more epochs than this is thinned.
const MOST: usize = 2000;

/// About how many epochs remain of it.
const REMAINING: usize = 1000;

/// Serializes runs, with the epochs of long ones thinned.
pub(crate) fn thinned_runs<S: Serializer>(runs: &[Run], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(runs.iter().map(Thinned))
}

struct Thinned<'a>(&'a Run);

impl Serialize for Thinned<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let run = self.0;
        if run.epochs.len() <= MOST {
            return run.serialize(serializer);
        }
        let mut shown = Run { epochs: Vec::new(), ..run.clone() };
        let step = run.epochs.len().div_ceil(REMAINING);
        shown.epochs = remaining(run, step);
        shown.notes.push(format!(
            "The curves and the table of epochs show one in {step} of {} epochs, and also the epochs \
             of the pictures, the one with the lowest loss and the last one.",
            run.epochs.len(),
        ));
        shown.serialize(serializer)
    }
}

/// Every `step`th epoch, those of the frames, the one with the lowest loss, and the last one.
fn remaining(run: &Run, step: usize) -> Vec<Epoch> {
    // The weights after `n` epochs are those with which epoch `n - 1` ends.
    let offset = usize::from(run.epochs_are_ends);
    let framed: HashSet<usize> =
        run.frames.iter().filter_map(|frame| frame.epoch.checked_sub(offset)).collect();
    let loss = |epoch: &Epoch| epoch.held_out_loss.unwrap_or(epoch.data_loss + epoch.penalty);
    let lowest = run.epochs.iter().enumerate().filter(|(_, epoch)| loss(epoch).is_finite());
    let lowest = lowest.min_by(|(_, left), (_, right)| loss(left).total_cmp(&loss(right)));
    let (lowest, last) = (lowest.map(|(index, _)| index), run.epochs.len() - 1);
    let indexed = run.epochs.iter().enumerate();
    let kept = indexed.filter(|(index, epoch)| {
        index % step == 0
            || *index == last
            || Some(*index) == lowest
            || framed.contains(&epoch.epoch)
    });
    kept.map(|(_, epoch)| *epoch).collect()
}
