// What stands in words: the task, the scores, one run, the last runs, and how to join.

import { decimalsOf, percent, scatter, short } from "./numbers.js";
import { keepRows } from "./rows.js";
import { counted, isInAnyLanguage, nameOf, text } from "./texts.js";

const LAST_RUNS = 6;
const SVG = "http://www.w3.org/2000/svg";
const by = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Show the task and its rules. */
export function showTask(task) {
  const name = task && (isInAnyLanguage("default_task", task.name) ? text("default_task") : task.name);
  by("task").textContent = name ?? text("no_task");
  document.title = name ? `${name} – ${text("title")}` : text("title");
  if (!task) {
    by("rules").textContent = "";
    return;
  }
  by("rules").textContent = [
    text("rule_samples", { count: task.training_size.toLocaleString("en") }),
    counted("rule_epochs", task.epochs),
    task.seed === null ? text("rule_any_seed") : text("rule_seed", { seed: task.seed }),
    text("rule_free", { names: task.free.map(nameOf).join(text("comma")) }),
  ].join(" · ");
}

/** Show the figures at the top. */
export function showScores({ joined, runs, different, common, best, tpe, random, deviation }) {
  // All three are told after the same number of runs; where the class has gone on longer, it says so.
  const ofClass = common < runs ? text("score_after", { name: text("score_class"), runs: common.toLocaleString("en") }) : text("score_class");
  const decimals = decimalsOf([best, tpe?.best, random?.best]);
  const scores = {
    students: [text("score_students"), joined.toLocaleString("en")],
    runs: [text(different < runs ? "score_different" : "score_runs", { count: different.toLocaleString("en") }), runs.toLocaleString("en")],
    class: [ofClass, percent(best, decimals)],
    tpe: tpe && [text("score_after", { name: text("name_tpe"), runs: tpe.runs }), percent(tpe.best, decimals)],
    random: random && [text("score_after", { name: text("name_random"), runs: random.runs }), percent(random.best, decimals)],
    chance: deviation !== null && [text("score_chance"), scatter(2 * deviation)],
  };
  for (const [name, words] of Object.entries(scores)) {
    const box = document.querySelector(`[data-score="${name}"]`);
    box.hidden = !words;
    if (words) [box.querySelector("dt").textContent, box.querySelector("dd").textContent] = words;
  }
  document.querySelector("[data-score=runs]").title = different < runs ? text("different_note") : "";
}

/** Show what the colours of the cloud mean. */
export function showLegend(cloud) {
  const parts = cloud.legend().map(([color, words]) => {
    const swatch = element("i");
    swatch.style.background = color;
    return element("span", {}, swatch, words);
  });
  if (cloud.hasDiverged) parts.push(element("span", {}, element("i", { class: "cross" }, "✕"), text("diverged")));
  if (cloud.hueName && cloud.legend().length) parts.unshift(element("span", {}, `${nameOf(cloud.hueName)}${text("colon")}`));
  by("cloud-legend").replaceChildren(...parts);
}

/** Show one run: its accuracy, all of its settings, and its curve. */
export function showRun(run, { task, isBest, name, count }) {
  by("run-title").textContent = text(isBest ? "best_run" : "chosen_run");
  if (!run || !task) {
    by("run").replaceChildren(text(count ? "all_diverged" : "no_run_yet"));
    return;
  }
  const who = name ? element("small", { title: name }, name) : "";
  const accuracy = element("p", { class: "accuracy" }, run.accuracy === null ? text("diverged") : percent(run.accuracy), who);
  const settings = element("dl");
  for (const key of task.free) {
    settings.append(element("dt", {}, nameOf(key)), element("dd", {}, short(run.hyperparameters[key])));
  }
  by("run").replaceChildren(accuracy, settings, curveOf(run.history));
}

/** Draw a learning curve as it went, with the number of samples from left to right. */
function curveOf(history) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 100 50");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", text("curve_spoken"));
  if (history.length < 2) return picture;
  const last = history.at(-1)[0] || 1;
  const lows = history.map(([, value]) => value);
  const [low, high] = [Math.min(...lows), Math.max(...lows)];
  const points = history.map(([samples, value]) => `${(100 * samples) / last},${46 - (42 * (value - low)) / (high - low || 1)}`);
  const line = document.createElementNS(SVG, "polyline");
  line.setAttribute("points", points.join(" "));
  line.setAttribute("fill", "none");
  line.setAttribute("stroke", "var(--class)");
  line.setAttribute("stroke-width", "3");
  line.setAttribute("vector-effect", "non-scaling-stroke");
  picture.append(line);
  return picture;
}

