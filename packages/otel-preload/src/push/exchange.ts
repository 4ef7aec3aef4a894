// A single attempt: a POST on a connection of its own, and the outcome. No instrumentation sees the attempt, ours included, and nothing here
// keeps the process alive.
//
// A connection of its own costs little at the pace of pushes, and the collector has never closed such a connection meanwhile.

import fs from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import type { PushConfig } from '../config';
import { ignoreErrors, listen } from '../later';
import { reason } from '../log';
import { untraced } from '../untraced';
import type { Body } from './encoding';
import { afterRunning } from './timers';

export interface Answer {
  readonly status: number;
  /** The Retry-After header. */
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  readonly body: Buffer;
}

/** Why there is no answer. */
export interface NoAnswer {
  readonly why: string;
}

/** The time limit for connecting and sending, during which libuv keeps the process alive. */
const SEND_MS = 2000;
/** The longest answer to read; a longer text is no answer to a push. */
const MOST_BYTES = 64 * 1024;

/** Never rejects. */
export async function post(config: PushConfig, { bytes, headers }: Body): Promise<Answer | NoAnswer> {
  try {
    const tls = await tlsOf(config);
    const sent = { ...config.headers, ...headers, 'content-length': String(bytes.length) };
    return await untraced(() => answerTo(open(config, sent, tls), bytes, config.timeoutMs));
  } catch (thrown) {
    return { why: reason(thrown) };
  }
}

/**
 * The class itself: instrumentation, ours and that of further SDKs, wraps the functions `request` and `get`, and would count a push among
 * the app's own requests.
 */
function open({ url }: PushConfig, headers: http.OutgoingHttpHeaders, tls: https.AgentOptions): http.ClientRequest {
  // Node.js 18 would take the first address of a name alone: `localhost` is ::1, where not every collector listens.
  const connecting = { autoSelectFamily: true, ...tls };
  const agent = url.protocol === 'https:' ? new https.Agent(connecting) : new http.Agent(connecting);
  // Types know only the URL; `https.request` itself is this call.
  return new (http.ClientRequest as unknown as new (url: URL, options: http.RequestOptions) => http.ClientRequest)(url, {
    method: 'POST',
    headers,
    agent,
  });
}

/** The content of the files: certificates to trust, and the client's own. Rejects if a file cannot be read. */
export async function tlsOf({ url, files }: PushConfig): Promise<https.AgentOptions> {
  if (url.protocol !== 'https:') return {};
  const read = async (file: string | undefined): Promise<Buffer | undefined> => (file === undefined ? undefined : fs.readFile(file));
  const [ca, key, cert] = await Promise.all([read(files.ca), read(files.key), read(files.cert)]);
  return { ...(ca && { ca }), ...(key && { key }), ...(cert && { cert }) };
}

function answerTo(request: http.ClientRequest, bytes: Uint8Array, timeoutMs: number): Promise<Answer | NoAnswer> {
  return new Promise((resolve) => {
    let response: http.IncomingMessage | undefined;
    let why: string | undefined;
    const chunks: Buffer[] = [];
    const giveUp = (cause: string): void => {
      why ??= cause;
      request.destroy();
    };
    const answered = afterRunning(timeoutMs, () => giveUp(`no answer within ${timeoutMs} ms`));
    const sent = afterRunning(SEND_MS, () => giveUp(`it could not be sent within ${SEND_MS} ms`));
    listen('a push', request, {
      socket: (socket: net.Socket) => socket.unref(),
      finish: sent,
      error: (fault: unknown) => (why ??= reason(fault)),
      response(message: http.IncomingMessage) {
        response = message;
        let size = 0;
        ignoreErrors(message);
        listen('a push', message, {
          data(chunk: Buffer) {
            chunks.push(chunk);
            size += chunk.length;
            if (size > MOST_BYTES) request.destroy();
          },
        });
      },
      // The status says that the collector took the batch, whatever becomes of the rest of the answer.
      close() {
        answered();
        sent();
        resolve(response === undefined ? { why: why ?? 'no answer' } : answerOf(response, Buffer.concat(chunks)));
      },
    });
    request.end(bytes);
  });
}

function answerOf({ statusCode = 0, headers }: http.IncomingMessage, body: Buffer): Answer {
  return { status: statusCode, retryAfter: headers['retry-after'], location: headers.location, body };
}
