/** Drafts outlive the page, and only the exercise at hand keeps one. */

import { beforeEach, expect, it, vi } from 'vitest';
import { Drafts } from './drafts';

beforeEach(() => sessionStorage.clear());

it('is found again after the page was loaded anew', () => {
  new Drafts().set('7', 'x = 2');
  new Drafts().set('8', ['B', 'A']);
  expect(new Drafts().get('7')).toBe('x = 2');
  expect(new Drafts().get('8')).toEqual(['B', 'A']);
});

it('is forgotten when another exercise begins', () => {
  const drafts = new Drafts();
  drafts.set('7', 'old');
  drafts.set('8', 'new');
  drafts.keepOnly('8');
  expect(drafts.get('7')).toBeNull();
  expect(new Drafts().get('7')).toBeNull();
  expect(new Drafts().get('8')).toBe('new');
});

it.each(['{', '{"a": 1}', '[1]', '7', 'null'])('takes %s for no draft', text => {
  sessionStorage.setItem('ustaz-draft-7', text);
  expect(new Drafts().get('7')).toBeNull();
});

it('leaves what is not its own alone', () => {
  sessionStorage.setItem('other', 'kept');
  new Drafts().keepOnly('7');
  expect(sessionStorage.getItem('other')).toBe('kept');
});

it('holds a draft where the browser forbids storage', () => {
  const forbidden = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new Error('forbidden');
  });
  const drafts = new Drafts();
  drafts.set('7', 'x');
  expect(drafts.get('7')).toBe('x');
  forbidden.mockRestore();
});
