/**
 * The little of Jupyter's kernel protocol that an app of ours needs: comm messages as JSON over one
 * websocket, with reconnection. No widget manager, no code is ever sent.
 */

const RETRIES_MS = [300, 700, 1500, 3000, 6000];

interface Message {
  header: { msg_type: string };
  content: { comm_id?: string; data?: { method?: string; state?: Record<string, unknown> } };
}

export interface KernelEvents {
  /** The socket is open, for the first time or again. */
  opened(): void;
  state(commId: string, state: Record<string, unknown>): void;
  /** The kernel cannot be reached any more. */
  lost(): void;
}

export class Kernel {
  private socket: WebSocket | null = null;
  private waiting: string[] = [];
  private tries = 0;
  private leaving = false;
  private readonly session = crypto.getRandomValues(new Uint32Array(4)).join('');
  private sent = 0;

  constructor(
    private readonly url: string,
    private readonly events: KernelEvents
  ) {
    addEventListener('pagehide', () => {
      this.leaving = true;
    });
    addEventListener('pageshow', event => {
      if (event.persisted) {
        this.leaving = false;
        this.connect();
      }
    });
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
  }

  private connect(): void {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) {
      return;
    }
    const socket = new WebSocket(`${this.url}?session_id=${this.session}`);
    this.socket = socket;
    socket.onopen = () => {
      this.tries = 0;
      this.events.opened();
      for (const text of this.waiting.splice(0)) {
        socket.send(text);
      }
    };
    socket.onmessage = event => {
      if (typeof event.data === 'string') {
        this.receive(JSON.parse(event.data) as Message);
      }
    };
    socket.onclose = () => this.retry();
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

  private retry(): void {
    if (this.leaving) {
      return;
    }
    const delay = RETRIES_MS[this.tries];
    if (delay === undefined) {
      this.events.lost();
      return;
    }
    this.tries += 1;
    setTimeout(() => this.connect(), delay);
  }
}
