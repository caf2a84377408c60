// The projector's page of a class: what the board tells becomes charts and words.

import { fillButtons } from "./buttons.js";
import { Cloud } from "./cloud.js";
import { Connection } from "./connection.js";
import { percent } from "./numbers.js";
import { showApart, showInvitation, showLast, showLegend, showRun, showScores, showTask, showWelcome } from "./panels.js";
import { Race } from "./race.js";
import { RunRemoval } from "./removal.js";
import { Runs } from "./runs.js";
import { Students } from "./students.js";
import { counted, forgetForTab, keep, keepForTab, loadTexts, nameOf, read, readForTab, switchLanguage, text } from "./texts.js";

const THEME = "hpt-board-theme";
// A list that changes with each run cannot be read.
const LIST_MS = 900;
const SPEAK_MS = 15000;

const by = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.hash.slice(1));
// By the board's place: a hub may have several at one host.
const KEY = `hpt-board-teacher:${new URL("live", location.href).pathname}`;

const runs = new Runs();
const cloud = new Cloud(by("cloud"), runs, choose);
const race = new Race(by("race"));
const board = { task: null, invitation: null, summary: null, best: null, chosen: null, names: null, runsOf: null, wantsNames: false, problem: "", teacher: false };
let connectionState = "there";
let wasLetIn = false;
let isByKey = false;
let listIsFresh = false;

const connection = new Connection({ onMessage, onOpen, onConnection, onRefusal });
const students = new Students(by("students-list"), (number) => connection.send({ forget: number }));
const removal = new RunRemoval(by("run-remove"), (sequence) => connection.send({ forget_run: sequence }));

// -- what the board tells ----------------------------------------------------------------------

function onMessage(message) {
  const tell = { state: onState, runs: onRuns, summary: onSummary, names: onNames, run: onRun, problem: onProblem };
  tell[message.type]?.(message);
}

function onState(state) {
  by("door").hidden = true;
  wasLetIn = true;
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
  showApart(summary.apart);
}

function takeSummary(summary) {
  board.summary = summary;
  race.band = summary.band;
  // Seeds that were trained for this purpose say more than a few of the class's.
  const found = [race.reference?.seeds, summary.scatter].filter(Boolean);
  race.scatter = found.sort((a, b) => b.freedom - a.freedom)[0] ?? null;
}

function onNames({ names, runs: runsOf }) {
  // What was asked for since the answer set out counts.
  if (Boolean(names) !== board.wantsNames) return;
  Object.assign(board, { names, runsOf });
  listIsFresh = false;
  showStudents();
}

function onRun({ run }) {
  board.chosen = run;
  showChosen();
}

function onProblem({ problem }) {
  board.problem = problem;
  showProblem();
}

/** A new socket knows nothing of what was asked of the one before. */
function onOpen() {
  if (board.wantsNames) connection.send({ names: true });
}

function onConnection(state) {
  if (state === connectionState) return;
  connectionState = state;
  showProblem();
}

function onRefusal(reason, seconds) {
  if (reason === "wait") {
    openDoor(text("door_wait", { seconds }));
    return;
  }
  // A key that was refused is of no use any more.
  if (isByKey) forgetForTab(KEY);
  openDoor(text(isByKey || wasLetIn ? "door_changed" : `door_${reason}`));
  wasLetIn = false;
}

/** Ask for the class code. */
function openDoor(message) {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  by("door").hidden = false;
  by("door-message").textContent = message;
  by("code").focus();
}

// -- what is shown -----------------------------------------------------------------------------

function showAll() {
  showTask(board.task);
  by("cloud-title").textContent = text("cloud_title");
  by("race-title").textContent = text("race_title");
  by("race-note").textContent = text("race_note");
  showInvitation(board.invitation);
  showApart(board.summary?.apart ?? 0);
  cloud.refresh();
  race.refresh(runs.bestSoFar);
  by("race-missing").hidden = !board.teacher || !board.task || Boolean(race.reference);
  by("race-missing").textContent = text("no_reference");
  showFigures();
  showAxisChoice();
  showButtons();
  showStudents();
  showProblem();
  showDoor();
  listIsFresh = false;
}

