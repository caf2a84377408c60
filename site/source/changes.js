// What was changed while a training ran, as the workbook's lab says it and marks it on its charts.

import { facts } from "./facts.js";
import { SETTINGS } from "./training-settings.js";
import { listed, text } from "./texts.js";

/**
 * Say of each moment what was changed, from which value to which.
 *
 * @param {object} values what the training began with
 * @param {[number, object][]} changes after how many samples, and the new values by name
 * @returns {{samples: number, values: Record<string, [string, string]>}[]}
 */
export function describeChanges(values, changes) {
  const now = { ...values };
  return changes.map(([samples, changed]) => {
    const pairs = Object.entries(changed).map(([name, value]) => {
      const { describe } = SETTINGS[name];
      return [name, [describe(now[name]), describe(value)]];
    });
    Object.assign(now, changed);
    return { samples, values: Object.fromEntries(pairs) };
  });
}

/** Put changes together that are too close to be told apart: a slider that is dragged makes many. */
export function mergedChanges(changes, length) {
  const kept = [];
  for (const change of changes) {
    const last = kept.at(-1);
    if (last && change.samples - last.samples < facts.closest_changes * length) {
      last.values = chained(last.values, change.values);
    } else {
      kept.push({ ...change });
    }
  }
  return kept;
}

/** Return the change from 0.1 to 0.4 for one from 0.1 to 0.2 and one from 0.2 to 0.4. */
function chained(first, second) {
  const followed = Object.entries(second).map(([name, pair]) => [name, [(first[name] ?? pair)[0], pair[1]]]);
  return { ...first, ...Object.fromEntries(followed) };
}

/** Say what was changed: "rate 0.02 → 0.0005, dropout 0 → 0.5". */
export function changedWords(values) {
  return listed(
    Object.entries(values).map(([name, [before, after]]) => {
      const value = text("run_labels.changed", { old: before, new: after });
      return text(`run_labels.${name}`, { value });
    }),
  );
}
