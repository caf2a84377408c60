// Fields and sliders: a typed field carries a value and its name, a slider beside it moves it.
// What can't be used becomes a message beside the control, and the value that was there stays.

import { general } from "./format.js";
import { text } from "./texts.js";

const LEAST_IN_FULL = 1e-5;
// Of so many signs there is room in a field.
const MOST_IN_FULL = 8;
// What is longer is cut short where it is quoted.
const LONGEST_TYPED = 40;

/** Write a number as briefly as it can be read back, in full where limits are: 0.001, 0.00001, 1e-08, 4096. */
export function writeNumber(value) {
  if (Number.isInteger(value)) return String(value);
  const full = value.toFixed(10).replace(/0+$/, "");
  const isSmall = Math.abs(value) >= LEAST_IN_FULL && Math.abs(value) < 1e-4;
  return isSmall && full.length <= MOST_IN_FULL ? full : general(value, 6);
}

/** Read a number as people write it, NaN else; full-width digits come from a Chinese keyboard. */
export function numberIn(typed) {
  const plain = typed.normalize("NFKC").trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

/** Read what was typed as a number that the range allows, or throw a RangeError with a message. */
export function parseNumber(name, allowed, typed) {
  const value = numberIn(typed);
  if (Number.isNaN(value)) throw new RangeError(refusal("not_a_number", name, allowed, typed));
  // Of a whole number with more digits than a number holds all that were written are said.
  const isLong = /^\d+$/.test(typed) && !Number.isSafeInteger(value);
  return checkedNumber(name, allowed, isLong ? BigInt(typed) : value);
}

/** Read what was typed into a field that is called so on the screen, or throw a RangeError as the workbook's labs do. */
export function parseTyped(label, allowed, typed) {
  const value = numberIn(typed);
  if (isAllowed(allowed, value)) return value;
  const isUnread = Number.isNaN(value);
  const range = rangeInWords(allowed);
  const example = isLarge(allowed) ? "written_like_large" : "written_like";
  const words = isUnread && !allowed.whole ? text(`controls.${example}`, { allowed: range }) : range;
  const key = isUnread ? "typed_no_number" : "typed_not_allowed";
  throw new RangeError(text(`controls.${key}`, { label, typed: shortened(typed), allowed: words }));
}

const isLarge = ({ minimum, maximum }) => maximum >= 100 && minimum <= 0;
const shortened = (typed) => (typed.length > LONGEST_TYPED ? `${typed.slice(0, LONGEST_TYPED)}…` : typed);

/** Return a number that the range allows, or throw a RangeError that says what is allowed. */
export function checkedNumber(name, allowed, value) {
  if (isAllowed(allowed, value)) return value;
  throw new RangeError(refusal("not_allowed", name, allowed, value));
}

function isAllowed({ minimum, maximum, whole }, value) {
  return value >= minimum && value <= maximum && (!whole || Number.isInteger(value));
}

function rangeInWords({ minimum, maximum, whole }) {
  const kind = whole ? "whole_between" : "number_between";
  return text(`controls.${kind}`, { minimum: limit(minimum), maximum: limit(maximum) });
}

function refusal(key, name, allowedRange, value) {
  const range = rangeInWords(allowedRange);
  const isUnread = key === "not_a_number" && !allowedRange.whole;
  const allowed = isUnread ? text("controls.written_like", { allowed: range }) : range;
  return text(`controls.${key}`, { name, value, allowed });
}

/** Write a limit in full where that is short: 0.00001, 50,000, but 1e-08. */
function limit(value) {
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return Math.abs(value) >= LEAST_IN_FULL ? value.toFixed(9).replace(/0+$/, "") : general(value, 6);
}

/** Return one of the choices, or throw a RangeError. */
export function checkedChoice(name, choices, value) {
  if (choices.includes(value)) return value;
  const words = choices.map((choice) => `'${choice}'`).join(", ");
  const allowed = text("hyperparameters.choice", { choices: words });
  throw new RangeError(text("hyperparameters.wrong_value", { field: name, value, allowed }));
}

/** What a slider's notch stands for. */
export function valueAtNotch({ minimum, step, base }, notch, whole) {
  const place = minimum + notch * step;
  const value = base === null ? place : base ** place;
  return whole ? Math.round(value) : Number(value.toPrecision(3));
}

/** The notch nearest to a value. */
export function nearestNotch({ minimum, step, base, notches }, value) {
  let place = value;
  if (base !== null) place = value > 0 ? Math.log(value) / Math.log(base) : minimum;
  return Math.min(Math.max(Math.round((place - minimum) / step), 0), notches);
}

/** One named value of a lab: its field, and the message beside it. */
export class Control {
  /**
   * @param {HTMLElement} element holds an input or a select, and an element with role "alert"
   * @param {object} kind
   * @param {(typed: string) => any} kind.parse throws a RangeError with a message for the reader
   * @param {(value: any) => string} kind.write
   * @param {(value: any) => void} onChange called when the reader changes it, not by `show`
   */
  constructor(element, { parse, write }, onChange) {
    this.element = element;
    this.field = element.querySelector("input:not([type=range]), select");
    this.message = element.querySelector("[role=alert]");
    this.write = write;
    this.onChange = onChange;
    this.field.addEventListener("change", () => this.#typed(parse));
  }

  #typed(parse) {
    let value;
    try {
      value = parse(this.field.value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.field.value = this.write(this.value);
      this.complain(this.#byLabel(error.message));
      return;
    }
    this.take(value);
  }

  /** Say a message about the setting's name in code with the name that is on the screen. */
  #byLabel(words) {
    const inCode = `${this.element.dataset.setting}=`;
    if (!words.startsWith(inCode)) return words;
    return text("controls.by_label", { label: labelOf(this.element), rest: words.slice(inCode.length) });
  }

  /** Show a value and tell of it if it is another. */
  take(value) {
    const isNew = String(value) !== String(this.value);
    this.show(value);
    if (isNew) this.onChange(value);
  }

  show(value) {
    this.value = value;
    this.field.value = this.write(value);
    this.complain("");
  }

  complain(words) {
    this.message.textContent = words;
    this.message.hidden = !words;
    // Without a value the attribute would say that nothing is wrong.
    if (words) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }
}

function labelOf(element) {
  return element.querySelector("label").textContent.trim();
}

/** A number: a field over a slider. */
export class NumberControl extends Control {
  /** @param {{allowed: object, slider?: object}} kind */
  constructor(element, { allowed, slider }, onChange) {
    const parse = (typed) => parseTyped(labelOf(element), allowed, typed);
    super(element, { parse, write: writeNumber }, onChange);
    this.slider = slider;
    this.range = element.querySelector("input[type=range]");
    this.range?.addEventListener("input", () => {
      const notch = Number(this.range.value);
      // A typed 0.05 must not become 0.0501 because the handle rests at the notch next to it.
      if (notch !== nearestNotch(this.slider, this.value)) {
        this.take(valueAtNotch(this.slider, notch, allowed.whole));
      }
    });
  }

  show(value) {
    super.show(value);
    if (!this.range) return;
    this.range.value = nearestNotch(this.slider, value);
    this.range.setAttribute("aria-valuetext", writeNumber(value));
  }
}
