// The settings of the bank explorer: what they may be, how an address and Python write them.

import { numberIn, parseNumber, writeNumber } from "../controls.js";
import { pythonRepr } from "../format.js";
import { text } from "../texts.js";
import { facts } from "./facts.js";

export const DEFAULTS = facts.defaults;
export const RANGES = facts.ranges;

/** Refuse a value as the package does. */
function refusal(name, value, key, options) {
  const allowed = text(`checks.${key}`, { options: options.join(", ") });
  return new RangeError(text("checks.not_allowed", { name, value, allowed }));
}

const number = (name) => ({
  parse: (typed) => parseNumber(name, RANGES[name], typed),
  write: writeNumber,
});
const choice = (name, choices, read = String) => ({
  parse: (typed) => {
    if (choices.includes(read(typed))) return read(typed);
    throw refusal(name, typed, "choice", choices);
  },
  write: String,
});

/** Read "random,tpe" as a list, in the package's order. */
function parseStrategies(typed) {
  const names = typed.split(",");
  const wrong = names.find((name) => !facts.strategies.includes(name));
  if (wrong !== undefined) throw refusal("strategies", wrong, "choice", facts.strategies);
  return facts.strategies.filter((name) => names.includes(name));
}

export const SETTINGS = {
  strategies: { parse: parseStrategies, write: (names) => names.join(",") },
  max_epochs: choice("max_epochs", facts.max_epochs, numberIn),
  n_trials: number("n_trials"),
  n_seeds: number("n_seeds"),
  measure: choice("measure", facts.measures),
  unit: choice("unit", facts.units),
  n_resamplings: number("n_resamplings"),
  seed: number("seed"),
};

/** Return the lines that open the bank lab of the workbook with these settings. */
export function workbookLines(values) {
  const changed = Object.keys(SETTINGS).filter((name) => String(values[name]) !== String(DEFAULTS[name]));
  const settings = changed.map((name) => `    ${name}=${pythonRepr(values[name])},`);
  const call = settings.length ? ["hpt.BankLab(", ...settings, ")"] : ["hpt.BankLab()"];
  return ["import hpt_widgets as hpt", "", ...call].join("\n");
}
