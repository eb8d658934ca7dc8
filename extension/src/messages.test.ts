// @vitest-environment node
/** Every text that the sources ask for exists in Kazakh and in Russian, and nothing stale is kept. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SOURCES = 'extension/src';
/** Joins context and message in gettext's catalogues. */
const JOINT = '\u0004';

interface IUse {
  key: string;
  plural: string | null;
  placeholders: string[];
}

type Catalogue = Record<string, string[]> & { '': Record<string, string> };

function placeholders(text: string): string[] {
  return [...new Set(text.match(/%\d/g) ?? [])].sort();
}

function literal(node: ts.Node | undefined, where: string): string {
  if (!node || !ts.isStringLiteralLike(node)) {
    throw new Error(
      `${where}: a message is a plain string, so that it can be found and translated`
    );
  }
  return node.text;
}

/** Return every message that a file asks its translation bundle (always called trans) for. */
function uses(file: string): IUse[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(SOURCES, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  );
  const found: IUse[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      const where = `${file}: ${node.getText().slice(0, 60)}`;
      if (/(?:\b|_)trans$/.test(expression.getText())) {
        const args = node.arguments;
        if (name.text === '__') {
          const key = literal(args[0], where);
          found.push({ key, plural: null, placeholders: placeholders(key) });
        } else if (name.text === '_n') {
          const key = literal(args[0], where);
          found.push({ key, plural: literal(args[1], where), placeholders: placeholders(key) });
        } else if (name.text === '_p') {
          const key = literal(args[0], where) + JOINT + literal(args[1], where);
          found.push({ key, plural: null, placeholders: placeholders(key) });
        } else {
          throw new Error(`${where}: this test does not know ${name.text}; teach it`);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = readdirSync(SOURCES).filter(name => /(?<!\.test)\.tsx?$/.test(name));
const all = files.flatMap(uses);

describe.each([
  ['kk_KZ', 2],
  ['ru_RU', 3]
])('the catalogue %s', (locale, forms) => {
  const path = `extension/ustaz_lab/locale/${locale}/LC_MESSAGES/ustaz_lab.json`;
  const catalogue = JSON.parse(readFileSync(path, 'utf8')) as Catalogue;

  it('is of our domain and language', () => {
    expect(catalogue[''].domain).toBe('ustaz_lab');
    // JupyterLab looks messages up under this name, with a hyphen.
    expect(catalogue[''].language).toBe(locale.replace('_', '-'));
  });

  it('has every message that is asked for, with all its forms', () => {
    const missing = all.filter(use => {
      const texts = catalogue[use.key];
      const wanted = use.plural === null ? 1 : forms;
      return texts?.length !== wanted || texts.some(text => text === '');
    });
    expect(missing.map(use => use.key)).toEqual([]);
  });

  it('keeps the places of numbers and names', () => {
    const wrong = all.filter(use =>
      (catalogue[use.key] ?? []).some(text => placeholders(text).join() !== use.placeholders.join())
    );
    expect(wrong.map(use => use.key)).toEqual([]);
  });

  it('has no message that nothing asks for', () => {
    const asked = new Set(['', ...all.map(use => use.key)]);
    expect(Object.keys(catalogue).filter(key => !asked.has(key))).toEqual([]);
  });
});

it('finds the messages at all', () => {
  expect(all.length).toBeGreaterThan(40);
});
