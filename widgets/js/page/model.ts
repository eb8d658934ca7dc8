/** One widget's model, as anywidget gives it to `render`, fed by the kernel. */

import type { Kernel } from './kernel';

type Callback = () => void;

export class CommModel {
  private state: Record<string, unknown> = {};
  private readonly callbacks = new Map<string, Set<Callback>>();

  constructor(
    private readonly kernel: Kernel,
    private readonly id: string
  ) {}

  get(key: string): unknown {
    return this.state[key];
  }

  on(event: string, callback: Callback): void {
    const found = this.callbacks.get(event) ?? new Set();
    this.callbacks.set(event, found.add(callback));
  }

  off(event: string, callback: Callback): void {
    this.callbacks.get(event)?.delete(callback);
  }

  send(content: object): void {
    this.kernel.send(this.id, { method: 'custom', content });
  }

  /** Asks for the view alone: the widget's module and style came as files. */
  refresh(): void {
    this.send({ do: 'refresh' });
  }

  merge(state: Record<string, unknown>): void {
    this.state = { ...this.state, ...state };
    for (const key of Object.keys(state)) {
      for (const callback of this.callbacks.get(`change:${key}`) ?? []) {
        callback();
      }
    }
  }
}
