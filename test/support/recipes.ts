// Runs a program as a recipe says, on free ports in place of those that it names.

import assert from 'node:assert/strict';
import { freePort } from '@earntrack/local-servers';
import { scrape, seriesOf } from './exposition';

/** Recipes name fixed ports; here each has a free one instead. */
export class Ports {
  readonly #free = new Map<string, number>();

  static async for(...fixed: number[]): Promise<Ports> {
    const ports = new Ports();
    for (const port of fixed) ports.#free.set(String(port), await freePort());
    return ports;
  }

  of(fixed: number | string): number {
    const port = this.#free.get(String(fixed));
    assert.ok(port, `no recipe of this test names port ${fixed}`);
    return port;
  }

  /** The variables with every port replaced that stands there by itself. */
  in(env: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(this.#free.get(value) ?? value)]));
  }
}

export async function status(port: number, file: string, headers: Readonly<Record<string, string>> = {}, host = '127.0.0.1'): Promise<number> {
  const response = await fetch(`http://${host}:${port}${file}`, { headers });
  await response.text();
  return response.status;
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** How many requests the metrics tell of, by series; asked again until they tell of `atLeast`. */
export async function requestsAt(
  port: number,
  file: string,
  headers: Readonly<Record<string, string>>,
  atLeast = 1,
): Promise<Record<string, number>> {
  for (const end = Date.now() + 20_000; ;) {
    const counts = seriesOf(await scrape(port, file, headers), 'http_requests_total');
    const users = Object.entries(counts).filter(([series]) => series.includes('/users/:id'));
    if (users.reduce((sum, [, count]) => sum + count, 0) >= atLeast) return Object.fromEntries(users);
    assert.ok(Date.now() < end, `not reached: ${JSON.stringify(counts)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The series of requests to the route of recipe-app.cjs. */
export const USERS = 'endpoint="/users/:id",method="GET",status="200"';
