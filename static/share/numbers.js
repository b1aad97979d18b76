// Numbers as the tables write them.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Four significant digits; "–" for what does not exist. */
export function significant(value) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) return Number(value.toPrecision(4)).toString().replace("-", "−");
  const [digits, exponent] = value.toExponential(3).split("e");
  const raised = exponent.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[digit]);
  const factor = Number(digits) === 1 ? "" : `${Number(digits)}·`.replace("-", "−");
  return `${factor}10${raised}`;
}

/** A whole number with thin spaces between groups of three. */
export const whole = (value) => (Number.isNaN(value) ? "–" : String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f"));

/** A share in percent. */
export const percent = (value) => (Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`);
