// The thread that trains. The page leaves its newest wish here; older ones are dropped.

import { DataProblem, fetchDigits } from "./digits.js";
import { facts } from "./facts.js";
import { MistakeSearch } from "./mistakes.js";
import { Network } from "./network.js";
import { TrainingSession } from "./training.js";

// Between two chunks of this length a new wish is looked for.
const CHUNK_MILLISECONDS = 5;
// The first chunk is small, so that a first point of the curve is there at once.
const FIRST_CHUNK_MILLISECONDS = 2;
// A report in between rows comes no more often than the page draws.
const REPORT_MILLISECONDS = 30;

let network = null;
let session = null;
let search = null; // for the mistakes of a training that has ended
let run = 0;
let paused = false;
let reportedAt = 0;
let isScheduled = false;

// A timer would wait four milliseconds between two chunks; a message to oneself does not.
const { port1: here, port2: there } = new MessageChannel();
here.onmessage = () => {
  isScheduled = false;
  guarded(work);
};

function schedule() {
  const hasWork = search || (session && !session.ended && !paused);
  if (isScheduled || !hasWork) return;
  isScheduled = true;
  there.postMessage(null);
}

function guarded(action) {
  try {
    action();
  } catch (error) {
    session = null;
    search = null;
    postMessage({ kind: "failed", run, reason: String(error.message ?? error) });
  }
}

const wishes = {
  async load({ kernel, data }) {
    try {
      // Compiling it as it comes would need a server that knows its type; it is small.
      const response = await fetch(kernel);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      network = await Network.load(await response.arrayBuffer());
    } catch (error) {
      postMessage({ kind: "no-kernel", reason: String(error.message ?? error) });
      return;
    }
    for (const pack of facts.packs) {
      if (!(await loadPack(pack, data))) return;
    }
  },

  start({ hp, size, number, onlyStep }) {
    run = number;
    paused = false;
    search = null;
    const counts = {
      train: Math.min(size, network.train),
      validation: network.validation,
    };
    session = new TrainingSession(network, hp, counts);
    reportedAt = -Infinity;
    postMessage({ kind: "began", run, counts });
    if (onlyStep) takeStep();
    else work();
  },

  change({ changes }) {
    session?.change(changes);
  },

  pause() {
    paused = true;
    if (session && !session.ended) report(null);
  },

  resume() {
    paused = false;
    schedule();
  },

  step() {
    if (session && !session.ended) takeStep();
  },

  stop() {
    if (!session || session.ended) return;
    session.stop();
    report(session.points.at(-1) ?? null);
    reportEnd();
  },

  read({ picture, number }) {
    if (!session) return;
    postMessage({ kind: "reading", number, probabilities: network.read(picture) });
  },
};

async function loadPack(pack, folder) {
  try {
    const parts = await fetchDigits(pack, folder);
    parts.forEach((part) => network.putDigits(part.split, part.from, part.images, part.labels));
  } catch (error) {
    const known = error instanceof DataProblem;
    postMessage({
      kind: "data-problem",
      file: pack.file,
      altered: known && error.altered,
      reason: known ? error.reason : String(error.message ?? error),
      train: network.train,
    });
    return false;
  }
  postMessage({ kind: "digits", train: network.train, validation: network.validation });
  return true;
}

function takeStep() {
  paused = true;
  let point = null;
  const before = session.samples;
  // A row that waits for its validation is finished first; then comes the one update.
  do point = session.advance(Infinity, 1) ?? point;
  while (session.isValidating || (session.samples === before && !session.ended));
  report(point);
  if (session.ended) reportEnd();
}

function work() {
  if (search) {
    lookForMistakes();
    return;
  }
  if (!session || session.ended || paused) return;
  const isFirst = session.samples === 0;
  const point = session.advance(isFirst ? FIRST_CHUNK_MILLISECONDS : CHUNK_MILLISECONDS);
  const now = performance.now();
  if (point || session.points.length === 0 || now - reportedAt > REPORT_MILLISECONDS) {
    report(point);
    reportedAt = now;
  }
  if (session.ended) reportEnd();
  else schedule();
}

function report(point) {
  postMessage({
    kind: "progress",
    run,
    point,
    samples: session.samples,
    total: session.totalSamples,
    seconds: session.seconds,
    trainingLoss: point ? point.trainingLoss : session.trainingLoss,
    changes: session.changes,
    ended: session.ended,
    paused,
  });
}

/** Measure the weights that a training ended with, and report when that is done. */
function reportEnd() {
  search = new MistakeSearch(network, session.counts.validation);
  schedule();
}

function lookForMistakes() {
  const until = performance.now() + CHUNK_MILLISECONDS;
  while (!search.isDone && performance.now() < until) search.advance();
  if (!search.isDone) {
    schedule();
    return;
  }
  const mistakes = search.result();
  search = null;
  const { ended, points, changes, current, seconds } = session;
  const last = points.at(-1);
  if (last && last.validationAccuracy === null) {
    Object.assign(last, { validationLoss: mistakes.loss, validationAccuracy: mistakes.accuracy });
  }
  postMessage({ kind: "ended", run, ended, points, changes, current, seconds, mistakes });
}

onmessage = ({ data: { kind, ...wish } }) => guarded(() => wishes[kind](wish));
