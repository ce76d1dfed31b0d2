//! The network as a file that `nnfs predict` and PyTorch read.

use nnfs::datasets::{Columns, Encoder, Table};
use nnfs::files::{FileScalar, Pipeline};
use nnfs::tensor::OutputLink;
use nnfs_chapter::sine::{Arithmetic, Number};
use serde_json::json;

use crate::answer::{Answer, Refusal, refused};
use crate::network;
use crate::session::Trainee;

/// The name of the file.
const NAME: &str = "model.safetensors";

/// The rows that the encoder is fitted to.
const ROWS: usize = 50;

impl<T: Number> Trainee<T> {
    /// A session in `f64` is saved in `f64`, the others in `f32`: the parameters of the book are float32.
    pub(crate) fn to_file(&self) -> Result<Answer, Refusal> {
        let bytes = match self.settings.arithmetic {
            Arithmetic::F64 => self.bytes::<f64>(),
            Arithmetic::F32 | Arithmetic::Numpy => self.bytes::<f32>(),
        }?;
        Ok(Answer::of(&json!({ "bytes": bytes.len(), "name": NAME })).with_file(bytes))
    }

    fn bytes<U: FileScalar>(&self) -> Result<Vec<u8>, Refusal> {
        let mut parameters = Vec::new();
        for layer in self.training.model.layers() {
            layer.for_each_parameter(&mut |parameter| {
                parameters.push(parameter.value.map(|value| U::parameter(value.to_f64())));
            });
        }
        let mut parameters = parameters.into_iter();
        let mut next = || parameters.next().unwrap_or_default();
        let widths = network::widths(&self.settings, &self.data);
        let model = network::model(&self.settings, &widths, |_, _| (next(), next()))?;
        let link = self.training.loss.link();
        let mut pipeline = Pipeline::<U>::new(model)
            .with_link(link)
            .and_then(|it| match self.encoder() {
                Some(encoder) => it.with_encoder(encoder),
                None => Ok(it),
            })
            .map_err(refused)?;
        if let Some((inputs, targets)) = &self.data.scalers {
            pipeline = pipeline
                .with_input_scaler(inputs.clone())
                .and_then(|it| it.with_target_scaler(targets.clone()))
                .map_err(refused)?;
        }
        pipeline.to_bytes().map_err(refused)
    }

    /// Finds the columns of a table by their names. `None` where the columns do not become one number each.
    fn encoder(&self) -> Option<Encoder> {
        let (x, y) = (&self.data.names.0, &self.data.names.1);
        if let Some(table) = &self.data.table {
            let columns = Columns::regression([y.as_str()]).inputs([x.as_str()]);
            let encoder = Encoder::fit(table, &columns).ok()?;
            let fits = encoder.input_width() == 1 && encoder.input_names() == [x.clone()];
            return fits.then_some(encoder);
        }
        let rows = self.data.inputs.nrows();
        let shown = (0..rows).step_by(rows.div_ceil(ROWS));
        if self.data.classes == 0 {
            let table = shown.map(|row| [self.data.inputs[row], self.data.targets[row]].map(text));
            let table = Table::from_rows("the data", &[x, y], table).ok()?;
            let columns = Columns::regression([y.as_str()]).inputs([x.as_str()]);
            return Encoder::fit(&table, &columns).ok().filter(|it| it.input_width() == 1);
        }
        let row = |row: usize| {
            let (x, y) = (self.data.inputs[(row, 0)], self.data.inputs[(row, 1)]);
            [text(x), text(y), self.data.labels[row].to_string()]
        };
        let table = Table::from_rows("the data", &["x", "y", "class"], shown.map(row)).ok()?;
        let encoder = Encoder::fit(&table, &Columns::classification("class")).ok()?;
        let link = self.training.loss.link();
        let fits = encoder.input_width() == 2
            && encoder.target_width() == self.data.classes
            && link != OutputLink::Identity;
        fits.then_some(encoder)
    }
}

fn text(number: f64) -> String {
    number.to_string()
}
