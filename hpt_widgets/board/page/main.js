// The projector's page of a class: what the board tells becomes charts and words.

import { Cloud } from "./cloud.js";
import { Connection } from "./connection.js";
import { percent } from "./numbers.js";
import { showInvitation, showLast, showLegend, showRun, showScores, showTask, showWelcome } from "./panels.js";
import { Race } from "./race.js";
import { Runs } from "./runs.js";
import { keep, loadTexts, nameOf, read, switchLanguage, text } from "./texts.js";

const THEME = "hpt-board-theme";
// A list that changes with each run cannot be read.
const LIST_MS = 900;
const SPEAK_MS = 15000;

const by = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.hash.slice(1));

const runs = new Runs();
const cloud = new Cloud(by("cloud"), runs, choose);
const race = new Race(by("race"));
const board = { task: null, invitation: null, summary: null, best: null, chosen: null, names: null, problem: "", teacher: false };
let isConnected = true;
let listIsFresh = false;

const connection = new Connection({ onMessage, onConnection, onRefusal });

// -- what the board tells ----------------------------------------------------------------------

function onMessage(message) {
  const tell = { state: onState, runs: onRuns, summary: onSummary, names: onNames, run: onRun, problem: onProblem };
  tell[message.type]?.(message);
}

function onState(state) {
  by("door").hidden = true;
  Object.assign(board, {
    task: state.task,
    invitation: state.invitation,
    teacher: state.teacher,
    best: state.best,
    problem: state.problem,
  });
  runs.replace(state.task, state);
  race.reference = state.reference;
  chooseNone();
  takeSummary(state.summary);
  showAll();
}

function onRuns(message) {
  const from = runs.count;
  if (!runs.add(message)) {
    // Something was missed: ask for all of it.
    connection.reopen();
    return;
  }
  board.best = message.best;
  cloud.refresh(from);
  race.refresh(runs.bestSoFar);
  showFigures();
  listIsFresh = false;
}

function onSummary({ summary }) {
  takeSummary(summary);
  race.refresh(runs.bestSoFar);
  showFigures();
  showInvitation(board.invitation, summary.apart);
}

function takeSummary(summary) {
  board.summary = summary;
  race.band = summary.band;
  // Seeds that were trained for this purpose say more than a few of the class's.
  const found = [race.reference?.seeds, summary.scatter].filter(Boolean);
  race.scatter = found.sort((a, b) => b.freedom - a.freedom)[0] ?? null;
}

function onNames({ names }) {
  board.names = names;
  listIsFresh = false;
  showButtons();
}

function onRun({ run }) {
  board.chosen = run;
  showChosen();
}

function onProblem({ problem }) {
  board.problem = problem;
  showProblem();
}

function onConnection(isThere) {
  if (isThere === isConnected) return;
  isConnected = isThere;
  showProblem();
}

function onRefusal(reason, seconds) {
  by("door").hidden = false;
  by("door-message").textContent = asked.has("code") || asked.has("teacher") || reason === "wait" ? text(`door_${reason}`, { seconds }) : "";
  by("code").focus();
}

// -- what is shown -----------------------------------------------------------------------------

function showAll() {
  showTask(board.task);
  by("cloud-title").textContent = text("cloud_title");
  by("race-title").textContent = text("race_title");
  by("race-note").textContent = text("race_note");
  showInvitation(board.invitation, board.summary?.apart ?? 0);
  cloud.refresh();
  race.refresh(runs.bestSoFar);
  showFigures();
  showAxisChoice();
  showButtons();
  showProblem();
  showDoor();
  listIsFresh = false;
}

function showFigures() {
  const deviation = race.scatter ? race.scatter.deviation : null;
  const best = runs.bestSoFar.at(-1) ?? null;
  const scores = { joined: Math.max(board.summary?.joined ?? 0, runs.studentCount), runs: runs.count, different: runs.different.size, best, deviation };
  showWelcome(!runs.count, board.invitation);
  showScores({ ...scores, tpe: race.at("tpe", runs.count), random: race.at("random", runs.count) });
}

function showLists() {
  if (listIsFresh) return;
  listIsFresh = true;
  showLast(runs, { names: board.names, axis: cloud.xName, onChoose: choose });
  showLegend(cloud);
  showChosen();
}

function showChosen() {
  const isBest = cloud.chosen === null;
  const place = isBest ? runs.best : cloud.chosen;
  const name = place === null ? "" : board.names?.[runs.students[place]];
  showRun(isBest ? board.best : board.chosen, { task: board.task, isBest, name });
}

function choose(place) {
  if (place === null) {
    chooseNone();
    return;
  }
  cloud.chosen = place;
  connection.send({ run: runs.sequences[place] });
  cloud.refresh();
}

function chooseNone() {
  cloud.chosen = board.chosen = null;
  cloud.refresh();
  showChosen();
}

function showProblem() {
  const words = !isConnected ? text("no_connection") : board.problem ? text(`problem_${board.problem}`) : "";
  by("problem").textContent = words;
  by("problem").hidden = !words;
}

function showAxisChoice() {
  const buttons = cloud.names.length < 2 ? [] : cloud.names.map((name) => button(nameOf(name), () => useAxis(name), name === cloud.xName));
  by("axis-choice").replaceChildren(...buttons);
  by("axis-choice").setAttribute("role", "group");
  by("axis-choice").setAttribute("aria-label", text("axis_choice"));
}

function useAxis(name) {
  cloud.useAxis(name);
  showAxisChoice();
  listIsFresh = false;
  showLists();
}

function showDoor() {
  by("door-label").textContent = text("door_label");
  by("door-button").textContent = text("door_button");
}

function speak() {
  if (!runs.count) return;
  by("spoken").textContent = text("race_spoken", { runs: runs.count, best: percent(runs.bestSoFar.at(-1)) });
}

// -- buttons -----------------------------------------------------------------------------------

function button(words, onClick, isPressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  if (isPressed !== undefined) made.setAttribute("aria-pressed", String(isPressed));
  made.addEventListener("click", onClick);
  return made;
}

function showButtons() {
  const focused = [...by("buttons").children].indexOf(document.activeElement);
  const isDark = document.documentElement.dataset.theme === "dark";
  const teachers = board.teacher
    ? [
        button(text("button_join"), () => by("invitation").showModal()),
        button(text("button_names"), () => connection.send({ names: !board.names }), Boolean(board.names)),
      ]
    : [];
  by("buttons").replaceChildren(
    ...teachers,
    button(text(isDark ? "button_light" : "button_dark"), () => useTheme(isDark ? "light" : "dark")),
    button(text("button_language"), otherLanguage),
    button(text("button_full"), fullScreen),
  );
  by("buttons").children[focused]?.focus();
}

function useTheme(theme) {
  document.documentElement.dataset.theme = theme;
  keep(THEME, theme);
  cloud.refresh();
  race.refresh(runs.bestSoFar);
  showButtons();
}

function otherLanguage() {
  switchLanguage();
  showAll();
  showLists();
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

// -- the beginning -----------------------------------------------------------------------------

by("invitation-close").addEventListener("click", () => by("invitation").close());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") chooseNone();
});
by("door").addEventListener("submit", (event) => {
  event.preventDefault();
  asked.set("code", by("code").value);
  connection.open({ code: by("code").value });
});

const isDarkBySystem = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = read(THEME) ?? (isDarkBySystem ? "dark" : "light");
await loadTexts(asked.get("language"));
showDoor();
connection.open(asked.has("teacher") ? { teacher: asked.get("teacher") } : { code: asked.get("code") ?? "" });
setInterval(showLists, LIST_MS);
setInterval(speak, SPEAK_MS);
