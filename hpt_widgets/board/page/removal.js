// The teacher's button that removes the run that is shown; it asks first.

import { text } from "./texts.js";

export class RunRemoval {
  #button;
  #onRemove;
  #run = null;
  #isSure = false;

  /**
   * @param {HTMLButtonElement} button
   * @param {(sequence: number) => void} onRemove called with the run's number, once that was confirmed
   */
  constructor(button, onRemove) {
    this.#button = button;
    this.#onRemove = onRemove;
    button.addEventListener("click", () => this.#press());
    button.addEventListener("blur", () => this.#ask(false));
  }

  /** Offer to remove a run, by its number; null takes the button away. */
  offer(sequence) {
    // What was asked of one run is not asked of the next.
    if (sequence !== this.#run) this.#isSure = false;
    this.#run = sequence;
    this.#write();
  }

  #press() {
    const isSure = this.#isSure;
    // Should that fail, the next press asks again.
    this.#ask(!isSure);
    if (isSure) this.#onRemove(this.#run);
  }

  #ask(isSure) {
    this.#isSure = isSure;
    this.#write();
  }

  #write() {
    this.#button.hidden = this.#run === null;
    const words = text(this.#isSure ? "remove_sure" : "remove_run");
    if (this.#button.textContent !== words) this.#button.textContent = words;
    this.#button.classList.toggle("is-sure", this.#isSure);
  }
}
