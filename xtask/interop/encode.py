"""The rows of a table as the inputs of an exported network.

    columns = encode.columns("model.safetensors")
    inputs = encode.encode(rows, columns)     # rows: dicts of texts, as those of csv.DictReader
    (predictions,) = session.run(["predictions"], {"inputs": inputs})

Numbers are plain numbers. Dates are in ISO 8601, in figures, as 31.12.2024 14:30, or with English names, as
31 Dec 2024; months, quarters and weeks are read too. Any other text is refused, and so is a model whose training
had numbers with units or decimal commas.
"""

import json
import math
import re
import struct
from datetime import date, datetime, time

import numpy

MISSING = {"", "na", "n/a", "#n/a", "<na>", "nan", "+nan", "-nan", "null", "?"}
# What programs write for a missing number or date. Among words these are words.
PLACEHOLDERS = {
    "none", "nat", "nil", "missing", "-", "--", "---", "\u2013", "\u2014", ".", "..", "n.a.", "n.a", "#na",
    "#n/a n/a", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "#div/0!", "#value!", "#ref!", "#num!", "#null!", "\\n",
}
DAYS = {"day": ["%d{0}%m{0}%Y", "%d{0}%m{0}%y"], "month": ["%m{0}%d{0}%Y", "%m{0}%d{0}%y"]}
NAMED = ["%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d-%B-%Y", "%b %d, %Y", "%B %d, %Y"]
CLOCKS = ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p"]


def columns(path):
    """The input columns of a model file: the header alone is read."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    encoder = json.loads(header["__metadata__"]["nnfs"])["encoder"]
    if "number_format" in encoder:
        raise ValueError(f"expected a model of plain numbers, found {encoder['number_format']}")
    return encoder["inputs"]


def encode(rows, columns):
    """The inputs of rows, (rows, inputs), in double precision."""
    inputs = [[x for each in columns for x in cell(row[each["name"]], each["coding"])] for row in rows]
    # If all columns were constant, the graph has one input that is always 0.
    return numpy.array([each or [0.0] for each in inputs])


def cell(text, coding):
    """The inputs of one value."""
    text = text.strip()
    missing = text.lower() in MISSING
    no_number = missing or text.lower() in PLACEHOLDERS
    kind, about = next(iter(coding.items())) if isinstance(coding, dict) else (coding, None)
    match kind:
        case "Constant":
            return []
        case "ConstantOrMissing":
            return [float(no_number)]
        case "Number":
            return [math.nan if no_number else number(text)]
        case "NumberOrMissing":
            return [math.nan if no_number else number(text), float(no_number)]
        case "Date":
            found = None if no_number else moment(text, about)
            return [part(name, found) for name in about["parts"]]
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


def number(text):
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"expected a finite number, found {text!r}")
    return found


def moment(text, about):
    """A datetime, or a time. In training, 3/4/2024 was the date that `about["order"]` says."""
    first = about["order"]
    other = {"day": "month", "month": "day"}[first]
    found = read(text, first)
    if not about.get("order_known", True):
        # With points, the day is the first.
        is_clear = re.match(r"\d+\.", text)
        if not is_clear and found and read(text, other) not in (found, None):
            raise ValueError(f"expected a date that shows the order of day and month, found {text!r}")
        if not is_clear and re.match(r"\d\d[-/]\d\d?[-/]\d\d(\D|$)", text) and parse(text[:8], ["%y-%m-%d", "%y/%m/%d"]):
            raise ValueError(f"expected a year of four digits, found {text!r}")
        found = found or read(text, other)
    kinds = {"date": datetime, "time": time}
    if found is None or not isinstance(found, kinds.get(about.get("holds"), object)):
        raise ValueError(f"expected a {about.get('holds') or 'date or a time'}, found {text!r}")
    return found


def read(text, order):
    """The datetime or time that a text means, or `None`."""
    if text.isdigit():
        return None
    if found := re.fullmatch(r"(\d{4})[-/](\d{2})|(\d{1,2})[-/](\d{4})", text):
        year, month = found[1] or found[4], found[2] or found[3]
        return datetime(int(year), int(month), 1) if 1 <= int(month) <= 12 else None
    if found := re.fullmatch(r"(\d{4})[-/ ]?[Qq]([1-4])|[Qq]([1-4])[-/ ]?(\d{4})", text):
        return datetime(int(found[1] or found[4]), 3 * int(found[2] or found[3]) - 2, 1)
    # `2024-12` would be a time.
    for reader in [datetime.fromisoformat, *([time.fromisoformat] if ":" in text else [])]:
        try:
            return reader(text)
        except ValueError:
            pass
    dates = [form.format(separator) for form in DAYS[order] for separator in "/.-"]
    forms = [day + clock for day in [*dates, "%Y/%m/%d", *NAMED] for clock in CLOCKS]
    clock = parse(text, ["%I:%M %p", "%I:%M:%S %p"])
    return clock.time() if clock else parse(text, [*forms, "%b %Y", "%B %Y", "%Y %b", "%Y %B"])


def parse(text, forms):
    for form in forms:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            pass
    return None


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
