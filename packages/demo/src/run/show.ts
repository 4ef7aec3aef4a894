// Drives the load, and shows the figures of /metrics, until the end.

import { Picture } from '../screen/picture';
import { watchKeys } from '../screen/keys';
import { openScreen } from '../screen/screen';
import { FAULT_KEYS, FAULT_SECONDS } from './fault-keys';
import type { Options } from './options';
import type { Started } from './start';

const SCRAPE_MS = 1_000;

/** Resolves when the time is over, q is pressed, or `interrupted` fires. @throws with the backend's last words if the backend ends */
export async function show(started: Started, { seconds }: Options, interrupted: AbortSignal): Promise<void> {
  const screen = openScreen(process.stdout);
  const picture = new Picture(screen, started.addresses);
  if (screen.hasKeys) started.voice.hold();
  const over = new AbortController();
  const end = (): void => over.abort();
  // By hand: a signal of AbortSignal.timeout() that only AbortSignal.any() holds may be collected before firing (nodejs/node#57736).
  const timer = seconds === undefined ? undefined : setTimeout(end, seconds * 1_000);
  interrupted.addEventListener('abort', end);
  const stopKeys = watchKeys(process.stdin, (key) => onKey(key, started, picture, end));
  started.driver.start();
  try {
    await scrapeUntil(over.signal, started, picture);
  } finally {
    clearTimeout(timer);
    stopKeys();
    picture.close();
    started.voice.release();
  }
}

function onKey(key: string, { driver }: Started, picture: Picture, quit: () => void): void {
  const fault = FAULT_KEYS[key];
  if (key === 'q' || key === '\x03') return quit();
  if (!fault) return;
  picture.faultTurnedOn(fault, FAULT_SECONDS);
  void driver.send({ method: 'POST', path: `/faults/${fault}?seconds=${FAULT_SECONDS}`, endpoint: '/faults/:fault' });
}

async function scrapeUntil(over: AbortSignal, { backend, scraper }: Started, picture: Picture): Promise<void> {
  while (!over.aborted) {
    if (backend.ended) throw new Error(['the backend ended by itself:', ...backend.lines].join('\n'));
    const trouble = await scraper.scrape().then(
      () => undefined,
      (error: Error) => error.message,
    );
    const page = await backend.book({ hold: false }).catch(() => undefined);
    picture.draw(scraper.lately(), page, trouble ?? backend.lines.findLast((line) => !/^\s/.test(line)));
    await pause(SCRAPE_MS, over);
  }
}

function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      over.removeEventListener('abort', done);
      resolve();
    }
    over.addEventListener('abort', done);
  });
}
