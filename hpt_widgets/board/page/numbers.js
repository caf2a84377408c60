// How numbers are written: few digits, legible from the last row.

/** Return an accuracy in percent; a second decimal only where the error is that small, none without one. */
export function percent(value, digits) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const decimals = digits ?? (value > 0.99995 ? 0 : value > 0.995 ? 2 : 1);
  return `${(100 * value).toFixed(decimals)} %`;
}

/** Return how many decimals percentages need that stand beside one another: as many for each. */
export function decimalsOf(values) {
  return values.some((value) => value > 0.995 && value <= 0.99995) ? 2 : 1;
}

/** Return a number with two digits that count, without an exponent where it is short. */
export function short(value) {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.join("–");
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value.toLocaleString("en");
  const rounded = Number(value.toPrecision(2));
  return Math.abs(rounded) < 1e-4 && rounded !== 0 ? rounded.toExponential() : String(rounded);
}

/** Return how far seeds scatter, in percentage points. */
export function scatter(deviation) {
  const points = 100 * deviation;
  return `± ${points.toFixed(points < 0.095 ? 2 : 1)}`;
}
