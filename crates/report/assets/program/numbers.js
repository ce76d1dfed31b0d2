// How numbers are written.

/** All digits: what is read back is the same number. */
function exact(number) {
  return number === null || number === undefined ? "–" : String(number);
}

/** A few digits, to look at. */
function short(number) {
  if (number === null || number === undefined) return "–";
  const size = Math.abs(number);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e6) return number.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(number.toPrecision(4)));
}

/** Two digits, for a number that is named in passing. */
function about(number) {
  return short(Number(number.toPrecision(2)));
}

/** A share as a percentage. */
function percent(share) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** How the metric of a run is written. */
function metricFormat({ metric }) {
  return metric?.is_fraction ? percent : short;
}

/** A share on an axis. */
function wholePercent(share) {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** A number of things: one thing, two things. */
function counted(number, word) {
  return `${count(number)} ${word}${number === 1 ? "" : "s"}`;
}

/** A name that others gave, in a sentence of ours: should it be written from right to left, we are not. */
function isolated(name) {
  return `\u2068${name}\u2069`;
}

/** What epoch a number of them is, with a space between thousands. */
function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * The smallest of 1, 2, 5, 10, ... times a power of ten that is at least this, give or take a thousandth:
 * the number may be slightly larger. It is finite for every finite number, and 1 for 0.
 */
function niceLimit(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map((step) => step * power).find((limit) => limit >= number * 0.999 && limit < Infinity) || (number > 1 ? number : 1);
}

/** The smallest and the largest of these numbers, or two nulls. A long list cannot be the arguments of `Math.min`. */
function extremes(numbers) {
  let [low, high] = [null, null];
  for (const number of numbers) {
    if (low === null || number < low) low = number;
    if (high === null || number > high) high = number;
  }
  return [low, high];
}

/** The largest of these numbers; 0 if there are none, or if all are below 0. */
function largestOf(numbers) {
  return Math.max(0, extremes(numbers)[1] ?? 0);
}

/** Loss and penalty of an epoch together; missing if one of them is, or if they are too large for a number. */
function totalLoss({ data_loss, penalty }) {
  const total = (data_loss ?? NaN) + (penalty ?? NaN);
  return Number.isFinite(total) ? total : null;
}

