// Paper for a digit: a canvas that collects pen strokes in the browser.
//
// The strokes are the model's; a stroke that grows is sent with them, as often as the kernel
// answers. White on black, as MNIST's digits are.

const WIPE = ["Delete", "Backspace"];

function render({ model, el }) {
  const size = model.get("size");
  const canvas = document.createElement("canvas");
  const scale = Math.max(1, window.devicePixelRatio || 1);
  canvas.width = canvas.height = Math.round(size * scale);
  canvas.style.width = canvas.style.height = `${size}px`;
  canvas.className = "hpt-paper";
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", model.get("label"));
  // JupyterLab's shortcuts for cells are not meant by keys that are pressed here.
  canvas.dataset.lmSuppressShortcuts = "true";
  el.append(canvas);

  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.strokeStyle = context.fillStyle = "white";
  context.lineWidth = model.get("pen_width");
  context.lineCap = context.lineJoin = "round";
  const picture = new Image();
  picture.onload = draw;

  let pointer = null; // of the pen that is down; a second finger is no pen
  let shown = []; // the strokes as they are on the canvas

  function draw() {
    context.clearRect(0, 0, size, size);
    if (model.get("picture")) context.drawImage(picture, 0, 0);
    shown = model.get("strokes");
    shown.forEach((stroke) => ink(stroke));
  }

  function ink(points) {
    context.beginPath();
    if (points.length === 1) {
      context.arc(...points[0], context.lineWidth / 2, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    points.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const zoom = box.width / canvas.offsetWidth;
    const inside = (length, border) => Math.min(Math.max(length / zoom - border, 0), size);
    return [
      inside(event.clientX - box.left, canvas.clientLeft),
      inside(event.clientY - box.top, canvas.clientTop),
    ];
  }

  function send(strokes, isDown) {
    shown = strokes;
    model.set({ strokes, pen_is_down: isDown });
    model.save_changes();
  }

  function down(event) {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.focus({ preventScroll: true });
    event.preventDefault();
    if (model.get("picture")) {
      model.set("picture", "");
      draw();
    }
    const stroke = [place(event)];
    ink(stroke);
    send([...shown, stroke], true);
  }

  function move(event) {
    if (event.pointerId !== pointer) return;
    grow(event, true);
  }

  function grow(event, isDown) {
    const stroke = [...shown[shown.length - 1]];
    const known = stroke.length;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) {
      const [x, y] = place(one);
      const [lastX, lastY] = stroke[stroke.length - 1];
      if (x !== lastX || y !== lastY) stroke.push([x, y]);
    }
    if (stroke.length > known) ink(stroke.slice(known - 1));
    send([...shown.slice(0, -1), stroke], isDown);
  }

  function up(event) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    grow(event, false);
  }

  function wipe(event) {
    event.stopPropagation();
    if (!WIPE.includes(event.key)) return;
    event.preventDefault();
    pointer = null;
    model.set("picture", "");
    send([], false);
    draw();
  }

  function onStrokes() {
    if (model.get("strokes") === shown) return; // drawn here
    pointer = null; // the kernel, or another page, has changed what the pen was at
    draw();
  }

  function onPicture() {
    if (model.get("picture")) picture.src = model.get("picture");
    draw();
  }

  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", move);
  for (const kind of ["pointerup", "pointerleave", "pointercancel"]) {
    canvas.addEventListener(kind, up);
  }
  canvas.addEventListener("keydown", wipe);
  model.on("change:strokes", onStrokes);
  model.on("change:picture", onPicture);
  onPicture();

  return () => {
    model.off("change:strokes", onStrokes);
    model.off("change:picture", onPicture);
  };
}

export default { render };
