//! `cargo xtask experiment spiral`, from the command line to its files.

#[cfg(unix)]
use crate::program::interrupted_experiment;
use crate::program::{experiment, names, read, rows};
use tempfile::tempdir;

const HEADER: &str = "classes,epoch,accuracy,data_loss,regularization_loss,loss,learning_rate,\
                      test_accuracy,test_loss";

#[test]
fn both_classifiers_are_logged_tested_and_drawn() {
    let place = tempdir().unwrap();
    let finished = experiment("spiral --epochs 202", place.path());
    assert_eq!(finished.code, Some(0), "{finished:?}");
    assert_eq!(
        names(place.path()),
        [
            "classes-2.log",
            "classes-2.svg",
            "classes-3.log",
            "classes-3.svg",
            "metrics.csv",
            "report.html"
        ]
    );
    let rows = rows(&read(place.path(), "metrics.csv"), HEADER);
    let keys: Vec<String> = rows.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    assert_eq!(keys, ["2 0", "2 100", "2 200", "3 0", "3 100", "3 200"]);
    let number = |row: usize, column: usize| rows[row][column].parse::<f64>().unwrap();
    assert!(rows.iter().all(|row| row.len() == 9), "{rows:?}");
    for row in 0..6 {
        assert_eq!(number(row, 5), number(row, 3) + number(row, 4));
        assert!(number(row, 4) > 0.0, "the first layer has a penalty");
    }
    // It learns, and the test sees it.
    assert!(number(5, 2) > number(3, 2) + 0.15, "{rows:?}");
    assert!(number(5, 7) > 0.45 && number(5, 8) < number(3, 8), "{rows:?}");

    let log = read(place.path(), "classes-3.log");
    assert_eq!(log.lines().count(), 3);
    let first = log.lines().next().unwrap();
    assert!(first.starts_with("epoch: 0, acc: 0.") && first.ends_with("lr: 0.05"), "{first}");
    assert!(first.contains("loss: 1.099 (data_loss: 1.099, reg_loss: 0.000)"), "{first}");
    let picture = read(place.path(), "classes-3.svg");
    assert!(picture.starts_with("<svg") && picture.matches("<circle").count() == 3000);
    assert!(finished.stdout.contains("test accuracy"), "{}", finished.stdout);
}

#[test]
fn a_seed_gives_the_same_numbers_whichever_classifier_is_chosen() {
    let metrics = |words: &str| {
        let place = tempdir().unwrap();
        let finished = experiment(&format!("spiral --quiet {words}"), place.path());
        assert_eq!(finished.code, Some(0), "{finished:?}");
        assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("", ""));
        read(place.path(), "metrics.csv")
    };
    let both = metrics("--epochs 101");
    let two = metrics("--epochs 101 --classes 2");
    assert!(both.starts_with(&two), "{both}\n{two}");
    assert_ne!(metrics("--epochs 101 --classes 2 --seed 1"), two);
    // Double precision starts from the same draws and goes its own way in the last digits.
    let double = metrics("--epochs 101 --classes 2 --arithmetic f64");
    let loss = |text: &str| rows(text, HEADER)[1][5].parse::<f64>().unwrap();
    assert_ne!(loss(&double), loss(&two));
    assert!((loss(&double) - loss(&two)).abs() < 1e-4, "{double}\n{two}");
}

/// Both classifiers, which train side by side, end at once, and their results so far are saved.
#[cfg(unix)]
#[test]
fn an_interrupted_experiment_keeps_what_was_done_and_says_so() {
    let place = tempdir().unwrap();
    let out = place.path().join("out");
    let finished = interrupted_experiment("spiral --epochs 100000000", &out);
    assert_eq!(finished.code, Some(130), "{finished:?}");
    let said = "error: interrupted: 2 classes, interrupted at epoch ";
    assert!(finished.stderr.contains(said), "{}", finished.stderr);
    assert!(finished.stderr.ends_with("; the results so far are saved\n"), "{}", finished.stderr);
    assert!(names(&out).starts_with(&["classes-2.log", "classes-2.svg"].map(str::to_owned)));
    let rows = rows(&read(&out, "metrics.csv"), HEADER);
    let logged = |classes| rows.iter().filter(|row| row[0] == classes).count();
    for classes in ["2", "3"] {
        let log = read(&out, &format!("classes-{classes}.log"));
        assert_eq!(log.lines().count(), logged(classes));
    }
    let report = read(&out, "report.html");
    assert_eq!(report.matches("\"kind\":\"interrupted\"").count(), 2);
    assert!(report.contains("\"warnings\":[\"interrupted: 2 classes"));
}
