/** What was typed and not yet judged, kept in this tab so that reloading the page loses nothing. */

import type { Response } from './types';

const PREFIX = 'ustaz-draft-';

/** Browsers may forbid storage altogether; then drafts live as long as the page. */
function storage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export class Drafts {
  private readonly kept = new Map<string, Response>();

  get(item: string): Response | null {
    const kept = this.kept.get(item);
    if (kept !== undefined) {
      return kept;
    }
    try {
      const found: unknown = JSON.parse(storage()?.getItem(PREFIX + item) ?? 'null');
      return isResponse(found) ? found : null;
    } catch {
      return null;
    }
  }

  set(item: string, response: Response): void {
    this.kept.set(item, response);
    try {
      storage()?.setItem(PREFIX + item, JSON.stringify(response));
    } catch {
      // Full or forbidden: the page itself still holds it.
    }
  }

  /** Forgets all exercises but one. */
  keepOnly(item: string): void {
    for (const other of [...this.kept.keys()].filter(key => key !== item)) {
      this.kept.delete(other);
    }
    const store = storage();
    for (const key of store ? Object.keys(store) : []) {
      if (key.startsWith(PREFIX) && key !== PREFIX + item) {
        store?.removeItem(key);
      }
    }
  }
}

function isResponse(value: unknown): value is Response {
  return (
    typeof value === 'string' ||
    (Array.isArray(value) && value.every(label => typeof label === 'string'))
  );
}
