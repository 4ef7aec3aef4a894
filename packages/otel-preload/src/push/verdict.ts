// The meaning of an answer: https://opentelemetry.io/docs/specs/otlp/#otlphttp-response

import type { PushConfig } from '../config';
import { reason } from '../log';
import { refusedIn } from './encoding';
import type { Answer, NoAnswer } from './exchange';

export interface Verdict {
  /** `failed`: the next push makes up for the loss. `dropped`: the collector refused the batch itself, and would again. */
  readonly result: 'sent' | 'failed' | 'dropped';
  /** Worth another attempt within this push. */
  readonly again: boolean;
  /** When the collector wants to be asked again, in ms from now. */
  readonly waitMs?: number | undefined;
  /** Points refused out of an accepted batch. */
  readonly refused: number;
  /** For the log. */
  readonly why: string;
}

const OVERLOADED: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** A wrong clock, or a date for ever, must not end all pushes. */
const LONGEST_WAIT_MS = 3_600_000;
/** Bad request, too large, unprocessable: faults of this batch alone. */
const BATCH_REFUSED: ReadonlySet<number> = new Set([400, 413, 422]);

export function verdictOn(answer: Answer | NoAnswer, config: PushConfig): Verdict {
  if ('why' in answer) return { result: 'failed', again: true, refused: 0, why: `${answer.why}${portHint(config)}` };
  const { status, retryAfter, body } = answer;
  if (status >= 200 && status < 300) {
    const { points, why } = refusedIn(body, config);
    return { result: 'sent', again: false, refused: points, why };
  }
  const why = `it answers ${status}${hint(answer)}`;
  if (OVERLOADED.has(status)) return { result: 'failed', again: true, waitMs: delayIn(retryAfter), refused: 0, why };
  return { result: BATCH_REFUSED.has(status) ? 'dropped' : 'failed', again: false, refused: 0, why };
}

/** A server of gRPC does not answer HTTP/1.1. */
function portHint({ url }: PushConfig): string {
  return url.port === '4317' ? '; 4317 is the port for gRPC, that for HTTP is 4318' : '';
}

function hint({ status, location }: Answer): string {
  if (status === 401 || status === 403) return ': see OTEL_EXPORTER_OTLP_HEADERS';
  if (status === 404 || status === 405) return ': see the path of OTEL_EXPORTER_OTLP_ENDPOINT';
  return status >= 300 && status < 400 && location !== undefined ? ` and points to ${withoutSecrets(location)}` : '';
}

function withoutSecrets(location: string): string {
  return reason(location.replace(/\/\/.*@/, '//').replace(/\?.*/s, ''));
}

/** Of a Retry-After header: seconds or a date. */
function delayIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_WAIT_MS);
}
