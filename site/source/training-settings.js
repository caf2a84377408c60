// The settings of the training lab: what they may be, how they are written, and as Python.

import { checkedChoice, parseNumber, writeNumber } from "./controls.js";
import { facts } from "./facts.js";
import { floatRepr, pythonRepr } from "./format.js";
import { listed, text } from "./texts.js";

// A network of this size takes some 25 MB with its averages; the workbook takes ten times more.
export const MOST_WEIGHTS = 2_000_000;

export const DEFAULTS = { ...facts.defaults, training_size: facts.digits.train };
export const RANGES = {
  ...facts.ranges,
  // One digit of each class at least.
  training_size: { minimum: facts.digits.classes, maximum: facts.digits.train, whole: true },
};

const number = (name) => ({
  parse: (typed) => parseNumber(name, RANGES[name], typed),
  write: writeNumber,
  describe: writeNumber,
});
const choice = (name, choices) => ({
  parse: (typed) => checkedChoice(name, choices, typed),
  write: String,
  describe: String,
});

export const SETTINGS = {
  learning_rate: number("learning_rate"),
  batch_size: number("batch_size"),
  dropout_rate: number("dropout_rate"),
  hidden_units: {
    parse: parseHiddenUnits,
    write: (units) => units.join(", "),
    describe: (units) => units.join("-"),
  },
  activation: choice("activation", facts.activations),
  optimizer: choice("optimizer", facts.optimizers),
  weight_decay: number("weight_decay"),
  epochs: number("epochs"),
  seed: number("seed"),
  training_size: number("training_size"),
};

/** Read "128, 64" or "128-64" as [128, 64]; throw a RangeError with a message else. */
export function parseHiddenUnits(typed) {
  const plain = typed
    .normalize("NFKC")
    .replace(/^[() ]+|[() ]+$/g, "")
    .replace(/(?<=\d)\s*-\s*(?=\d)/g, " ");
  const words = plain.split(/[\s,、;]+/).filter(Boolean);
  if (!words.length || !words.every((word) => /^[+-]?\d+$/.test(word))) {
    throw new RangeError(text("training_lab.hidden_units_text", { label: text("training_lab.hidden_units"), typed }));
  }
  return checkedUnits(words.map(Number));
}

function checkedUnits(units) {
  const { most_layers: layers, most_units: most } = facts;
  if (units.length > layers || !units.every((count) => count >= 1 && count <= most)) {
    const allowed = text("hyperparameters.hidden_units", { layers, units: most });
    throw new RangeError(
      text("hyperparameters.wrong_value", { field: "hidden_units", value: units, allowed }),
    );
  }
  const sizes = [facts.digits.pixels, ...units, facts.digits.classes];
  const weights = sizes.slice(1).reduce((sum, count, i) => sum + (sizes[i] + 1) * count, 0);
  if (weights > MOST_WEIGHTS) {
    throw new RangeError(
      text("page.too_many_weights", { value: units, weights, most: MOST_WEIGHTS }),
    );
  }
  return units;
}

/** Return the settings, by name, in which some values differ from others. */
export function differences(values, others) {
  const names = Object.keys(SETTINGS).filter((name) => String(values[name]) !== String(others[name]));
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

/** Write settings in a row: "learning rate 0.001, batch size 32". */
export function describe(values) {
  return listed(
    Object.entries(values).map(([name, value]) => `${labelOf(name)} ${SETTINGS[name].describe(value)}`),
  );
}

function labelOf(name) {
  return text(`training_lab.${name}`);
}

// -- as Python -------------------------------------------------------------------------------------

const IS_FLOAT = new Set(["learning_rate", "dropout_rate", "weight_decay"]);

/** Write a setting's value as Python does. */
export function asPython(name, value) {
  return IS_FLOAT.has(name) ? floatRepr(value) : pythonRepr(value);
}

/** Return the lines that open the training lab of the workbook with these settings. */
export function workbookLines(values) {
  const changed = Object.entries(differences(values, DEFAULTS));
  const settings = changed.map(([name, value]) => `${name}=${asPython(name, value)}`).join(", ");
  return [
    "import hpt_widgets as hpt",
    "",
    "lab = hpt.TrainingLab()",
    settings ? `lab.set(${settings})` : "lab.start()",
    "lab",
  ].join("\n");
}

const CLASS_OF = { sgd: "SGD", momentum: "SGD", rmsprop: "RMSprop", adam: "Adam" };

/** Return the Keras program of these settings, as the package's keras_program writes it. */
export function kerasProgram(values) {
  const { pixels, classes } = facts.digits;
  const samples = (split) => `data.x_${split}.reshape(-1, ${pixels}), data.y_${split}`;
  const size = values.training_size;
  const taken = size < DEFAULTS.training_size ? `.take(${size}, seed=0)` : "";
  return [
    "import hpt_widgets as hpt",
    "import tensorflow as tf",
    "",
    `data = hpt.load_mnist()${taken}`,
    `tf.keras.utils.set_random_seed(${values.seed})`,
    "model = tf.keras.Sequential([",
    ...layersOf(values, pixels, classes).map((layer) => `    ${layer},`),
    "])",
    "model.compile(",
    `    optimizer=${optimizerOf(values)},`,
    '    loss="sparse_categorical_crossentropy",',
    '    metrics=["accuracy"],',
    ")",
    "model.fit(",
    `    ${samples("train")},`,
    `    batch_size=${values.batch_size}, epochs=${values.epochs},`,
    `    validation_data=(${samples("validation")}),`,
    ")",
  ].join("\n");
}

function layersOf(values, pixels, classes) {
  const hidden = values.hidden_units.flatMap((units) => [
    `tf.keras.layers.Dense(${units}, activation="${values.activation}")`,
    ...(values.dropout_rate > 0
      ? [`tf.keras.layers.Dropout(${floatRepr(values.dropout_rate)})`]
      : []),
  ]);
  return [
    `tf.keras.Input((${pixels},))`,
    ...hidden,
    `tf.keras.layers.Dense(${classes}, activation="softmax")`,
  ];
}

function optimizerOf(values) {
  const settings = [`learning_rate=${floatRepr(values.learning_rate)}`];
  if (values.optimizer === "momentum") {
    settings.push(`momentum=${floatRepr(facts.optimizer_constants.momentum)}`);
  }
  if (values.weight_decay > 0) settings.push(`weight_decay=${floatRepr(values.weight_decay)}`);
  return `tf.keras.optimizers.${CLASS_OF[values.optimizer]}(${settings.join(", ")})`;
}

