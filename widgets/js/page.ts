/**
 * The slim page of a Ustaz app: waits for the kernel and the one widget that the notebook shows, and
 * renders it with the module named by the page. Replaces Voila's front end (about 10 MB) for apps
 * that consist of one anywidget.
 */

import { Kernel } from './page/kernel';
import { CommModel } from './page/model';

type Words = Record<string, Record<string, string>>;

interface Page {
  module: string;
  kernels: string;
  words: Words;
}

interface Widget {
  default: { render(props: { model: CommModel; el: HTMLElement }): unknown };
}

function json<T>(selector: string): T | null {
  const text = document.querySelector(selector)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

/** The first data block that the selector finds, now or while the page is still arriving. */
function arrival<T>(selector: string): Promise<T | null> {
  return new Promise(resolve => {
    const look = (): boolean => {
      const found = json<T>(selector);
      if (found !== null || document.readyState === 'complete') {
        observer.disconnect();
        resolve(found);
        return true;
      }
      return false;
    };
    const observer = new MutationObserver(look);
    if (!look()) {
      observer.observe(document, { childList: true, subtree: true });
      addEventListener('load', look);
    }
  });
}

/** Shows a line above the page, with a button where only loading again helps. */
function notice(words: Words, key: string, again = ''): void {
  const text = words[document.documentElement.lang] ?? words.en ?? {};
  const place = document.getElementById('ustaz-notice');
  if (!place) {
    return;
  }
  const line = document.createElement('p');
  line.textContent = text[key] ?? '';
  place.replaceChildren(line);
  if (again) {
    const reload = document.createElement('button');
    reload.type = 'button';
    reload.className = 'u-button u-primary';
    reload.textContent = text[again] ?? '';
    reload.addEventListener('click', () => location.reload());
    place.append(reload);
  }
  place.hidden = false;
}

function quiet(): void {
  const place = document.getElementById('ustaz-notice');
  if (place) {
    place.hidden = true;
  }
}

async function start(): Promise<void> {
  const page = await arrival<Page>('#ustaz-page');
  if (!page) {
    return;
  }
  const widget = import(page.module) as Promise<Widget>;
  const kernelId = await arrival<string>('#ustaz-kernel');
  const loading = document.getElementById('ustaz-loading');
  let failed = false;
  const fail = (): void => {
    // What the connection says afterwards would only cover it up.
    failed = true;
    loading?.remove();
    notice(page.words, 'failed', 'reload');
  };
  if (!kernelId) {
    fail();
    return;
  }
  let model: CommModel | null = null;
  let rendered = false;
  const kernel = new Kernel(new URL(page.kernels + kernelId, location.href).href, {
    opened: () => {
      if (!failed) {
        quiet();
        model?.refresh();
      }
    },
    lost: () => {
      if (!failed) {
        notice(page.words, 'offline');
      }
    },
    gone: () => {
      if (!failed) {
        loading?.remove();
        notice(page.words, 'gone', 'goOn');
      }
    },
    state: (id, state) => {
      if (model && id === modelId) {
        model.merge(state);
        show(model).catch(fail);
      }
    }
  });
  const show = async (shown: CommModel): Promise<void> => {
    const view = shown.get('view') as { language?: string } | undefined;
    document.documentElement.lang = view?.language ?? document.documentElement.lang;
    document.title = page.words[document.documentElement.lang]?.title ?? document.title;
    const el = document.getElementById('ustaz-app');
    if (!rendered && el) {
      rendered = true;
      (await widget).default.render({ model: shown, el });
      loading?.remove();
      performance.mark('ustaz-ready');
    }
  };
  const modelId = await arrival<string>('#ustaz-view');
  if (!modelId) {
    fail();
    return;
  }
  model = new CommModel(kernel, modelId);
  model.refresh();
}

void start();
