// The file of the trial bank: how many validation digits each training read right.

/** What settings came to, as a table of three dimensions. */
export class Table {
  /**
   * @param {Uint16Array} counts
   * @param {number[]} shape
   * @param {{whole: number, not_trained: number}} scores what a count is a share of, and what
   *   stands for a training that was not made
   */
  constructor(counts, shape, scores) {
    [this.nRows, this.nColumns, this.depth] = shape;
    this.accuracies = Float64Array.from(counts, (count) =>
      count === scores.not_trained ? Number.NaN : count / scores.whole,
    );
  }

  at(row, column, place) {
    return this.accuracies[(row * this.nColumns + column) * this.depth + place];
  }
}

/**
 * Read the file.
 *
 * @param {ArrayBuffer} bytes
 * @param {object} scores as the build describes it
 * @returns {Record<string, Table>} by name, such as "random-9" (settings, repeats, epochs) or "tpe"
 *   (sequences, proposals, repeats)
 */
export function readTables(bytes, scores) {
  const view = new DataView(bytes);
  let place = 0;
  const next = () => view.getUint16(2 * place++, true);
  const sized = ([rows, columns, depth]) => Uint16Array.from({ length: rows * columns * depth }, next);
  return Object.fromEntries(
    Object.entries(scores.shapes).map(([name, shape]) => [name, new Table(sized(shape), shape, scores)]),
  );
}
