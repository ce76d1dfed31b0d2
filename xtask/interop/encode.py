"""The rows of a table as the inputs of an exported network.

    columns = encode.columns("model.safetensors")
    inputs = encode.encode(rows, columns)     # rows: dicts of texts, as those of csv.DictReader
    (predictions,) = session.run(["predictions"], {"inputs": inputs})

Numbers are plain numbers, and dates are in ISO 8601 or in figures, as 31.12.2024 14:30.
"""

import json
import math
import struct
from datetime import date, datetime, time

import numpy

MISSING = {"", "na", "n/a", "#n/a", "<na>", "nan", "null", "?"}


def columns(path):
    """The input columns of a model file: the header alone is read."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return json.loads(header["__metadata__"]["nnfs"])["encoder"]["inputs"]


def encode(rows, columns):
    """The inputs of rows, (rows, inputs), in double precision."""
    inputs = [[x for each in columns for x in cell(row[each["name"]], each["coding"])] for row in rows]
    # If all columns were constant, the graph has one input that is always 0.
    return numpy.array([each or [0.0] for each in inputs])


def cell(text, coding):
    """The inputs of one value."""
    text = text.strip()
    missing = text.lower() in MISSING
    kind, about = next(iter(coding.items())) if isinstance(coding, dict) else (coding, None)
    match kind:
        case "Constant":
            return []
        case "ConstantOrMissing":
            return [float(missing)]
        case "Number":
            return [math.nan if missing else float(text)]
        case "NumberOrMissing":
            return [math.nan if missing else float(text), float(missing)]
        case "Date":
            return [part(name, None if missing else moment(text, about["order"])) for name in about["parts"]]
        case "OneHot":
            return one_hot(text, missing, about)
        case "OneHotOrOther":
            known = one_hot(text, missing and text not in about["rare"], about["frequent"])
            return [*known, float(sum(known) == 0)]
    raise ValueError(f"unknown coding {kind}")


def one_hot(text, missing, categories):
    """A word such as `NA` is a category if it was one in training; otherwise a missing value is `""`."""
    category = "" if missing and text not in categories else text
    return [float(category == each) for each in categories]


def moment(text, order):
    """A datetime, or a time. `order` decides what 3/4/2024 means."""
    day_month = "%d{0}%m" if order == "day" else "%m{0}%d"
    formats = [day_month + "{0}%Y" + clock for clock in ["", " %H:%M", " %H:%M:%S"]]
    readers = [datetime.fromisoformat, time.fromisoformat]
    for separator in "/.-":
        for form in formats:
            readers.append(lambda text, form=form.format(separator): datetime.strptime(text, form))
    for read in readers:
        try:
            return read(text)
        except ValueError:
            pass
    raise ValueError(f"expected a date or a time, found {text!r}")


def part(name, moment):
    """A part of a date or a time; NaN if it is missing."""
    if name == "missing":
        return float(moment is None)
    if moment is None:
        return math.nan
    day = (moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6) / 86400
    if name == "elapsed":
        days = moment.toordinal() - date(1970, 1, 1).toordinal() if isinstance(moment, datetime) else 0
        offset = moment.utcoffset()
        return days + day - (offset.total_seconds() / 86400 if offset else 0)
    period, function = name.split("_")
    position = {
        "year": lambda: (moment.timetuple().tm_yday - 1 + day) / date(moment.year, 12, 31).timetuple().tm_yday,
        "week": lambda: (moment.weekday() + day) / 7,
        "day": lambda: day,
    }[period]()
    return {"sine": math.sin, "cosine": math.cos}[function](2 * math.pi * position)
