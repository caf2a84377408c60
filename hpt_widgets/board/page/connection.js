// The socket to the board: opened again, with growing pauses, whenever it is lost.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;
const WRONG_CODE = 4403;
const TOO_MANY = 4429;

export class Connection {
  #socket = null;
  #pause = FIRST_PAUSE;
  #again = 0;
  #greeting;

  /**
   * @param {object} listener
   * @param {(message: object) => void} listener.onMessage
   * @param {() => void} listener.onOpen called whenever a socket has been opened and greeted
   * @param {(isThere: boolean) => void} listener.onConnection
   * @param {(reason: "code" | "wait", seconds: number) => void} listener.onRefusal after a "wait"
   *     it is tried again by itself
   */
  constructor(listener) {
    this.listener = listener;
  }

  /** Say who we are: {"teacher": key} or {"code": class code}. */
  open(greeting) {
    clearTimeout(this.#again);
    this.#greeting = greeting;
    const address = new URL("live", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    address.hash = "";
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify(this.#greeting));
      this.listener.onOpen();
    });
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
    // Another has been opened meanwhile, with another code.
    if (event.target !== this.#socket) return;
    if (event.code === WRONG_CODE) this.listener.onRefusal("code", 0);
    else if (event.code === TOO_MANY) {
      const seconds = Number(event.reason);
      this.listener.onRefusal("wait", seconds);
      this.#openAfter(1000 * seconds);
    } else {
      this.listener.onConnection(false);
      this.#openAfter(this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE, 2 * this.#pause);
    }
  }

  #openAfter(milliseconds) {
    this.#again = setTimeout(() => this.open(this.#greeting), milliseconds);
  }
}
