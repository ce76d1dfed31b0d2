// How numbers are written.

/** A number with all its digits. */
function exact(number) {
  return number === null || number === undefined ? "–" : String(number);
}

/** A number with four digits, and all before the decimal point. */
function short(number) {
  if (number === null || number === undefined) return "–";
  const size = Math.abs(number);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e6) return number.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e");
  return size >= 1e3 ? number.toFixed(0) : String(Number(number.toPrecision(4)));
}

/** A number with two digits. */
function about(number) {
  return short(Number(number.toPrecision(2)));
}

/** A share as a percentage. */
function percent(share) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** The format of a run's metric. */
function metricFormat({ metric }) {
  return metric?.is_fraction ? percent : short;
}

/** A percentage on an axis. */
function wholePercent(share) {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** A number and a noun: `1 row`, `2 rows`. */
function counted(number, word) {
  return `${count(number)} ${word}${number === 1 ? "" : "s"}`;
}

/** A user's name within our text. Should the name run from right to left, the text around it does not. */
function isolated(name) {
  return `\u2068${name}\u2069`;
}

/** A whole number with a space between thousands. */
function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * The smallest of 1, 2, 5 and 10 times a power of ten that the number exceeds by a thousandth at most. It is
 * finite for every finite number, and 1 for 0.
 */
function niceLimit(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map((step) => step * power).find((limit) => limit >= number * 0.999 && limit < Infinity) || (number > 1 ? number : 1);
}

/** The smallest and the largest number, or two nulls. (`Math.min` fails with a long list of arguments.) */
function extremes(numbers) {
  let [low, high] = [null, null];
  for (const number of numbers) {
    if (low === null || number < low) low = number;
    if (high === null || number > high) high = number;
  }
  return [low, high];
}

/** The largest number, and at least 0. */
function largestOf(numbers) {
  return Math.max(0, extremes(numbers)[1] ?? 0);
}

/** The loss of an epoch with its penalty; missing if one of them is, or if the sum overflows. */
function totalLoss({ data_loss, penalty }) {
  const total = (data_loss ?? NaN) + (penalty ?? NaN);
  return Number.isFinite(total) ? total : null;
}

