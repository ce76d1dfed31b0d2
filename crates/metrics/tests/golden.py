"""The metrics in scikit-learn, without and with sample weights. Writes the files in golden.

The weights have zeros (a sample that does not count), a 2 (a sample that counts twice) and fractions.
The log loss of logits is computed in extended precision, because scikit-learn clips probabilities; for
probabilities that it does not clip, both are compared here.
"""

import sys
import warnings
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "tensor" / "tests"))

import golden_writer
import numpy as np
import sklearn
from golden_writer import Extended
from sklearn import metrics

# Classes without samples, and classes that are never predicted, are among the cases.
warnings.simplefilter("ignore")
generator = np.random.default_rng(14)


def log_softmax(logits):
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(Extended)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def classification(logits, labels, weights):
    """All metrics of classes; with weights=None, each sample counts once."""
    count = logits.shape[1]
    classes = list(range(count))
    log_p = log_softmax(logits)
    p = np.exp(log_p).astype(float)
    predicted = logits.argmax(axis=1)
    terms = -log_p[np.arange(len(labels)), labels]
    log_loss = np.average(terms, weights=weights)
    if p.min() > 1e-12:
        ours = metrics.log_loss(labels, p, sample_weight=weights, labels=classes)
        assert abs(log_loss - ours) < 1e-12
    per_class = metrics.precision_recall_fscore_support(
        labels, predicted, labels=classes, sample_weight=weights, zero_division=0)
    precision, recall, f1, _ = per_class
    # A sample of weight 0 does not count, and so does not make its classes count.
    counted = np.ones(len(labels), bool) if weights is None else weights > 0
    present = sorted(set(labels[counted]) | set(predicted[counted]))
    macro_f1 = metrics.f1_score(labels, predicted, labels=present, average="macro",
                                sample_weight=weights, zero_division=0)
    both = count == 2
    return {
        "accuracy": metrics.accuracy_score(labels, predicted, sample_weight=weights),
        "balanced_accuracy": metrics.balanced_accuracy_score(
            labels, predicted, sample_weight=weights),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "macro_f1": macro_f1,
        "log_loss": float(log_loss),
        "brier_score": metrics.brier_score_loss(
            labels, p[:, 1] if both else p, labels=classes, sample_weight=weights),
        "roc_auc": float(metrics.roc_auc_score(labels, p[:, 1].round(2), sample_weight=weights))
        if both else float("nan"),
    }


def regression(predictions, targets, weights):
    """All metrics of one column of numbers."""
    return {
        "r2": metrics.r2_score(targets, predictions, sample_weight=weights),
        "mean_absolute_error": metrics.mean_absolute_error(
            targets, predictions, sample_weight=weights),
        "mean_squared_error": metrics.mean_squared_error(
            targets, predictions, sample_weight=weights),
        "root_mean_squared_error": metrics.root_mean_squared_error(
            targets, predictions, sample_weight=weights),
        "median_absolute_error": metrics.median_absolute_error(
            targets, predictions, sample_weight=weights),
    }


def weights(rows):
    values = generator.uniform(0.1, 3, rows).round(3)
    values[::5], values[1] = 0, 2
    return values


of_classes, of_numbers = {}, {}
CLASSES = {"two": (40, 2, 1.5), "several": (50, 4, 2.0), "sure": (25, 3, 60.0)}
for name, (rows, classes, scale) in CLASSES.items():
    # The last class is rare, and of `several` the first one has no samples.
    chances = np.r_[np.ones(classes - 1), 0.4]
    chances[0] = 0 if name == "several" else 1
    labels = generator.choice(classes, rows, p=chances / chances.sum())
    logits = (scale * generator.normal(size=(rows, classes))).round(2)
    logits[np.arange(rows), labels] += scale
    # Ties between samples, and between the classes of a sample.
    logits[3], logits[4] = logits[2], 0.25
    w = weights(rows)
    of_classes[name.upper()] = ("Classes", {
        "logits": logits, "targets": np.eye(classes)[labels], "weights": w,
        "unweighted": classification(logits, labels, None),
        "weighted": classification(logits, labels, w),
    })
NUMBERS = {"even": 20, "odd": 21, "equal": 6}
for name, rows in NUMBERS.items():
    targets = (np.full(rows, 2.5) if name == "equal" else generator.normal(3, 10, rows).round(2))
    predictions = (targets + generator.normal(0, 4, rows)).round(2)
    predictions[-1] = 900.0
    # Whole weights of `even` put the median between two distances.
    w = generator.integers(0, 3, rows).astype(float) if name == "even" else weights(rows)
    of_numbers[name.upper()] = ("Numbers", {
        "predictions": predictions, "targets": targets, "weights": w,
        "unweighted": regression(predictions, targets, None),
        "weighted": regression(predictions, targets, w),
    })


def with_names(value, indent="", before=0, rust=golden_writer.rust):
    """A struct inside another has its name before its fields."""
    names = {"log_loss": "ClassScores ", "r2": "NumberScores "}
    fields = value if isinstance(value, dict) else {}
    name = next((names[field] for field in fields if field in names), "")
    return name + rust(value, indent, before)


golden_writer.rust = with_names
for names, constants, name in [
    ("{ClassScores, Classes}", of_classes, "classification"),
    ("{NumberScores, Numbers}", of_numbers, "regression"),
]:
    imports = f"// scikit-learn {sklearn.__version__}\nuse super::{names};"
    golden_writer.write(__file__, imports, constants, name)
