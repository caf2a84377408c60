// Numbers, settings and programs, written as the package writes them.

import assert from "node:assert/strict";
import test from "node:test";
import { asset, readJson } from "./helpers.mjs";

const cases = readJson("words.json");
const { useTexts, text } = await asset("texts.js");
const format = await asset("format.js");
const settings = await asset("training-settings.js");
const { parseNumber, parseTyped, valueAtNotch, nearestNotch, writeNumber } = await asset("controls.js");
const { lossTick } = await asset("training-charts.js");
const { changedWords, describeChanges, mergedChanges } = await asset("changes.js");
const { readAddress, writeAddress } = await asset("address.js");

useTexts("en", cases.texts.en);

test("numbers are formatted as Python formats them", () => {
  for (const [value, specification, expected] of cases.formatted) {
    assert.equal(format.formatted(value, specification), expected, `${value} ${specification}`);
  }
  for (const [value, expected] of cases.shown) assert.equal(format.shown(value), expected);
  for (const [value, expected] of cases.floats) assert.equal(format.floatRepr(value), expected);
});

test("every text can be filled, and is what the package says", () => {
  for (const language of ["en", "zh"]) {
    useTexts(language, cases.texts[language]);
    for (const [key, values, expected] of cases.filled[language]) assert.equal(text(key, values), expected);
  }
  useTexts("en", cases.texts.en);
});

test("programs are the package's", () => {
  for (const { values, program } of cases.programs) {
    assert.equal(settings.kerasProgram({ ...values, training_size: 50000 }), program);
  }
});

test("what was changed in mid-run is said as the package says it", () => {
  for (const language of ["en", "zh"]) {
    useTexts(language, cases.texts[language]);
    for (const [values, changes, length, expected] of cases.changes[language]) {
      const merged = mergedChanges(describeChanges(values, changes), length);
      assert.deepEqual(merged.map((one) => [one.samples, changedWords(one.values)]), expected);
    }
  }
  useTexts("en", cases.texts.en);
});

test("the lines for the workbook name what differs from its defaults", () => {
  const values = { ...settings.DEFAULTS, learning_rate: 1e-5, hidden_units: [32], optimizer: "sgd" };
  assert.ok(
    settings
      .workbookLines(values)
      .includes("lab.set(learning_rate=1e-05, hidden_units=(32,), optimizer='sgd')"),
  );
});

test("what the package allows is allowed, and what it refuses is refused", () => {
  for (const [name, typed, value] of cases.allowed) {
    assert.deepEqual(settings.SETTINGS[name].parse(typed), value);
  }
  for (const [name, typed] of cases.refused) {
    assert.throws(() => settings.SETTINGS[name].parse(typed), (error) => {
      assert.ok(error instanceof RangeError, `${name} ${typed}: ${error.stack}`);
      // By its name, or by what its field is called.
      assert.match(error.message, new RegExp(name.replaceAll("_", "[_ ]")));
      return true;
    });
  }
});

test("what is typed into a field is refused in the package's words", () => {
  for (const language of ["en", "zh"]) {
    useTexts(language, cases.texts[language]);
    for (const [allowed, typed, message] of cases.typed[language]) {
      assert.throws(() => parseTyped("a field", allowed, typed), { name: "RangeError", message });
    }
  }
  useTexts("en", cases.texts.en);
});

test("a network that the page can't hold is refused with its size", () => {
  assert.throws(() => settings.parseHiddenUnits("9000"), /7,155,010 weights are more/);
});

test("a number is written in full where its limits are, and short beside an axis", () => {
  const written = [0.00001, 0.000012, 0.0000123, 0.00126, 1e-8, 0.25, 4096].map(writeNumber);
  assert.deepEqual(written, ["0.00001", "0.000012", "1.23e-05", "0.00126", "1e-08", "0.25", "4096"]);
  assert.equal(settings.describe({ learning_rate: 1e-5 }).split(" ").at(-1), "0.00001");
  const ticks = [0.1, 100, 10_000, 1e6, 1.5e6, 2e10, 1e-5, 2.5e-10].map(lossTick);
  assert.deepEqual(ticks, ["0.1", "100", "10,000", "1e6", "1.5e6", "2e10", "1e-5", "2.5e-10"]);
});

test("full-width digits are read", () => {
  assert.equal(parseNumber("batch_size", { minimum: 1, maximum: 100, whole: true }, "６４"), 64);
});

test("each notch of a slider is its own nearest notch", () => {
  for (const [name, slider] of Object.entries(cases.sliders)) {
    cases.notches[name].forEach((expected, notch) => {
      assert.equal(nearestNotch(slider, expected), notch);
      const whole = name === "batch_size";
      assert.equal(valueAtNotch(slider, notch, whole), expected);
    });
  }
});

test("an address brings back the settings that it was written for", () => {
  const values = { ...settings.DEFAULTS, learning_rate: 0.02, hidden_units: [64, 32], seed: 5 };
  const hash = writeAddress(values, settings.DEFAULTS, settings.SETTINGS);
  assert.equal(hash, "#learning_rate=0.02&hidden_units=64,32&seed=5");
  const { found, problems } = readAddress(hash, settings.SETTINGS);
  assert.deepEqual({ ...settings.DEFAULTS, ...found }, values);
  assert.deepEqual(problems, []);
  assert.equal(writeAddress(settings.DEFAULTS, settings.DEFAULTS, settings.SETTINGS), "");
});

test("what an address can't ask for is said, and the rest is taken", () => {
  const wrong = "#batch_size=0&color=red&__proto__=1&dropout_rate=0.5&hidden_units=a";
  const { found, problems } = readAddress(wrong, settings.SETTINGS);
  assert.deepEqual(found, { dropout_rate: 0.5 });
  assert.equal(problems.length, 4);
  assert.match(problems[0], /batch_size=0 is not allowed: a whole number from 1 to 4,096/);
  assert.match(problems[1], /'color'/);
});
