// A call of query(): its labels, its time, and a single count. Never throws into the app.

import { reason, sayOnce } from '../../log';
import type { Statement } from '../../sql/statement';

export type RecordQuery = (seconds: number, queryType: string, table: string) => void;

export class QueryCall {
  /** performance.now() at the start of the wait for the server; undefined during a wait for a cursor's reader. */
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
