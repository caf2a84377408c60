// The rows of a list, or the buttons of a bar: each stays what it is when others come and go.

/**
 * Give a box one row for each key, in this order. A row stays its key's, so that a keyboard that
 * has reached it stays there; where its row goes, the nearest one takes over.
 *
 * @param {HTMLElement} box
 * @param {(string | number)[]} keys
 * @param {(key: string) => HTMLElement} make returns a new row: a button, or what holds one
 * @param {(row: HTMLElement, key: string) => void} write has a row show what it is to show now
 */
export function keepRows(box, keys, make, write) {
  const wanted = keys.map(String);
  const old = [...box.children];
  const reached = old.findIndex((row) => row.contains(document.activeElement));
  const known = new Map(old.map((row) => [row.dataset.key, row]));
  const staying = new Set(wanted);
  for (const row of old) if (!staying.has(row.dataset.key)) row.remove();
  let before = null;
  for (const key of wanted) {
    const row = known.get(key) ?? make(key);
    row.dataset.key = key;
    // Moved only where it must be: what is moved loses the focus.
    const place = before ? before.nextElementSibling : box.firstElementChild;
    if (row !== place) box.insertBefore(row, place);
    write(row, key);
    before = row;
  }
  if (reached >= 0 && !box.contains(document.activeElement)) focusNearest(box, old, reached);
}

function focusNearest(box, old, reached) {
  const nearest = [...old.slice(reached), ...old.slice(0, reached).reverse()].find((row) => row.parentElement === box);
  const row = nearest ?? box.children[Math.min(reached, box.children.length - 1)];
  (row?.querySelector("button") ?? row)?.focus();
}
