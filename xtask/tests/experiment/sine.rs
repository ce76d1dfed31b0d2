//! `cargo xtask experiment sine`, from the command line to its files.

#[cfg(unix)]
use crate::program::interrupted_experiment;
use crate::program::{experiment, names, read, read_bytes, rows};
use nnfs::numpy::python_repr;
use tempfile::tempdir;

const HEADER: &str = "run,epoch,accuracy,data_loss,regularization_loss,loss,learning_rate";

#[test]
fn a_short_experiment_writes_what_is_promised() {
    let place = tempdir().unwrap();
    let finished = experiment("sine --arithmetic f32 --epochs 102", place.path());
    assert_eq!(finished.code, Some(0), "{finished:?}");

    let together = ["data.svg", "lesson.svg", "metrics.csv", "report.html"];
    let mut expected = together.map(str::to_owned).to_vec();
    for run in 1..=9 {
        expected.extend(["log", "svg"].map(|kind| format!("run-{run}.{kind}")));
    }
    expected.sort();
    assert_eq!(names(place.path()), expected);

    let rows = rows(&read(place.path(), "metrics.csv"), HEADER);
    let keys: Vec<String> = rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    let expected = (1..=9).flat_map(|run| [format!("{run} 0"), format!("{run} 100")]);
    assert_eq!(keys, expected.collect::<Vec<_>>());
    for row in &rows {
        assert_eq!((&row[3], row[4].as_str()), (&row[5], "0.0"), "no penalty: {row:?}");
        for text in &row[2..] {
            assert_eq!(&python_repr(text.parse().unwrap()), text, "the shortest form");
        }
    }

    // Nine runs, and Glorot and He under them.
    let table: Vec<&str> = finished.stdout.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), 2 + 9 + 4, "{}", finished.stdout);
    assert!(table[0].contains("printed lines"), "{}", table[0]);
    assert!(table[11].contains("glorot-uniform") && table[14].contains("he-normal"));
    for run in 1..=9 {
        let lesson = read(place.path(), "lesson.svg");
        assert!(lesson.contains(&format!("Run {run}: ")), "{run}");
        let picture = read(place.path(), &format!("run-{run}.svg"));
        assert!(picture.starts_with("<svg") && picture.contains(&format!("run {run}: ")));
    }
}

#[test]
fn the_log_is_the_chapters_and_the_check_says_so() {
    let place = tempdir().unwrap();
    let finished = experiment("sine --check --epochs 201 --run 9 --run 1 --run 9", place.path());
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let passed = "check passed: 2 runs, 6 golden rows, 4 lines as printed\n";
    assert!(finished.stdout.ends_with(passed), "{}", finished.stdout);
    assert_eq!(finished.stdout.matches(" 2/2 ").count(), 2, "{}", finished.stdout);
    assert_eq!(
        names(place.path()),
        [
            "data.svg",
            "lesson.svg",
            "metrics.csv",
            "report.html",
            "run-1.log",
            "run-1.svg",
            "run-9.log",
            "run-9.svg"
        ]
    );

    let log = read(place.path(), "run-9.log");
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "epoch: 0, acc: 0.003, loss: 0.496 (data_loss: 0.496, reg_loss: 0.000), lr: 0.005",
            "epoch: 100, acc: 0.017, loss: 0.048 (data_loss: 0.048, reg_loss: 0.000), \
             lr: 0.004549590536851684",
        ]
    );
    assert_eq!(lines.len(), 3);
    let rows = rows(&read(place.path(), "metrics.csv"), HEADER);
    assert_eq!(rows[4][..3], ["9", "100", "0.017"]);
    assert_eq!(rows[4][6], "0.004549590536851684");
}

/// `(accuracy, loss)` at the epochs 0 and 100.
const SEED_7: [(f64, f64); 2] = [(0.001, 0.5019099522852776), (0.003, 0.12862664315268607)];

/// With another seed the digits are others, and NumPy's all the same: the values are what
/// `chapter_reference.py 6 --seed 7 --epochs 101` gives.
#[test]
fn another_seed_has_numpys_digits_too() {
    let place = tempdir().unwrap();
    let finished = experiment("sine --run 6 --seed 7 --epochs 101 --quiet", place.path());
    assert_eq!(finished.code, Some(0), "{finished:?}");
    let rows = rows(&read(place.path(), "metrics.csv"), HEADER);
    for (row, (accuracy, loss)) in rows.iter().zip(SEED_7) {
        assert_eq!(row[2].parse(), Ok(accuracy), "{row:?}");
        let found: f64 = row[5].parse().unwrap();
        assert!((found - loss).abs() <= 1e-9 * loss, "{row:?}, expected {loss}");
    }
    assert_eq!(rows.len(), SEED_7.len());
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let [one, two] = [1, 2].map(|jobs| {
        let place = tempdir().unwrap();
        let words = format!("sine --arithmetic f32 --epochs 301 --jobs {jobs} --quiet");
        let finished = experiment(&words, place.path());
        assert_eq!(finished.code, Some(0), "{finished:?}");
        assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("", ""));
        names(place.path()).iter().map(|name| read_bytes(place.path(), name)).collect::<Vec<_>>()
    });
    assert_eq!(one, two);
}