function showFigures() {
  const deviation = race.scatter ? race.scatter.deviation : null;
  const common = race.common;
  const best = runs.bestSoFar[common - 1] ?? null;
  const scores = { joined: Math.max(board.summary?.joined ?? 0, runs.studentCount), runs: runs.count, different: runs.different.size, common, best, deviation };
  showWelcome(!runs.count, board.invitation);
  showScores({ ...scores, tpe: race.at("tpe", common), random: race.at("random", common) });
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
  const run = isBest ? board.best : board.chosen;
  showRun(run, { task: board.task, isBest, name, count: runs.count });
  // Not on the projector all the time: for a run that was chosen, or while names are shown.
  const isOffered = board.teacher && run && (!isBest || board.wantsNames);
  removal.offer(isOffered ? run.sequence : null);
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
  const lost = { lost: "no_connection", silent: "board_silent", full: "board_full" }[connectionState];
  const words = lost ? text(lost) : board.problem ? text(`problem_${board.problem}`) : "";
  // The door lies over everything else.
  const isAtDoor = !by("door").hidden;
  if (isAtDoor) by("door-message").textContent = words;
  by("problem").textContent = isAtDoor ? "" : words;
  by("problem").hidden = isAtDoor || !words;
}

function showAxisChoice() {
  const names = cloud.names.length < 2 ? [] : cloud.names;
  const entries = names.map((name) => ({ key: name, words: nameOf(name), onClick: () => useAxis(name), isPressed: name === cloud.xName }));
  fillButtons(by("axis-choice"), entries);
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
  by("spoken").textContent = counted("race_spoken", runs.count, { best: percent(runs.bestSoFar.at(-1)) });
}

// -- buttons -----------------------------------------------------------------------------------

function showButtons() {
  const isDark = document.documentElement.dataset.theme === "dark";
  const teachers = [
    { key: "join", words: text("button_join"), onClick: () => by("invitation").showModal() },
    { key: "names", words: text("button_names"), onClick: switchNames, isPressed: board.wantsNames },
  ];
  if (board.wantsNames) teachers.push({ key: "students", words: text("button_students"), onClick: () => by("students").showModal() });
  fillButtons(by("buttons"), [
    ...(board.teacher ? teachers : []),
    { key: "theme", words: text(isDark ? "button_light" : "button_dark"), onClick: () => useTheme(isDark ? "light" : "dark") },
    { key: "language", words: text("button_language"), onClick: otherLanguage },
    { key: "full", words: text("button_full"), onClick: fullScreen },
  ]);
}

function switchNames() {
  board.wantsNames = !board.wantsNames;
  if (!board.wantsNames) board.names = board.runsOf = null;
  connection.send({ names: board.wantsNames });
  listIsFresh = false;
  showButtons();
  showStudents();
}

function showStudents() {
  const count = Object.keys(board.names ?? {}).length;
  by("students-title").textContent = text("students_title", { count });
  by("students-note").textContent = text(count ? "students_note" : "students_none");
  by("students-close").textContent = text("close");
  const hadFocus = by("students-list").contains(document.activeElement);
  students.show(board.names ?? {}, board.runsOf ?? {});
  if (hadFocus && !by("students-list").contains(document.activeElement)) by("students-close").focus();
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

for (const name of ["invitation", "students"]) by(`${name}-close`).addEventListener("click", () => by(name).close());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") chooseNone();
});
by("door").addEventListener("submit", (event) => {
  event.preventDefault();
  isByKey = false;
  connection.open({ code: by("code").value });
});

/** Say who we are; whoever has neither key nor code is asked for the code, and asks for nothing yet. */
function greet() {
  const key = teachersKey();
  isByKey = Boolean(key);
  if (key) connection.open({ teacher: key });
  else if (asked.get("code")) connection.open({ code: asked.get("code") });
  else openDoor("");
}

/** Return the teacher's key, and take it out of the address, which the projector shows to everybody. */
function teachersKey() {
  const key = asked.get("teacher");
  if (!key) return asked.get("code") ? null : readForTab(KEY);
  asked.delete("teacher");
  // Without a place for it the key stays, for the page to be loaded again.
  if (keepForTab(KEY, key)) {
    const rest = String(asked);
    history.replaceState(null, "", `${location.pathname}${location.search}${rest ? `#${rest}` : ""}`);
  }
  return key;
}

const isDarkBySystem = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = read(THEME) ?? (isDarkBySystem ? "dark" : "light");
await loadTexts(asked.get("language"));
showDoor();
greet();
setInterval(showLists, LIST_MS);
setInterval(speak, SPEAK_MS);
