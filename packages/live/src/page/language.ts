// Must be loaded before uPlot, which formats numbers for `navigator.language` and throws at a value that is no language tag: Chromium on a
// machine with LANG=C says `en-US@posix`.

/** The reader's language, for times. */
export const language = languageTag();

function languageTag(): string {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0]!;
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US' });
    return 'en-US';
  }
}
