//! Which columns matter, and how: importance.csv and the curves of the page.

use std::num::NonZeroUsize;

use nnfs::model::SummaryGroup;
use nnfs::rand::rngs::ChaCha8Rng;
use nnfs_console::count;
use nnfs_report::{ColumnImportance, Dependence, DependenceValues, Inspection};
use nnfs_tabular::{
    DependenceSettings, Fitted, Grid, Importance, ImportanceSettings, Importances,
    PartialDependence, Predictor, Table, sample_rows, short, shown,
};

/// How many columns the terminal shows.
const MOST_NAMED: usize = 5;

/// The most figures of partial dependence on the page.
const MOST_CURVES: usize = 9;

/// The most values of a curve.
const RESOLUTION: usize = 20;

/// The most classes in one figure: as many as there are colors.
const MOST_CLASSES: usize = 6;

/// Products of two numbers that the importances may take. For a large network or a wide table fewer rows are drawn.
const MOST_PRODUCTS: usize = 4_000_000_000;

/// The same where the fewest rows take more. Then each column is shuffled less often, so that the importances take a
/// few seconds at most. Ctrl-C is ignored meanwhile.
const MOST_PRODUCTS_OF_FEWEST: usize = 300_000_000_000;

/// The most and the fewest rows of importances and curves, unless the table has fewer.
const ROWS: (usize, usize) = (2000, 100);

/// The most rows of curves.
const ROWS_OF_CURVES: usize = 300;

/// What a training says about the columns of its table.
#[derive(Debug)]
pub(crate) struct Inspected {
    /// `test` or `training`.
    part: &'static str,
    /// How often each column was shuffled.
    repeats: usize,
    /// The importances, or why they are missing.
    importances: Result<Importances, String>,
    dependences: Vec<PartialDependence>,
}

impl Inspected {
    /// Computes it on the test rows; without test rows, or with a single one, on the training rows.
    pub(crate) fn of(fitted: &Fitted, seed: u64) -> Self {
        let (parts, predictor) = (fitted.parts(), fitted.predictor());
        let weight = fitted.report().weight.clone();
        let (part, table) = match parts.test() {
            Some(test) if test.rows() > 1 => ("test", test),
            _ => ("training", parts.train()),
        };
        let settings = ImportanceSettings::default();
        let (columns, repeats) = (predictor.columns().len(), settings.repeats.get());
        let max_rows = rows_for(predictor, columns * repeats);
        let products = products_of(predictor).saturating_mul(columns * max_rows.min(table.rows()));
        let affordable = repeats.min(MOST_PRODUCTS_OF_FEWEST / products.max(1));
        // A stream of the seed that the training does not use: it takes the first ones and the last ones.
        let mut rng = nnfs::tensor::stream(seed, 1 << 63);
        let importances = match NonZeroUsize::new(affordable) {
            None => Err(format!(
                "it would take long for {columns} columns; see --importance of nnfs evaluate"
            )),
            Some(repeats) => {
                let weight = weight.clone();
                let settings = ImportanceSettings { repeats, max_rows, weight, ..settings };
                let importances = predictor.permutation_importance(table, &settings, &mut rng);
                importances.map_err(|error| error.to_string())
            }
        };
        let dependences = match &importances {
            Ok(importances) => curves(predictor, table, importances, weight, &mut rng),
            Err(_) => Vec::new(),
        };
        Self { part, repeats: affordable, importances, dependences }
    }

    /// `importance.csv`: only the header if the importances cannot be computed.
    pub(crate) fn csv(&self) -> Vec<u8> {
        match &self.importances {
            Ok(importances) => importances.to_csv(),
            Err(_) => b"column,importance,deviation\n".to_vec(),
        }
    }

    /// Why the importances are missing, or that columns were shuffled less often.
    pub(crate) fn problem(&self) -> Option<String> {
        match &self.importances {
            Err(reason) => Some(format!("The importance of the columns is missing: {reason}.")),
            Ok(_) if self.repeats < ImportanceSettings::default().repeats.get() => Some(format!(
                "There are many columns, so each was shuffled {} for its importance.",
                if self.repeats == 1 {
                    "once".to_owned()
                } else {
                    format!("{} times", self.repeats)
                }
            )),
            Ok(_) => None,
        }
    }

    /// A line with the most important columns, and one about a problem.
    pub(crate) fn lines(&self) -> Vec<String> {
        let most = self.importances.as_ref().ok().map(|importances| {
            let shown = |it: &Importance| format!("\"{}\" {}", shown(&it.column), short(it.mean()));
            let columns: Vec<String> =
                importances.columns.iter().take(MOST_NAMED).map(shown).collect();
            let score = if importances.score == "r2" { "R2" } else { importances.score };
            let part = self.part;
            format!(
                "importance (decrease of the {part} {score} if the column is shuffled): {}",
                columns.join(", ")
            )
        });
        let problem = self.problem().map(|problem| {
            format!("note: {}", problem.trim_start_matches("The ").trim_end_matches('.'))
        });
        most.into_iter().chain(problem).collect()
    }

