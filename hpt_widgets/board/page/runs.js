// The runs of the present task as the board has told them, column by column.

export class Runs {
  constructor() {
    this.generation = 0;
    this.names = [];
    this.ranges = {};
    this.logarithmic = new Set();
    this.clear();
  }

  clear() {
    this.generation += 1;
    this.sequences = [];
    this.students = [];
    this.accuracies = [];
    this.values = Object.fromEntries(this.names.map((name) => [name, []]));
    this.bestSoFar = [];
    this.best = null;
    this.different = new Set();
  }

  get count() {
    return this.accuracies.length;
  }

  get studentCount() {
    return new Set(this.students).size;
  }

  /** Begin anew with all the runs of a task. */
  replace(task, columns) {
    this.names = task ? task.free : [];
    // Between which values the searches look for each hyperparameter.
    this.ranges = task?.ranges ?? {};
    this.logarithmic = new Set(task?.logarithmic);
    this.clear();
    this.add(columns);
  }

  /** Take in columns that begin where ours end; return whether they do. */
  add({ start, sequence, student, accuracy, values }) {
    if (start !== this.count) return false;
    for (let i = 0; i < accuracy.length; i += 1) {
      this.sequences.push(sequence[i]);
      this.students.push(student[i]);
      this.accuracies.push(accuracy[i]);
      for (const name of this.names) this.values[name].push(values[name][i]);
      // The same settings and seed give the same run, whoever trains it.
      this.different.add(JSON.stringify([accuracy[i], ...this.names.map((name) => values[name][i])]));
      const before = this.best === null ? null : this.accuracies[this.best];
      if (accuracy[i] !== null && (before === null || accuracy[i] > before)) this.best = this.count - 1;
      this.bestSoFar.push(this.best === null ? null : this.accuracies[this.best]);
    }
    return true;
  }
}
