// The settings of the descent lab: what they may be, how an address and Python write them.

import { checkedChoice, numberIn, parseNumber, writeNumber } from "./controls.js";
import { facts } from "./facts.js";
import { floatRepr, general } from "./format.js";
import { BOWL, getSurface, SURFACE_NAMES } from "./surfaces.js";
import { text } from "./texts.js";

const { ranges, optimizers: OPTIMIZERS, schedules: SCHEDULES } = facts.descent;

/** Seeds of the noise whose numbers were drawn by NumPy when the page was built. */
const SEED_RANGE = { minimum: 0, maximum: facts.descent.noise_seeds - 1, whole: true };

/** Read "-1.5, 1.5" as a point; throw a RangeError where a word is no number. */
export function parseStart(typed) {
  const words = typed.normalize("NFKC").replace(/^[() ]+|[() ]+$/g, "").split(/[\s,;]+/);
  const point = words.map(numberIn);
  if (!point.every(Number.isFinite)) {
    throw new RangeError(text("descent_lab.start_text", { label: text("descent_lab.start"), typed }));
  }
  return point;
}

/** Throw a RangeError unless a walk on the surface can start there. */
export function checkStart(surface, start) {
  if (start.length !== surface.dims) {
    const allowed = text("surfaces.point", { n_dims: surface.dims });
    throw new RangeError(text("checks.not_allowed", { name: "start", value: start, allowed }));
  }
  const isFinite = [surface.value(start), ...surface.gradient(start)].every(Number.isFinite);
  if (!isFinite) throw new RangeError(text("page.start_not_finite", { value: start }));
  return start;
}

/** Read "adam:0.1,momentum:0.02" as an object of rates. */
function parseRacers(typed) {
  const rates = {};
  for (const part of typed.split(",")) {
    const [name, ...rest] = part.split(":");
    checkedChoice("optimizer", OPTIMIZERS, name);
    const read = () => parseNumber(`learning_rates['${name}']`, ranges.learning_rate, rest.join(":"));
    rates[name] = rest.length ? read() : null;
  }
  return rates;
}

const number = (name, range = ranges[name]) => ({
  parse: (typed) => parseNumber(name, range, typed),
  write: writeNumber,
});
const choice = (name, choices) => ({ parse: (typed) => checkedChoice(name, choices, typed), write: String });

export const SETTINGS = {
  surface: choice("surface", SURFACE_NAMES),
  condition_number: number("condition_number"),
  start: { parse: parseStart, write: (point) => point.map((x) => general(x, 6)).join(",") },
  optimizers: {
    parse: parseRacers,
    write: (rates) => Object.entries(rates).map(([name, rate]) => `${name}:${writeNumber(rate)}`).join(","),
  },
  steps: number("steps"),
  momentum: number("momentum"),
  gradient_noise: number("gradient_noise"),
  seed: number("seed", SEED_RANGE),
  schedule: choice("schedule", SCHEDULES),
};

/** Return the settings that a surface begins with. */
export function defaultsOn(name) {
  const surface = getSurface(name);
  return {
    ...facts.descent.defaults,
    surface: name,
    condition_number: facts.descent.surfaces[BOWL].condition_number,
    start: surface.start,
    optimizers: racersOf(facts.descent.default_optimizers, surface.rates),
    rates: surface.rates,
  };
}

/** Return the rates of those that race, in the package's order. */
export function racersOf(names, rates) {
  const racing = OPTIMIZERS.filter((name) => names.includes(name));
  return Object.fromEntries(racing.map((name) => [name, rates[name]]));
}

/** Return the lines that open the descent lab of the workbook with these settings. */
export function workbookLines(values) {
  const defaults = defaultsOn(values.surface);
  const racers = Object.entries(values.optimizers).map(([name, rate]) => `"${name}": ${floatRepr(rate)}`);
  const isBowl = values.surface === BOWL;
  const floats = ["momentum", "gradient_noise"].filter((name) => values[name] !== defaults[name]);
  const settings = [
    ...(isBowl && values.condition_number !== defaults.condition_number
      ? [`condition_number=${floatRepr(values.condition_number)}`]
      : []),
    `optimizers={${racers.join(", ")}}`,
    ...(String(values.start) !== String(defaults.start)
      ? [`start=(${values.start.map((x) => `${floatRepr(x)}, `).join("").trim().replace(/(?<=, .*),$/, "")})`]
      : []),
    ...(values.steps !== defaults.steps ? [`steps=${values.steps}`] : []),
    ...floats.map((name) => `${name}=${floatRepr(values[name])}`),
    ...(values.gradient_noise > 0 && values.seed ? [`seed=${values.seed}`] : []),
    ...(values.schedule !== defaults.schedule ? [`schedule="${values.schedule}"`] : []),
  ];
  const lines = settings.map((setting) => `    ${setting},`);
  return ["import hpt_widgets as hpt", "", "hpt.DescentLab(", `    "${values.surface}",`, ...lines, ")"].join("\n");
}
