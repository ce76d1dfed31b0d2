//! `history.csv`: a row an epoch.

use nnfs::model::Epoch;

/// The columns: number (from 0), loss and penalty, metrics on the training rows, the same on the
/// validation rows, learning rate, gradient norm, seconds.
///
/// # Errors
/// Never, unless the epochs are of different trainings.
pub(crate) fn csv(epochs: &[Epoch]) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if let Some(first) = epochs.first() {
        writer.write_record(columns(first).into_iter().map(|(name, _)| name))?;
    }
    for epoch in epochs {
        // Debug prints the fewest digits that are read back as the same number.
        writer.write_record(columns(epoch).into_iter().map(|(_, value)| value))?;
    }
    Ok(writer.into_inner()?)
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
    let rest = columns.into_iter().map(|(name, value)| (name, format!("{value:?}")));
    std::iter::once(number).chain(rest).collect()
}
