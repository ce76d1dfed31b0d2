//! An ensemble as tables.

use std::fmt;

use nnfs_tensor::Scalar;

use crate::{Ensemble, Summary};

/// The members of an ensemble, those with the same layers together; it prints as tables.
///
/// A single model prints as its [`Summary`].
#[derive(Debug, Clone, PartialEq)]
pub struct EnsembleSummary {
    /// One for each kind of network, in the order of the members.
    pub groups: Vec<SummaryGroup>,
}

/// The members of an [`EnsembleSummary`] that have the same layers.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryGroup {
    /// The layers of each of them.
    pub network: Summary,
    /// The shares of the members in the mean, in order.
    pub shares: Vec<f64>,
}

impl EnsembleSummary {
    pub(crate) fn of<T: Scalar>(ensemble: &Ensemble<T>) -> Self {
        let mut groups: Vec<SummaryGroup> = Vec::new();
        for member in ensemble.members() {
            let (network, share) = (member.model().summary(), member.share());
            match groups.iter_mut().find(|group| group.network == network) {
                Some(group) => group.shares.push(share),
                None => groups.push(SummaryGroup { network, shares: vec![share] }),
            }
        }
        Self { groups }
    }

    /// The number of networks.
    pub fn members(&self) -> usize {
        self.groups.iter().map(|group| group.shares.len()).sum()
    }

    /// The number of trained numbers in all networks.
    pub fn parameters(&self) -> usize {
        let count = |group: &SummaryGroup| group.shares.len() * group.network.parameters();
        self.groups.iter().map(count).sum()
    }
}

impl SummaryGroup {
    /// How many networks there are and with which shares, such as `8 networks, each with weight 0.125`.
    pub fn title(&self) -> String {
        let shares: Vec<String> = self.shares.iter().map(|&share| short(share)).collect();
        match shares.as_slice() {
            [share] => format!("1 network with weight {share}"),
            [first, others @ ..] if others.iter().all(|other| other == first) => {
                format!("{} networks, each with weight {first}", shares.len())
            }
            shares => format!("{} networks with weights {}", shares.len(), shares.join(", ")),
        }
    }
}

/// A share with four decimals, without zeros at the end; a smaller one has an exponent.
fn short(share: f64) -> String {
    if share > 0.0 && share < 0.00005 {
        return format!("{share:.0e}");
    }
    let text = format!("{share:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl fmt::Display for EnsembleSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.members() == 1 {
            return self.groups[0].network.fmt(f);
        }
        for group in &self.groups {
            writeln!(f, "{}:\n{}", group.title(), group.network)?;
        }
        writeln!(f, "{} networks, {} parameters", self.members(), self.parameters())
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_small_share_is_not_0() {
        let shares = [1.0, 0.125, 0.00005, 0.000_03, 0.0];
        assert_eq!(shares.map(short), ["1", "0.125", "0.0001", "3e-5", "0"]);
    }
}
