//! The history of a training as CSV, one row per epoch.

use nnfs::model::Epoch;

use crate::NetworkHistory;

/// The columns: number of the network, with bagging (from 1, as in the names of checkpoints), number
/// of the epoch (from 0), loss and penalty, metrics on the training rows, the same on the validation rows,
/// learning rate, gradient norm, seconds.
pub(crate) fn csv(networks: &[NetworkHistory]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |record: Vec<String>| writer.write_record(record).expect("equal columns");
    // Also of an ensemble that was interrupted in its first network.
    let is_ensemble = networks.iter().any(|network| network.fold.is_some());
    let number = |number: String| is_ensemble.then_some(number);
    if let Some(first) = networks.iter().find_map(|network| network.history.epochs.first()) {
        let names = columns(first).into_iter().map(|(name, _)| name);
        write(number("network".to_owned()).into_iter().chain(names).collect());
    }
    for (index, network) in networks.iter().enumerate() {
        for epoch in &network.history.epochs {
            let values = columns(epoch).into_iter().map(|(_, value)| value);
            write(number((index + 1).to_string()).into_iter().chain(values).collect());
        }
    }
    writer.into_inner().expect("memory can be written")
}

fn columns(epoch: &Epoch) -> Vec<(String, String)> {
    let mut columns =
        vec![("data_loss".to_owned(), epoch.data_loss), ("penalty".to_owned(), epoch.penalty)];
    columns.extend(epoch.metrics.clone());
    if let Some(validation) = &epoch.validation {
        columns.push(("validation_loss".to_owned(), validation.loss));
        let metrics = validation.metrics.iter();
        columns.extend(metrics.map(|(name, value)| (format!("validation_{name}"), *value)));
    }
    columns.push(("learning_rate".to_owned(), epoch.learning_rate));
    columns.push(("gradient_norm".to_owned(), epoch.gradient_norm));
    columns.push(("seconds".to_owned(), epoch.seconds));

    let number = ("epoch".to_owned(), epoch.epoch.to_string());
    // Debug prints the fewest digits that are read back as the same number.
    let rest = columns.into_iter().map(|(name, value)| (name, format!("{value:?}")));
    std::iter::once(number).chain(rest).collect()
}