#[test]
fn a_custom_run() {
    let place = tempdir().unwrap();
    let words = "sine --custom --hidden 8,4,2 --init he-uniform --optimizer sgd \
                 --learning-rate 0.05 --decay 1e-4 --momentum 0.9 --loss huber --arithmetic f64 \
                 --epochs 150 --seed 3 --animate";
    let finished = experiment(words, place.path());
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(
        names(place.path()),
        [
            "data.svg",
            "metrics.csv",
            "report.html",
            "run-custom-animated.svg",
            "run-custom.log",
            "run-custom.svg"
        ]
    );
    for part in ["1-8-4-2-1", "he-uniform", "sgd 0.05, decay 0.0001, momentum 0.9"] {
        assert!(finished.stdout.contains(part), "{}", finished.stdout);
    }
    let rows = rows(&read(place.path(), "metrics.csv"), HEADER);
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row[0] == "custom"));
    let animated = read(place.path(), "run-custom-animated.svg");
    assert!(animated.contains("<animate ") && animated.contains("epoch 149: accuracy"));
}

/// The defaults of a custom run are the settings of run 6.
#[test]
fn a_custom_run_can_be_one_of_the_chapter() {
    let [own, chapter] = ["--custom", "--run 6"].map(|which| {
        let place = tempdir().unwrap();
        let words = format!("sine {which} --arithmetic f32 --epochs 101 --quiet");
        assert_eq!(experiment(&words, place.path()).code, Some(0));
        read(place.path(), "metrics.csv")
    });
    assert_eq!(own.replace("custom,", "6,"), chapter);
}

#[test]
fn a_run_that_diverges_keeps_its_log_and_fails() {
    let place = tempdir().unwrap();
    let words = "sine --custom --optimizer sgd --learning-rate 5 --arithmetic f32 --init he-normal";
    let finished = experiment(words, place.path());
    assert_eq!(finished.code, Some(1), "{finished:?}");
    let error = "error: custom run: training diverged in epoch ";
    assert!(finished.stderr.contains(error), "{}", finished.stderr);
    assert!(finished.stdout.contains("| diverged | epoch "), "{}", finished.stdout);
    let log = read(place.path(), "run-custom.log");
    assert!(log.starts_with("epoch: 0, acc: "), "{log}");
    assert!(read(place.path(), "run-custom.svg").contains("diverged at epoch"));
}

#[test]
fn files_of_other_runs_stay() {
    let place = tempdir().unwrap();
    for run in [2, 3] {
        let words = format!("sine --run {run} --arithmetic f32 --epochs 1 --quiet");
        assert_eq!(experiment(&words, place.path()).code, Some(0));
    }
    assert!(place.path().join("run-2.log").exists());
    assert!(place.path().join("run-3.log").exists());
    let rows = rows(&read(place.path(), "metrics.csv"), HEADER);
    assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["3"]);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_before_training() {
    let place = tempdir().unwrap();
    let file = place.path().join("file");
    std::fs::write(&file, "").unwrap();
    for out in [file.as_path(), &file.join("below")] {
        for task in ["sine", "spiral"] {
            let finished = experiment(task, out);
            assert_eq!(finished.code, Some(2), "{finished:?}");
            assert_eq!(finished.stdout, "");
            assert!(finished.stderr.starts_with("error: cannot write into the folder"));
            assert!(finished.stderr.contains(out.to_str().unwrap()), "{}", finished.stderr);
            assert_eq!(finished.stderr.lines().count(), 1, "{}", finished.stderr);
        }
    }
}

/// A training that would take hours ends at once, and its results so far are saved.
#[cfg(unix)]
#[test]
fn an_interrupted_experiment_keeps_what_was_done_and_says_so() {
    let place = tempdir().unwrap();
    let out = place.path().join("out");
    let words = "sine --run 9 --run 1 --arithmetic f32 --epochs 100000000 --jobs 1";
    let finished = interrupted_experiment(words, &out);
    assert_eq!(finished.code, Some(130), "{finished:?}");
    let said = "error: interrupted: of 2 runs, 0 ended, 1 stopped early, 1 did not start";
    assert!(finished.stderr.contains(said), "{}", finished.stderr);
    assert!(finished.stdout.contains("|   9 | 1-64-64-1 | "), "{}", finished.stdout);
    assert_eq!(names(&out), ["data.svg", "metrics.csv", "report.html", "run-9.log", "run-9.svg"]);
    let rows = rows(&read(&out, "metrics.csv"), HEADER);
    assert_eq!(rows[0][..2], ["9", "0"]);
    assert_eq!(read(&out, "run-9.log").lines().count(), rows.len());
    let report = read(&out, "report.html");
    assert!(report.contains("\"kind\":\"interrupted\""));
    assert!(report.contains("\"warnings\":[\"interrupted: of 2 runs"));
    // The last results and the last frame belong to the same weights.
    let (_, data) = report.split_once("id=\"report\">").unwrap();
    let data = data.split_once("</script>").unwrap().0;
    let run = &serde_json::from_str::<serde_json::Value>(data).unwrap()["runs"][0];
    let last = |part: &str| run[part].as_array().unwrap().last().unwrap()["epoch"].clone();
    assert_eq!(last("frames"), last("epochs"));
    assert!(
        run["verdict"]["text"].as_str().unwrap().contains(&format!("epoch {}:", last("epochs")))
    );
    assert!(read(&out, "run-9.svg").contains("interrupted at epoch "));
}
