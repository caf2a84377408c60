// What the bank explorer says, as the package's labs/bank/words.py says it.

import { formatted } from "../format.js";
import { text } from "../texts.js";
import { facts } from "./facts.js";

export const nameOf = (strategy) => text(`bank_lab.${strategy}`);
export const percent = (share, digits = 0) =>
  text("bank_lab.percent", { value: formatted(100 * share, `.${digits}f`) });

/** Return who comes first, and how sure that is. */
export function statusText({ settings, found, winner, chances, seedsNeeded: count }) {
  if (!winner) return text("bank_lab.no_rivals");
  const values = {
    winner: nameOf(winner),
    accuracy: percent(found[winner].mean.at(-1), 2),
    n: settings.n_seeds,
    share: percent(chances[winner]),
    sure: percent(facts.sure),
  };
  const said = text(values.n === 1 ? "bank_lab.first_one" : "bank_lab.first", values);
  if (count === null) return said + text("bank_lab.needed_never", values);
  return said + text(count === 1 ? "bank_lab.needed_one" : "bank_lab.needed", { ...values, count });
}

/** Return what a reader should know of the bank and of these replays. */
export function notes(compared) {
  const n = compared.settings.n_seeds;
  return [
    text(n === 1 ? "bank_lab.band_one" : "bank_lab.band_mean", { n }),
    ...usedUp(compared),
    ...missing(compared),
    ...saidOfGrid(compared),
    saidOfBank(),
  ];
}

function saidOfGrid({ found }) {
  return "grid" in found && Object.keys(found).length > 1 ? [text("bank_lab.grid_is_narrow")] : [];
}

function missing({ settings, found }) {
  const lacking = settings.strategies.filter((name) => !(name in found));
  const isShort = lacking.includes("tpe") && settings.max_epochs !== facts.tpe_epochs;
  const names = lacking.filter((name) => !isShort || name !== "tpe");
  const key = settings.measure === "retrained" ? "lacking_again" : "lacking";
  return [
    ...(isShort ? [text("bank_lab.tpe_is_short", { epochs: facts.tpe_epochs })] : []),
    ...(names.length ? [text(`bank_lab.${key}`, { names: namesOf(names) })] : []),
  ];
}

function usedUp({ found }) {
  const names = Object.keys(found);
  const ended = names.filter((name) => found[name].isUsedUp);
  const nearly = names.filter((name) => found[name].isNearlyUsedUp && !found[name].isUsedUp);
  const most = Math.max(...nearly.map((name) => found[name].nDrawn / found[name].nSettings));
  return [
    ...(ended.length ? [text("bank_lab.used_up", { names: namesOf(ended) })] : []),
    ...(nearly.length
      ? [text("bank_lab.nearly_used_up", { names: namesOf(nearly), share: percent(most) })]
      : []),
  ];
}

function saidOfBank() {
  const { held } = facts;
  const isWhole = held.random >= held.planned_random && held.sequences >= held.planned_sequences;
  const planned = { random: held.planned_random, sequences: held.planned_sequences };
  return text("bank_lab.bank", held) + (isWhole ? "" : text("bank_lab.unfinished", planned));
}

function namesOf(strategies) {
  return facts.strategies
    .filter((name) => strategies.includes(name))
    .map(nameOf)
    .join(text("bank_lab.comma"));
}
