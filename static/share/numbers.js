// Numbers as the tables write them.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Four significant digits, or as many as wanted; "–" for what does not exist. */
export function significant(value, digits = 4) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) return Number(value.toPrecision(digits)).toString().replace("-", "−");
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const raised = exponent.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[digit]);
  const factor = Number(mantissa) === 1 ? "" : `${Number(mantissa)}·`.replace("-", "−");
  return `${factor}10${raised}`;
}

/** Digits that tell a two-thousandth of the way between two numbers: at least 4, and 17 at the most, which tell all doubles. */
export const digitsWithin = ({ from, to }) => Math.min(17, Math.max(4, Math.ceil(Math.log10((2000 * Math.max(Math.abs(from), Math.abs(to))) / (to - from)))));

/** A whole number with thin spaces between groups of three. */
export const whole = (value) => (Number.isNaN(value) ? "–" : String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f"));

/** A share in percent. */
export const percent = (value) => (Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`);
