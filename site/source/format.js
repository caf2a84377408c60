// Python's ways of rounding and of writing numbers, as far as the package's texts ask for them.

/** Round to a whole number as Python's round() does. */
export function roundHalfEven(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}

/** Write a number with `digits` significant ones as Python does: ties go to the even digit. */
function significant(number, digits) {
  const exact = number.toExponential(60);
  const [mantissa, exponent] = exact.split("e");
  const all = mantissa.replace(/[-.]/g, "");
  const isTie = /^50*$/.test(all.slice(digits));
  if (!isTie || Number(all[digits - 1]) % 2) return number.toExponential(digits - 1);
  const kept = all.slice(0, digits);
  return `${number < 0 ? "-" : ""}${kept[0]}${digits > 1 ? "." : ""}${kept.slice(1)}e${exponent}`;
}

/** Python's format(number, f".{digits}g"). */
export function general(number, digits = 6) {
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (number === 0) return "0";
  const [mantissa, exponent] = significant(number, digits).split("e");
  const power = Number(exponent);
  const plain = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  if (power < -4 || power >= digits) return `${plain}${exponentOf(power)}`;
  return Number(`${mantissa}e${power}`).toFixed(Math.max(0, digits - 1 - power)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function exponentOf(power) {
  return `e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** Python's format(number, ".2e"), with as many digits behind the point as asked for. */
export function exponential(number, digits) {
  if (!Number.isFinite(number)) return general(number);
  if (number === 0) return `0.${"0".repeat(digits)}e+00`;
  const [mantissa, power] = significant(number, digits + 1).split("e");
  return `${mantissa}${exponentOf(Number(power))}`;
}

/** Python's format(number, ".{digits}f"): what is exactly halfway goes to the even digit. */
function fixed(number, digits) {
  if (!Number.isFinite(number)) return general(number);
  if (Math.abs(number) >= 1e21) return `${BigInt(number)}${digits ? `.${"0".repeat(digits)}` : ""}`;
  const exact = number.toFixed(digits + 60);
  const cut = exact.length - 60;
  const kept = exact.slice(0, cut).replace(/\.$/, "");
  const isTie = /^50*$/.test(exact.slice(cut));
  return isTie && Number(kept.at(-1)) % 2 === 0 ? kept : number.toFixed(digits);
}

function grouped(text) {
  const [whole, rest] = text.split(".");
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? commas : `${commas}.${rest}`;
}

/** Three digits, without an exponent where people write none (the verdicts' numbers). */
export function shown(number) {
  if (Number.isNaN(number) || !Number.isFinite(number)) return general(number);
  const rounded = Number(significant(number, 3));
  const size = Math.abs(rounded);
  if (size >= 1e-4 && size < 1e5) return grouped(general(rounded, 10));
  return number ? exponential(number, 2) : "0";
}

/** Python's repr of a value: a number, a string, a list (as a tuple), true, false or null. */
export function pythonRepr(value) {
  if (Array.isArray(value)) {
    const items = value.map(pythonRepr);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const escaped = value.replace(/\\/g, "\\\\").replaceAll(quote, `\\${quote}`);
    return quote + escaped + quote;
  }
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null || value === undefined) return "None";
  return String(value);
}

/** Python's repr of a float, such as 1e-05 or 0.1 or 1.0. */
export function floatRepr(number) {
  if (!Number.isFinite(number)) return general(number);
  if (number === 0) return "0.0";
  const [mantissa, exponent] = number.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${mantissa}${exponentOf(power)}`;
  const text = String(number).includes("e") ? number.toFixed(Math.max(0, mantissa.length - 2 - power)) : String(number);
  return text.includes(".") ? text : `${text}.0`;
}

/** Write one value by a Python format specification: "", ",", ",.0f", ".1%", "g", ".3g". */
export function formatted(value, specification) {
  if (specification === "" || typeof value !== "number") return String(value);
  const match = /^(,?)(?:\.(\d+))?([fge%]?)$/.exec(specification);
  if (!match) throw new Error(`cannot write ${value} as ${specification}`);
  const [, comma, digits, kind] = match;
  let text;
  if (kind === "%") text = `${fixed(100 * value, Number(digits ?? 6))}%`;
  else if (kind === "f") text = fixed(value, Number(digits ?? 6));
  else if (kind === "e") text = exponential(value, Number(digits ?? 6));
  else if (kind === "g" || digits !== undefined) text = general(value, Number(digits ?? 6));
  else text = String(value);
  return comma ? grouped(text) : text;
}

/** Fill a text's placeholders as Python's str.format does. */
export function filled(text, values) {
  return text.replace(/\{\{|\}\}|\{(\w+)(![rs])?(?::([^}]*))?\}/g, (whole, name, conversion, specification) => {
    if (whole === "{{") return "{";
    if (whole === "}}") return "}";
    if (!(name in values)) throw new Error(`no value for {${name}} in: ${text}`);
    const value = values[name];
    return conversion === "!r" ? pythonRepr(value) : formatted(value, specification ?? "");
  });
}
