/**
 * The little of Jupyter's kernel protocol that an app of ours needs: comm messages as JSON over one
 * websocket, with reconnection. No widget manager, no code is ever sent.
 */

const RETRIES_MS = [300, 700, 1500, 3000, 6000, 10000];
/** A message that gets no sign of life in this time makes the page look whether its kernel lives. */
const SILENCE_MS = 10000;

interface Message {
  header: { msg_type: string };
  content: { comm_id?: string; data?: { method?: string; state?: Record<string, unknown> } };
}

export interface KernelEvents {
  /** The socket is open, for the first time or again. */
  opened(): void;
  state(commId: string, state: Record<string, unknown>): void;
  /** The connection is lost; it is tried again and again. */
  lost(): void;
  /** The kernel has ended: only a new page can go on. */
  gone(): void;
}

export class Kernel {
  private socket: WebSocket | null = null;
  private waiting: string[] = [];
  private tries = 0;
  private leaving = false;
  private ended = false;
  private timer = 0;
  private watch = 0;
  private readonly session = crypto.getRandomValues(new Uint32Array(4)).join('');
  private sent = 0;

  /**
   * @param url Of the kernel, absolute: `http://…/kernels/<id>`
   * @param events What the page is told.
   */
  constructor(
    private readonly url: string,
    private readonly events: KernelEvents
  ) {
    addEventListener('pagehide', event => {
      this.leaving = true;
      // A page that the browser keeps may come back, and its kernel with it.
      if (!event.persisted) {
        navigator.sendBeacon(`${this.url}/leave`);
      }
    });
    addEventListener('pageshow', event => {
      if (event.persisted) {
        this.leaving = false;
        this.connect();
      }
    });
    addEventListener('online', () => this.connect());
    this.connect();
  }

  /** Sends a comm message; waits for the connection where there is none. */
  send(commId: string, data: Record<string, unknown>): void {
    this.sent += 1;
    const text = JSON.stringify({
      header: {
        msg_id: `${this.session}-${this.sent}`,
        msg_type: 'comm_msg',
        session: this.session,
        username: '',
        version: '5.3',
        date: new Date().toISOString()
      },
      parent_header: {},
      metadata: {},
      content: { comm_id: commId, data },
      channel: 'shell',
      buffers: []
    });
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(text);
    } else {
      this.waiting.push(text);
    }
    clearTimeout(this.watch);
    this.watch = window.setTimeout(() => void this.look(), SILENCE_MS);
  }

  private connect(): void {
    if (this.ended || (this.socket && this.socket.readyState <= WebSocket.OPEN)) {
      return;
    }
    clearTimeout(this.timer);
    const url = `${this.url.replace(/^http/, 'ws')}/channels?session_id=${this.session}`;
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.events.opened();
      for (const text of this.waiting.splice(0)) {
        socket.send(text);
      }
    };
    socket.onmessage = event => {
      clearTimeout(this.watch);
      if (typeof event.data === 'string') {
        this.receive(JSON.parse(event.data) as Message);
      }
    };
    socket.onclose = () => void this.retry();
  }

  private receive(message: Message): void {
    const { comm_id: commId, data } = message.content;
    if (
      message.header.msg_type === 'comm_msg' &&
      commId &&
      data?.method === 'update' &&
      data.state
    ) {
      this.events.state(commId, data.state);
    }
  }

  private async retry(): Promise<void> {
    if (this.leaving || this.ended) {
      return;
    }
    this.events.lost();
    await this.look();
    const delay = RETRIES_MS[Math.min(this.tries, RETRIES_MS.length - 1)];
    this.tries += 1;
    this.timer = window.setTimeout(() => this.connect(), delay);
  }

  /** A websocket does not say why it closes, so the server is asked. */
  private async look(): Promise<void> {
    const status = await fetch(this.url, { cache: 'no-store' }).then(
      answer => answer.status,
      () => 0
    );
    if ((status === 401 || status === 404) && !this.ended && !this.leaving) {
      this.ended = true;
      this.socket?.close();
      this.events.gone();
    }
  }
}
