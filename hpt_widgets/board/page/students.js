// The teacher's list of a class: who has joined, with how many runs, and a way to remove them.

import { keepRows } from "./rows.js";
import { counted, text } from "./texts.js";

export class Students {
  #list;
  #onRemove;
  #names = {};
  #runs = {};
  #sure = null;

  /**
   * @param {HTMLElement} list
   * @param {(number: number) => void} onRemove called with a student's number, once that was confirmed
   */
  constructor(list, onRemove) {
    this.#list = list;
    this.#onRemove = onRemove;
  }

  /**
   * Show the students by name.
   *
   * @param {Record<string, string>} names by the students' numbers
   * @param {Record<string, number>} runs
   */
  show(names, runs) {
    [this.#names, this.#runs] = [names, runs];
    const order = Object.keys(names).sort((a, b) => names[a].localeCompare(names[b], undefined, { numeric: true }));
    keepRows(this.#list, order, (number) => this.#newRow(number), (row, number) => this.#write(row, number));
  }

  #newRow(number) {
    const row = document.createElement("li");
    const [name, count, remove] = ["span", "small", "button"].map((kind) => document.createElement(kind));
    remove.type = "button";
    remove.addEventListener("click", () => this.#press(number));
    remove.addEventListener("blur", () => this.#ask(null));
    row.append(name, count, remove);
    return row;
  }

  #write(row, number) {
    const [who, runs, remove] = row.children;
    const [name, count] = [this.#names[number] ?? "", this.#runs[number] ?? 0];
    const isSure = this.#sure === number;
    who.textContent = who.title = name;
    runs.textContent = counted("student_runs", count);
    remove.textContent = text(isSure ? "remove_sure" : "remove");
    remove.setAttribute("aria-label", text(isSure ? "remove_sure_who" : "remove_who", { name }));
    row.classList.toggle("is-sure", isSure);
  }

  /** Ask before a student is removed; the second press removes. */
  #press(number) {
    const isSure = this.#sure === number;
    // Should that fail, the next press asks again.
    this.#ask(isSure ? null : number);
    if (isSure) this.#onRemove(Number(number));
  }

  #ask(number) {
    if (this.#sure === number) return;
    this.#sure = number;
    for (const row of this.#list.children) this.#write(row, row.dataset.key);
  }
}
