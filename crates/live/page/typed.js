// Numbers that the reader types, and numbers of the address.

/** A decimal number, without hexadecimal digits and without “Infinity”. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number in plain digits, or NaN. */
function plainNumber(text) {
  return DECIMAL.test(text) ? Number(text) : NaN;
}

/**
 * What was typed as a number: `{ number }`, or `{ sentence }` if it is none. A comma is a decimal mark unless it
 * may separate thousands. Spaces may separate thousands.
 */
function typedNumber(text) {
  const typed = text.trim();
  const shown = `“${typed.slice(0, 30)}”`;
  if (typed === "") return { sentence: "Type a number." };
  let digits = typed.replace(/\u2212/g, "-").replace(/(\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "$1");
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(digits)) {
    return { sentence: `${shown} may be ${digits.replace(",", "")} or ${Number(digits.replace(",", "."))}. Type it without the comma.` };
  }
  if (/^[+-]?[1-9]\d{0,2}(,\d{3}){2,}$/.test(digits)) digits = digits.replace(/,/g, "");
  digits = digits.replace(",", ".");
  const number = plainNumber(digits);
  if (Number.isNaN(number)) return { sentence: `${shown} is not a number.` };
  if (!Number.isFinite(number)) return { sentence: `${shown} is too large.` };
  if (number === 0 && /[1-9]/.test(digits.split(/e/i)[0])) return { sentence: `${shown} is too small.` };
  return { number };
}
