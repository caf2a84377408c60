// A canvas with two axes. What is drawn on it is a function's that gets the chart.

/** A chart that is painted once a frame, however often it is asked for. */
export class Chart {
  #asked = false;
  #draw;

  /**
   * @param {HTMLCanvasElement} canvas its size on the screen is the style sheet's
   * @param {(chart: Chart) => boolean | void} draw paints the plot; true asks for another frame
   */
  constructor(canvas, draw) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.#draw = draw;
    this.x = this.y = null;
    this.xLabel = this.yLabel = "";
    this.width = this.height = 0;
    new ResizeObserver(() => this.ask()).observe(canvas);
  }

  /** Have it painted with the next frame. */
  ask() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      if (this.#paint()) this.ask();
    });
  }

  /** The size of a letter in CSS pixels. */
  get letter() {
    return parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  get box() {
    const letter = this.letter;
    return {
      left: 4.7 * letter,
      top: 0.6 * letter,
      right: this.width - 0.8 * letter,
      bottom: this.height - (this.xLabel ? 2.9 : 1.7) * letter,
    };
  }

  toX(value) {
    const { left, right } = this.box;
    return left + this.x.share(value) * (right - left);
  }

  toY(value) {
    const { top, bottom } = this.box;
    return bottom - this.y.share(value) * (bottom - top);
  }

  color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  font(size = 1, weight = 400) {
    return `${weight} ${size * this.letter}px system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif`;
  }

  /** Write a text that stays legible on whatever lies under it. */
  label(words, x, y, color, { size = 1, weight = 600, align = "left" } = {}) {
    const context = this.context;
    context.font = this.font(size, weight);
    context.textAlign = align;
    context.textBaseline = "middle";
    context.lineWidth = 0.35 * this.letter;
    context.lineJoin = "round";
    context.strokeStyle = this.color("panel");
    context.strokeText(words, x, y);
    context.fillStyle = color;
    context.fillText(words, x, y);
  }

  /** Return how wide a label is, in CSS pixels. */
  widthOf(words, { size = 1, weight = 600 } = {}) {
    this.context.font = this.font(size, weight);
    return this.context.measureText(words).width;
  }

  /** Draw a line through points; one without a number breaks it. One point alone is a dot. */
  line(xs, ys, color, { width = 0.2, dash = [], steps = false } = {}) {
    const context = this.context;
    context.strokeStyle = color;
    context.lineWidth = width * this.letter;
    context.lineJoin = "round";
    context.setLineDash(dash.map((part) => part * this.letter));
    context.beginPath();
    const known = xs.map((_, i) => i).filter((i) => ys[i] !== null && Number.isFinite(ys[i]));
    if (known.length === 1) {
      // One with gaps lies on others: it leaves their edge free.
      const radius = (dash.length ? 1 : 1.5) * width;
      this.#dot(this.toX(xs[known[0]]), this.toY(ys[known[0]]), color, radius);
      return;
    }
    let before = null;
    xs.forEach((value, i) => {
      if (ys[i] === null || !Number.isFinite(ys[i])) {
        before = null;
        return;
      }
      const [x, y] = [this.toX(value), this.toY(ys[i])];
      if (before === null) context.moveTo(x, y);
      else if (steps) {
        context.lineTo(x, before);
        context.lineTo(x, y);
      } else context.lineTo(x, y);
      before = y;
    });
    context.stroke();
    context.setLineDash([]);
  }

  #dot(x, y, color, radius) {
    this.context.fillStyle = color;
    this.context.beginPath();
    this.context.arc(x, y, radius * this.letter, 0, 2 * Math.PI);
    this.context.fill();
  }

  /** Fill what lies between two curves. */
  band(xs, lows, highs, color, opacity) {
    const context = this.context;
    const known = xs.map((_, i) => i).filter((i) => lows[i] !== null && highs[i] !== null);
    if (known.length < 2) return;
    context.fillStyle = color;
    context.globalAlpha = opacity;
    context.beginPath();
    known.forEach((i) => context.lineTo(this.toX(xs[i]), this.toY(highs[i])));
    known.reverse().forEach((i) => context.lineTo(this.toX(xs[i]), this.toY(lows[i])));
    context.fill();
    context.globalAlpha = 1;
  }

  #paint() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return false;
    const density = devicePixelRatio || 1;
    const [width, height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    [this.width, this.height, this.density] = [clientWidth, clientHeight, density];
    this.context.setTransform(density, 0, 0, density, 0, 0);
    this.context.clearRect(0, 0, clientWidth, clientHeight);
    if (!this.x || !this.y) return false;
    this.#paintAxes();
    const { left, top, right, bottom } = this.box;
    this.context.save();
    this.context.beginPath();
    this.context.rect(left - this.letter, top - this.letter, right - left + 2 * this.letter, bottom - top + 1.3 * this.letter);
    this.context.clip();
    const again = this.#draw(this) === true;
    this.context.restore();
    return again;
  }

  #paintAxes() {
    const { context, letter } = this;
    const { left, top, right, bottom } = this.box;
    context.strokeStyle = this.color("line");
    context.fillStyle = this.color("quiet");
    context.lineWidth = 1;
    context.font = this.font(1);
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of this.x.ticks(right - left, 5 * letter)) {
      const x = this.toX(tick);
      if (!this.x.isCategory) rule(context, x, top, x, bottom);
      const words = this.x.write(tick);
      const middle = Math.min(x, this.width - context.measureText(words).width / 2);
      context.fillText(words, middle, bottom + 0.3 * letter);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of this.y.ticks(bottom - top, 2 * letter)) {
      const y = this.toY(tick);
      rule(context, left, y, right, y);
      context.fillText(this.y.write(tick), left - 0.4 * letter, y);
    }
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.fillText(this.xLabel, (left + right) / 2, this.height);
  }
}

function rule(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, Math.round(y) + 0.5);
  context.lineTo(Math.round(toX) + 0.5, Math.round(toY) + 0.5);
  context.stroke();
}