/** List the newest runs; each can be chosen. */
export function showLast(runs, { names, axis, onChoose }) {
  const newest = Array.from({ length: Math.min(LAST_RUNS, runs.count) }, (_, i) => runs.count - 1 - i);
  // In another task, or without a student, the same place is another run's.
  const placeOf = new Map(newest.map((place) => [`${runs.generation} ${place}`, place]));
  const make = (key) => newRunRow(placeOf.get(key), onChoose);
  keepRows(by("last"), [...placeOf.keys()], make, (row, key) => writeRun(row, placeOf.get(key), runs, names, axis));
  by("last-title").textContent = text("last_runs");
}

function newRunRow(place, onChoose) {
  const button = element("button", { type: "button" }, element("b"), element("span", { class: "value" }), element("span", { class: "who" }));
  button.addEventListener("click", () => onChoose(place));
  return element("li", {}, button);
}

function writeRun(row, place, runs, names, axis) {
  const accuracy = runs.accuracies[place];
  // Beside a name there is room for one value: that along the axis.
  const shown = names ? [axis] : runs.names.slice(0, 3);
  const [score, values, who] = row.firstElementChild.children;
  score.textContent = accuracy === null ? "✕" : percent(accuracy);
  values.textContent = shown.map((name) => short(runs.values[name][place])).join(" · ");
  who.textContent = names?.[runs.students[place]] ?? "";
  row.classList.toggle("is-best", place === runs.best);
}

/** Before the first run the largest place says how to join. */
export function showWelcome(isEmpty, invitation) {
  by("welcome").hidden = !isEmpty;
  by("cloud").hidden = by("axis-choice").hidden = isEmpty;
  by("welcome-title").textContent = text(invitation ? "join_title" : "no_run_yet");
  by("welcome-how").textContent = invitation ? text("welcome_how") : "";
  by("welcome-line").textContent = invitation?.line ?? "";
  showEntries(by("welcome-entries"), invitation && !invitation.hub ? ["address", "code"] : [], invitation);
  showOthers(by("welcome-others"), invitation);
  by("welcome-watch").textContent = invitation ? reach(invitation) : "";
  by("welcome-qr").hidden = !invitation?.qr;
  if (invitation?.qr) {
    by("welcome-qr").src = invitation.qr;
    by("welcome-qr").alt = text("qr_alt");
  }
}

/** Show what is to be typed into the lab's fields, each by its name there. */
function showEntries(list, names, invitation) {
  list.replaceChildren(...names.flatMap((name) => [element("dt", {}, text(`enter_${name}`)), element("dd", {}, invitation[name])]));
}

/** Show the computer's further addresses: which of them is the class's network, only the teacher knows. */
function showOthers(line, invitation) {
  line.hidden = !invitation?.others?.length;
  line.textContent = line.hidden ? "" : text("other_addresses", { addresses: invitation.others.join(text("comma")) });
}

/** Return what the QR code is for, or that no other computer can reach the board. */
function reach(invitation) {
  if (invitation.qr) return text("qr_watch");
  return invitation.shared || invitation.hub ? "" : text("not_shared");
}

/** Say how many of the class's runs are not of the present task. */
export function showApart(count) {
  by("apart").hidden = !count;
  by("apart").textContent = counted("apart", count);
}

/** Say how to join, for the class to read. */
export function showInvitation(invitation) {
  const line = by("how-to-join");
  line.hidden = !invitation;
  if (!invitation) return;
  line.replaceChildren(`${text("join_with")} `, element("code", {}, invitation.line));
  by("invitation-title").textContent = text("join_title");
  by("invitation-how").textContent = text("welcome_how");
  // On a hub the code is for telephones alone.
  showEntries(by("invitation-entries"), invitation.hub ? ["code"] : ["address", "code"], invitation);
  by("invitation-line").replaceChildren(element("code", {}, invitation.line));
  showOthers(by("invitation-others"), invitation);
  by("invitation-close").textContent = text("close");
  by("qr").hidden = !invitation.qr;
  by("qr-watch").textContent = reach(invitation);
  if (invitation.qr) {
    by("qr").src = invitation.qr;
    by("qr").alt = text("qr_alt");
  }
}
