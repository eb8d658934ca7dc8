// @vitest-environment node
import { expect, it } from 'vitest';
import { contentLanguage, formatDate } from './language';
import { CONTENT_LANGUAGES } from './tokens';

it.each([
  ['kk_KZ', 'kk'],
  ['kk-KZ', 'kk'],
  ['ru_RU', 'ru'],
  ['en', 'en'],
  ['de_DE', 'en'],
  ['', 'en'],
  ['default', 'en']
])('reads the locale %j as %s', (locale, language) =>
  expect(contentLanguage(locale)).toBe(language)
);

it.each(CONTENT_LANGUAGES)('writes a date in %s with its day and year', language => {
  const text = formatDate('2026-12-08T18:59:00+05:00', language);
  expect(text).toMatch(/2026/);
  expect(text).toMatch(/8/);
  expect(text).not.toMatch(/M12/);
});

it('shows what is no date as it is', () => expect(formatDate('soon', 'en')).toBe('soon'));
