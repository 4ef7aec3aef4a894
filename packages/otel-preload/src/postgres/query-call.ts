// One call of query(): its labels, its time, and that it is counted once. It never throws into the app.

import { reason, sayOnce } from '../log';
import type { Statement } from '../sql/statement';

export type RecordQuery = (seconds: number, queryType: string, table: string) => void;

export class QueryCall {
  /** performance.now() since which the server is waited for; undefined while the reader of a cursor is. */
  #since: number | undefined = performance.now();
  #waited = 0;
  #ended = false;

  constructor(
    private readonly statement: Statement,
    private readonly record: RecordQuery,
  ) {}

  /** The answer so far has come, and the next part has not been asked for. */
  pause(): void {
    if (this.#since === undefined) return;
    this.#waited += performance.now() - this.#since;
    this.#since = undefined;
  }

  /** The server is asked for more. */
  resume(): void {
    this.#since ??= performance.now();
  }

  /** Records the call, with its result or its error; further ends are no further counts. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.pause();
    try {
      this.record(this.#waited / 1000, this.statement.queryType, this.statement.table);
    } catch (thrown) {
      sayOnce('recording a query', `a database query could not be recorded: ${reason(thrown)}`);
    }
  }
}
