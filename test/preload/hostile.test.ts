// Law 1 against apps that do to Node.js what no preload expects: the most telling of them. All are in test/sweeps.

import { assertHarmless, rows } from '../support/hostile';

describe('A hostile app is as without the preload, at a scrape too', () => {
  for (const [name, { telling }] of Object.entries(rows)) if (telling) it(name, () => assertHarmless(name));
});
