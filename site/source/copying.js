// Copying a text; where the browser allows it not, the text is selected for the reader.

import { text } from "./texts.js";

/**
 * Copy when a button is pressed, and say beside it whether it worked.
 *
 * @param {HTMLElement} button
 * @param {HTMLElement} answer where that is said
 * @param {() => string} words what is copied
 * @param {HTMLElement} [element] where it stands on the page; else a field shows it if need be
 */
export function makeCopyButton(button, answer, words, element) {
  const field = document.createElement("input");
  field.className = "to-copy";
  field.readOnly = true;
  field.setAttribute("aria-label", button.textContent);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words());
      field.remove();
      answer.textContent = text("page.copied");
    } catch {
      if (element) getSelection().selectAllChildren(element);
      else {
        field.value = words();
        answer.after(field);
        field.select();
      }
      answer.textContent = text("page.copy_failed");
    }
  });
}
