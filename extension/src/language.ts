/** Which of the content languages the teacher reads, and how dates look there. */

import { CONTENT_LANGUAGES, type ContentLanguage } from './tokens';

/** Return the content language of a JupyterLab locale such as "kk_KZ"; English for any other. */
export function contentLanguage(locale: string): ContentLanguage {
  const code = locale.toLowerCase().split(/[-_]/)[0];
  return CONTENT_LANGUAGES.find(language => language === code) ?? 'en';
}

/** The languages' own names: they are the same in every language and are never translated. */
export const LANGUAGE_NAMES: Readonly<Record<ContentLanguage, string>> = {
  kk: 'Қазақша',
  ru: 'Русский',
  en: 'English'
};

/** Return a date and time as a language writes them, or the text itself where it is no date. */
export function formatDate(iso: string, language: ContentLanguage): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return iso;
  }
  // Chromium on Debian knows no Kazakh dates; written in figures they read the same as Russian ones.
  const kazakh = language === 'kk';
  return new Intl.DateTimeFormat(kazakh ? 'ru' : language, {
    dateStyle: kazakh ? 'short' : 'medium',
    timeStyle: 'short'
  }).format(date);
}
