// The socket to the board: opened again, with growing pauses, whenever it is lost.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;
const WRONG_CODE = 4403;
const TOO_MANY = 4429;

export class Connection {
  #socket = null;
  #pause = FIRST_PAUSE;
  #greeting;

  /**
   * @param {object} listener
   * @param {(message: object) => void} listener.onMessage
   * @param {(isThere: boolean) => void} listener.onConnection
   * @param {(reason: "code" | "wait", seconds: number) => void} listener.onRefusal
   */
  constructor(listener) {
    this.listener = listener;
  }

  /** Say who we are: {"teacher": key} or {"code": class code}. */
  open(greeting) {
    this.#greeting = greeting;
    const address = new URL("live", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    address.hash = "";
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify(this.#greeting)));
    socket.addEventListener("message", (event) => {
      this.#pause = FIRST_PAUSE;
      this.listener.onConnection(true);
      this.listener.onMessage(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => this.#closed(event));
  }

  /** Open it once more, for a fresh state. */
  reopen() {
    this.#socket.close();
  }

  send(values) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(values));
  }

  #closed(event) {
    if (event.code === WRONG_CODE) this.listener.onRefusal("code", 0);
    else if (event.code === TOO_MANY) this.listener.onRefusal("wait", Number(event.reason));
    else {
      this.listener.onConnection(false);
      setTimeout(() => this.open(this.#greeting), this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
    }
  }
}
