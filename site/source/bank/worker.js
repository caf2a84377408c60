// Loads the bank and replays, on a thread of its own. Of several wishes the newest is answered.

import { Comparer } from "./comparison.js";
import { facts } from "./facts.js";
import { readTables } from "./tables.js";

let comparer = null;
let wish = null;

addEventListener("message", ({ data }) => {
  const isFirst = !wish;
  wish = data;
  // Wishes that wait already are taken before this.
  if (isFirst) setTimeout(answer);
});

function answer() {
  if (!comparer || !wish) return;
  const settings = wish;
  wish = null;
  postMessage({ kind: "compared", compared: comparer.compare(settings) });
}

async function load() {
  const { file, integrity } = facts.scores;
  try {
    const response = await fetch(new URL(file, import.meta.url), { integrity });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    comparer = new Comparer(readTables(await response.arrayBuffer(), facts.scores));
  } catch (error) {
    postMessage({ kind: "missing", file, reason: error.message });
    return;
  }
  answer();
}

load();
