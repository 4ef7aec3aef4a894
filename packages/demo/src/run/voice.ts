// Lines for the demo's user; held back while a picture covers the terminal.

export class Voice {
  #held: string[] | undefined;

  readonly say = (line: string): void => {
    if (this.#held) this.#held.push(line);
    else console.log(line);
  };

  hold(): void {
    this.#held = [];
  }

  /** Says all lines held back. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    held.forEach(this.say);
  }
}