    /// The figures of the page.
    pub(crate) fn on_page(&self) -> Option<Inspection> {
        let importances = self.importances.as_ref().ok()?;
        let part = self.part;
        let rows = match importances.drawn_from {
            None => count(importances.rows, &format!("{part} row")),
            Some(all) => format!("{} of {all} {part} rows, drawn at random", importances.rows),
        };
        let note = match part {
            "test" => "The network was not trained on these rows.",
            _ => {
                "The network was trained on these rows, so the bars also show what it has learned by heart."
            }
        };
        let score = match importances.score {
            "r2" => "R2",
            score => score,
        };
        let bars = importances.columns.iter().map(|importance| ColumnImportance {
            column: importance.column.clone(),
            importance: importance.mean(),
            deviation: importance.deviation(),
        });
        Some(Inspection {
            rows,
            note: note.to_owned(),
            score: score.to_owned(),
            importances: bars.collect(),
            dependences: self.figures(),
        })
    }

    /// A figure for each column, with a curve for each class; of numbers, one for each target.
    fn figures(&self) -> Vec<Dependence> {
        let is_of_classes =
            self.importances.as_ref().is_ok_and(|importances| importances.score != "r2");
        let shown = if is_of_classes { self.shown_classes() } else { Vec::new() };
        let figure = |found: &PartialDependence, outputs: &[usize]| {
            let name = |&output: &usize| match is_of_classes {
                true => format!("probability of {}", found.outputs[output]),
                false => found.outputs[output].clone(),
            };
            let points = 0..found.means.nrows();
            let at = |point| outputs.iter().map(move |&output| found.means[(point, output)]);
            Dependence {
                column: found.column.clone(),
                values: match &found.grid {
                    Grid::Numbers(numbers) => DependenceValues::Numbers(numbers.clone()),
                    Grid::Dates { texts, .. } => DependenceValues::Dates(texts.clone()),
                    Grid::Categories(names) => DependenceValues::Categories(names.clone()),
                },
                outputs: outputs.iter().map(name).collect(),
                means: points.flat_map(at).collect(),
            }
        };
        let figures = self.dependences.iter().flat_map(|found| match is_of_classes {
            true => vec![figure(found, &shown)],
            false => {
                (0..found.outputs.len()).map(|output| figure(found, &[output])).collect::<Vec<_>>()
            }
        });
        figures.take(MOST_CURVES).collect()
    }

    /// The classes whose curves are shown: of two classes the second, because the other curve is its mirror
    /// image; of many those whose probability changes most.
    fn shown_classes(&self) -> Vec<usize> {
        let classes = self.dependences.first().map_or(0, |found| found.outputs.len());
        if classes == 2 {
            return vec![1];
        }
        let change = |class: usize| -> f64 {
            let range = |found: &PartialDependence| {
                let means = found.means.column(class);
                means.max() - means.min()
            };
            self.dependences.iter().map(range).fold(0.0, f64::max)
        };
        let mut shown: Vec<usize> = (0..classes).collect();
        shown.sort_by(|&a, &b| change(b).total_cmp(&change(a)));
        shown.truncate(MOST_CLASSES);
        shown.sort_unstable();
        shown
    }
}

/// The partial dependence on the most important columns. A column without one is left out.
fn curves(
    predictor: &Predictor,
    table: &Table,
    importances: &Importances,
    weight: Option<String>,
    rng: &mut ChaCha8Rng,
) -> Vec<PartialDependence> {
    let rows = rows_for(predictor, MOST_CURVES * RESOLUTION).min(ROWS_OF_CURVES);
    let table = sample_rows(table, rows, rng);
    let resolution = const { NonZeroUsize::new(RESOLUTION).unwrap() };
    let settings = DependenceSettings { resolution, weight, ..DependenceSettings::default() };
    let of = |column: &str| predictor.partial_dependence(&table, column, &settings).ok().flatten();
    importances.columns.iter().filter_map(|it| of(&it.column)).take(MOST_CURVES).collect()
}

/// The most rows that can be predicted this many times without a noticeable wait.
fn rows_for(predictor: &Predictor, times: usize) -> usize {
    let (most, fewest) = ROWS;
    (MOST_PRODUCTS / products_of(predictor).saturating_mul(times).max(1)).clamp(fewest, most)
}

/// The products of two numbers that the prediction of a row takes: one for each parameter.
fn products_of(predictor: &Predictor) -> usize {
    let parameters = |group: &SummaryGroup| -> usize {
        let of_network: usize = group.network.rows.iter().map(|row| row.parameters).sum();
        of_network * group.shares.len()
    };
    predictor.pipeline().summary().groups.iter().map(parameters).sum()
}
