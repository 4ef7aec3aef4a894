// Redis' protocol (RESP 2), as far as our own questions need the protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/

/** The server's refusal, in the server's own words. */
export class RefusedByRedis extends Error {
  override readonly name = 'RefusedByRedis';
}

export type Reply = string | number | null | RefusedByRedis;

/** INFO takes 3 KB: a sender of this much is no Redis, and would fill the memory. */
const MOST_BYTES = 1_000_000;

export function encode(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

/** Puts replies together from their pieces. */
export class ReplyReader {
  #unread = Buffer.alloc(0);

  /**
   * The replies completed by this piece.
   *
   * @throws if the bytes are no replies of Redis
   */
  read(piece: Buffer): Reply[] {
    this.#unread = Buffer.concat([this.#unread, piece]);
    if (this.#unread.length > MOST_BYTES) throw new Error('the reply has no end');
    const replies: Reply[] = [];
    for (let reply = this.#next(); reply !== undefined; reply = this.#next()) replies.push(reply);
    return replies;
  }

  #next(): Reply | undefined {
    const end = this.#unread.indexOf('\r\n');
    if (end === -1) return undefined;
    const [type, line] = [this.#unread.toString('latin1', 0, 1), this.#unread.toString('utf8', 1, end)];
    if (type === '$') return this.#text(end + 2, Number(line));
    this.#unread = this.#unread.subarray(end + 2);
    if (type === '+') return line;
    if (type === ':') return Number(line);
    if (type === '-') return new RefusedByRedis(line);
    throw new Error('what answers is no Redis');
  }

  #text(start: number, length: number): string | null | undefined {
    const end = length < 0 ? start - 2 : start + length;
    if (this.#unread.length < end + 2) return undefined;
    const text = length < 0 ? null : this.#unread.toString('utf8', start, end);
    this.#unread = this.#unread.subarray(end + 2);
    return text;
  }
}
