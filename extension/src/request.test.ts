// @vitest-environment node
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, expect, it } from 'vitest';
import { apiPath, problemOf, UstazClient } from './request';

const trans = nullTranslator.load('ustaz_lab');
let server: Server | null = null;

afterEach(() => server?.close());

/** A real server that answers every request with the same, and remembers what was asked. */
async function answering(
  status: number,
  body: string
): Promise<{ client: UstazClient; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(body);
  });
  await new Promise<void>(done => server?.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const settings = ServerConnection.makeSettings({ baseUrl: `http://127.0.0.1:${port}/lab/` });
  return { client: new UstazClient({ language: 'kk', trans, settings }), asked };
}

async function problem(work: Promise<unknown>): Promise<{ error: string; next: string }> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    reason => problemOf(reason)
  );
}

it('escapes every part of an address', () => {
  expect(apiPath(['courses', '../a b', 'Сынып'], { seed: 3, q: '&=' })).toBe(
    'courses/..%2Fa%20b/%D0%A1%D1%8B%D0%BD%D1%8B%D0%BF?seed=3&q=%26%3D'
  );
});

it('asks in the reader’s language below the base address', async () => {
  const { client, asked } = await answering(200, '{"courses": []}');
  expect(await client.classrooms()).toEqual([]);
  expect(asked[0]).toMatch(/^\/lab\/ustaz\/api\/courses\?lang=kk/);
});

it('says what the server says', async () => {
  const { client } = await answering(404, '{"error": "Жоқ.", "next": "Жаңартыңыз."}');
  expect(await problem(client.bank('a'))).toEqual({ error: 'Жоқ.', next: 'Жаңартыңыз.' });
});

it('says what a proxy’s status says where there is no sentence', async () => {
  const { client } = await answering(502, '<html>Bad gateway</html>');
  const found = await problem(client.assignments('a'));
  expect(found.error).toContain('502');
  expect(found.next).not.toBe('');
});

it('says that nobody answers', async () => {
  const { client } = await answering(200, '{}');
  await new Promise(done => server?.close(done));
  const found = await problem(client.classrooms());
  expect(found.error).toBe('The server does not answer.');
  expect(found.next).not.toBe('');
});
