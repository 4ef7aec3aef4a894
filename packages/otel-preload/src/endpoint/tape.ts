// A text that is made once and read by several, each at its own pace. It is made no further than the fastest reader takes it, and held no
// longer than the slowest one needs it.

/** Where a reader stands: it holds what follows, and nothing of what was before. */
export class Place<T> {
  #next: Promise<Step<T> | undefined> | undefined;

  constructor(private readonly tape: Tape<T>) {}

  /** What follows, or undefined at the end; the same for all who stand here. */
  next(): Promise<Step<T> | undefined> {
    return (this.#next ??= this.#pull());
  }

  async #pull(): Promise<Step<T> | undefined> {
    const { done, value } = await (await this.tape.source).next();
    return done === true ? undefined : { value, place: new Place(this.tape) };
  }
}

interface Step<T> {
  readonly value: T;
  readonly place: Place<T>;
}

export class Tape<T> {
  #readers = 0;

  constructor(
    readonly source: Promise<AsyncIterator<T>>,
    /** Called when nobody reads it any more. */
    private readonly ended: () => void,
  ) {
    // Whoever reads hears of it.
    source.catch(() => {});
  }

  get isRead(): boolean {
    return this.#readers > 0;
  }

  joined(): void {
    this.#readers += 1;
  }

  /** With the last reader the making ends. Not waited for: a part that never comes would hold it. */
  left(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    this.ended();
    this.source.then((iterator) => iterator.return?.()).catch(() => {});
  }
}
