// Paper for a digit: the network that is being tuned reads what is drawn, while it is drawn.

import { facts } from "./facts.js";
import { formatted } from "./format.js";
import { drawStrokes, penFor, prepareDrawing } from "./handwriting.js";
import { text } from "./texts.js";

const { size: SIZE, pen_width: PEN_WIDTH, thinnest_pen: THINNEST_PEN, field: FIELD, sure: SURE } = facts.drawing;
const ASK_MILLISECONDS = 60;

/** A canvas to draw on, and what the network makes of it. */
export class DigitPad {
  #strokes = [];
  #isDown = false;
  #number = 0;
  #askedAt = 0;
  #timer = null;
  canRead = false;

  /**
   * @param {HTMLElement} element
   * @param {(picture: Float32Array, number: number) => void} ask has the picture read
   */
  constructor(element, ask) {
    this.send = ask;
    this.paper = element.querySelector(".paper");
    this.seen = element.querySelector(".seen");
    this.answer = element.querySelector(".answer");
    this.bars = [...element.querySelectorAll("meter")];
    [this.paper.width, this.paper.height] = [SIZE, SIZE];
    [this.seen.width, this.seen.height] = [FIELD, FIELD];
    this.paper.addEventListener("pointerdown", (event) => this.#begin(event));
    this.paper.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) {
      this.paper.addEventListener(name, (event) => event.isPrimary && this.#end());
    }
    this.paper.addEventListener("keydown", (event) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      this.clear();
    });
    element.querySelector(".clear").addEventListener("click", () => this.clear());
    element.querySelector(".undo").addEventListener("click", () => {
      this.#strokes.pop();
      this.#changed();
    });
    this.#changed();
  }

  /** Whether something is drawn, which is read again as the network learns. */
  get isWaiting() {
    return this.#strokes.length > 0;
  }

  clear() {
    this.#strokes = [];
    this.#changed();
  }

  #place(event) {
    const frame = this.paper.getBoundingClientRect();
    return [
      ((event.clientX - frame.left) / frame.width) * SIZE,
      ((event.clientY - frame.top) / frame.height) * SIZE,
    ];
  }

  #begin(event) {
    // A second finger, or the ball of the hand, draws nothing.
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    this.paper.focus();
    this.paper.setPointerCapture(event.pointerId);
    this.#isDown = true;
    this.#strokes.push([this.#place(event)]);
    this.#changed();
  }

  #move(event) {
    if (!this.#isDown || !event.isPrimary) return;
    const passed = event.getCoalescedEvents?.() ?? [event];
    this.#strokes.at(-1).push(...(passed.length ? passed : [event]).map((one) => this.#place(one)));
    this.#changed();
  }

  #end() {
    this.#isDown = false;
  }

  #changed() {
    this.#paint();
    if (this.#strokes.length) this.ask();
    else this.#showNothing();
  }

  #paint() {
    const context = this.paper.getContext("2d");
    context.fillStyle = "#000";
    context.fillRect(0, 0, SIZE, SIZE);
    Object.assign(context, {
      strokeStyle: "#fff",
      fillStyle: "#fff",
      lineWidth: PEN_WIDTH,
      lineCap: "round",
      lineJoin: "round",
    });
    for (const points of this.#strokes) {
      context.beginPath();
      context.moveTo(...points[0]);
      points.forEach((point) => context.lineTo(...point));
      context.stroke();
    }
  }

  /** Have the drawing read, but not each time that the mouse reports a point. */
  ask() {
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#askedAt + ASK_MILLISECONDS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#askedAt = performance.now();
      this.#read();
    }, wait);
  }

  #read() {
    if (!this.#strokes.length) return;
    const pen = penFor(this.#strokes, THINNEST_PEN);
    const picture = prepareDrawing(drawStrokes(this.#strokes, SIZE, pen));
    if (!picture) return; // all of it is beside the paper
    this.#showSeen(picture);
    this.#number += 1;
    if (!this.canRead) {
      this.#emptyBars();
      this.answer.textContent = text("page.no_network");
      return;
    }
    this.send(picture, this.#number);
  }

  #showSeen(picture) {
    const context = this.seen.getContext("2d");
    const data = context.createImageData(FIELD, FIELD);
    picture.forEach((value, i) => {
      const shade = Math.round(255 * value);
      data.data.set([shade, shade, shade, 255], 4 * i);
    });
    context.putImageData(data, 0, 0);
  }

  /** Show what the network made of the drawing of that number. */
  show(probabilities, number) {
    if (number !== this.#number || !this.#strokes.length) return;
    const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    const [digit, second] = order;
    const share = formatted(probabilities[digit], ".0%");
    this.bars.forEach((bar, i) => {
      bar.value = probabilities[i];
      bar.classList.toggle("first", i === digit);
    });
    this.answer.textContent =
      probabilities[digit] >= SURE
        ? text("digit_canvas.read", { digit, share })
        : text("digit_canvas.unsure", {
            digit,
            share,
            second,
            second_share: formatted(probabilities[second], ".0%"),
          });
  }

  #emptyBars() {
    this.bars.forEach((bar) => {
      bar.value = 0;
      bar.classList.remove("first");
    });
  }

  #showNothing() {
    this.#number += 1;
    this.seen.getContext("2d").clearRect(0, 0, FIELD, FIELD);
    this.#emptyBars();
    this.answer.textContent = text("digit_canvas.nothing");
  }
}
