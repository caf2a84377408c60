// Buttons that stay what they are when words change: a keyboard that has reached one stays there.

import { keepRows } from "./rows.js";

/**
 * Fill a box with buttons; one that is there already is changed in place.
 *
 * @param {HTMLElement} box
 * @param {{key: string, words: string, onClick: () => void, isPressed?: boolean}[]} entries
 */
export function fillButtons(box, entries) {
  const entryOf = new Map(entries.map((entry) => [entry.key, entry]));
  keepRows(box, [...entryOf.keys()], newButton, (button, key) => write(button, entryOf.get(key)));
}

function newButton() {
  const made = document.createElement("button");
  made.type = "button";
  return made;
}

function write(button, { words, onClick, isPressed }) {
  if (button.textContent !== words) button.textContent = words;
  if (isPressed === undefined) button.removeAttribute("aria-pressed");
  else button.setAttribute("aria-pressed", String(isPressed));
  button.onclick = onClick;
}
