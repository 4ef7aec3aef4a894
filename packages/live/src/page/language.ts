// Must be loaded before uPlot, which formats numbers for `navigator.language` and throws where that is no language tag: Chromium on a machine
// with LANG=C says `en-US@posix`.

try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}

// The type checker sees a module only where something is exported.
export {};
