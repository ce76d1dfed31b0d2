// Numbers that the reader types, and numbers of the address.

/** A decimal number, without hexadecimal digits and without “Infinity”. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A comma that may separate thousands or be a decimal mark, as in `1,000` and `1,000 000`. */
const COMMA_GROUPS = /^[+-]?[1-9]\d{0,2},\d{3}( \d{3})*$/;

/** The same with a point: `1.000`, `1.000 000` and `1.000.000`. */
const POINT_GROUPS = /^[+-]?[1-9]\d{0,2}\.\d{3}([ .]\d{3})*$/;

/** Whether a decimal number has digits other than 0, but is rounded to 0. */
function isTooSmall(text) {
  return DECIMAL.test(text) && Number(text) === 0 && /[1-9]/.test(text.split(/e/i)[0]);
}

/** A number in plain digits, or NaN. A number that is rounded to 0 is NaN, too. */
function plainNumber(text) {
  return DECIMAL.test(text) && !isTooSmall(text) ? Number(text) : NaN;
}

/**
 * What was typed as a number: `{ number }`, or `{ sentence }` if it is none. A comma is a decimal mark unless it
 * may separate thousands. Spaces may separate thousands. In a whole number, a point may separate thousands, too.
 */
function typedNumber(text, isWhole = false) {
  const typed = text.trim();
  const shown = `“${typed.slice(0, 30)}”`;
  if (typed === "") return { sentence: "Type a number." };
  const signs = typed.replace(/\u2212/g, "-").replace(/[\u00a0\u202f]/g, " ");
  if (COMMA_GROUPS.test(signs)) return { sentence: doubtWords(shown, signs, "commas") };
  if (isWhole && POINT_GROUPS.test(signs)) return { sentence: doubtWords(shown, signs, "points") };
  let digits = signs.replace(/(\d) (?=\d{3}(?!\d))/g, "$1");
  if (/^[+-]?[1-9]\d{0,2}(,\d{3}){2,}$/.test(digits)) digits = digits.replace(/,/g, "");
  digits = digits.replace(",", ".");
  if (isTooSmall(digits)) return { sentence: `${shown} is too small.` };
  const number = plainNumber(digits);
  if (Number.isNaN(number)) return { sentence: `${shown} is not a number.` };
  if (!Number.isFinite(number)) return { sentence: `${shown} is too large.` };
  return { number };
}

/** The sentence about digits whose first mark may separate thousands or be a decimal mark. */
function doubtWords(shown, typed, marks) {
  const decimal = Number(typed.replace(/ /g, "").replace(",", "."));
  const decimalWords = Number.isNaN(decimal) ? "" : ` or ${decimal}`;
  return `${shown} may be ${typed.replace(/[ ,.]/g, "")}${decimalWords}. Type it without ${marks}.`;
}
