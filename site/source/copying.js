// Copying a text; where the browser allows it not, the text is selected for the reader.

import { text } from "./texts.js";

/** Copy when a button is pressed, and say beside it whether it worked. */
export function makeCopyButton(button, answer, words, element) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words());
      answer.textContent = text("page.copied");
    } catch {
      if (element) getSelection().selectAllChildren(element);
      answer.textContent = text("page.copy_failed");
    }
  });
}
