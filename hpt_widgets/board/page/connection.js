// The socket to the board: opened again, with growing pauses, whenever it is lost.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;
// Of a board that has as many pages as it lets in: a place is seldom free at once.
const PAUSE_WHEN_FULL = 30_000;
const WRONG_CODE = 4403;
const TOO_MANY = 4429;
const FULL = 4503;
// The board says something every five seconds, whatever happens.
const SILENCE = 15_000;
const LOOK = 1000;

export class Connection {
  #socket = null;
  #pause = FIRST_PAUSE;
  #again = 0;
  #heardAt = 0;
  #isTold = false;
  #greeting;

  /**
   * @param {object} listener
   * @param {(message: object) => void} listener.onMessage
   * @param {() => void} listener.onOpen called whenever a socket has been opened and greeted
   * @param {(state: "there" | "silent" | "lost" | "full") => void} listener.onConnection
   * @param {(reason: "code" | "wait", seconds: number) => void} listener.onRefusal after a "wait"
   *     it is tried again by itself
   */
  constructor(listener) {
    this.listener = listener;
    setInterval(() => this.#look(), LOOK);
  }

  /** Say who we are: {"teacher": key} or {"code": class code}. */
  open(greeting) {
    clearTimeout(this.#again);
    this.#greeting = greeting;
    const address = new URL("live", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    address.hash = "";
    const before = this.#socket;
    const socket = new WebSocket(address);
    this.#socket = socket;
    // One that is still opening is closed when it is open: sooner, a browser calls it a failure.
    if (before?.readyState === WebSocket.OPEN) before.close();
    const isPresent = () => socket === this.#socket;
    socket.addEventListener("open", () => {
      if (isPresent()) this.#greet();
      else socket.close();
    });
    socket.addEventListener("message", (event) => isPresent() && this.#heard(event));
    socket.addEventListener("close", (event) => isPresent() && this.#closed(event));
  }

  /** Open it once more, for a fresh state. */
  reopen() {
    this.#socket.close();
  }

  send(values) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(values));
  }

  /** A board whose process hangs, or a network that has gone, closes nothing. */
  #look() {
    const isSilent = this.#isTold && performance.now() - this.#heardAt > SILENCE;
    if (isSilent) this.listener.onConnection("silent");
  }

  #greet() {
    this.send(this.#greeting);
    this.listener.onOpen();
  }

  #heard(event) {
    this.#heardAt = performance.now();
    this.#isTold = true;
    this.#pause = FIRST_PAUSE;
    this.listener.onConnection("there");
    this.listener.onMessage(JSON.parse(event.data));
  }

  #closed(event) {
    this.#isTold = false;
    if ([WRONG_CODE, TOO_MANY].includes(event.code)) this.listener.onConnection("there");
    if (event.code === WRONG_CODE) this.listener.onRefusal("code", 0);
    else if (event.code === TOO_MANY) {
      const seconds = Number(event.reason);
      this.listener.onRefusal("wait", seconds);
      this.#openAfter(1000 * seconds);
    } else if (event.code === FULL) {
      this.listener.onConnection("full");
      this.#openAfter(PAUSE_WHEN_FULL);
    } else {
      this.listener.onConnection("lost");
      this.#openAfter(this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
    }
  }

  #openAfter(milliseconds) {
    this.#again = setTimeout(() => this.open(this.#greeting), milliseconds);
  }
}
