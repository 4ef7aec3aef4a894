// Checks the clients' input. Every complaint names the field.

import { BadRequest } from './http-error';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const INT_MAX = 2 ** 31 - 1;

/** Fields of a body, a query string or a path, read with a check each. All are required but those with a default. */
export class Fields {
  readonly #source: Record<string, unknown>;

  constructor(source: unknown) {
    this.#source = typeof source === 'object' && source !== null ? (source as Record<string, unknown>) : {};
  }

  text(name: string, pattern = /\S/): string {
    const value = this.#source[name];
    if (typeof value !== 'string' || value.length > 200 || !pattern.test(value)) throw new BadRequest(`${name} is missing or malformed`);
    return value;
  }

  email(name: string): string {
    return this.text(name, EMAIL).toLowerCase();
  }

  /** As `2026-01`. */
  month(name: string): string {
    return this.text(name, MONTH);
  }

  /** As `2026-01-31`. */
  day(name: string): string {
    const day = this.text(name, DAY);
    if (Number.isNaN(Date.parse(day))) throw new BadRequest(`${name} is not a day of the calendar`);
    return day;
  }

  integer(name: string, { min = 1, max = INT_MAX, fallback }: { min?: number; max?: number; fallback?: number } = {}): number {
    const given = this.#source[name] ?? fallback;
    const value = typeof given === 'string' && /^-?\d+$/.test(given) ? Number(given) : given;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new BadRequest(`${name} must be a whole number from ${min} to ${max}`);
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    const value = choices.find((choice) => choice === this.#source[name]);
    if (value === undefined) throw new BadRequest(`${name} must be one of ${choices.join(', ')}`);
    return value;
  }

  /** A list such as `1,2,3`. */
  integers(name: string, most: number): number[] {
    const parts = this.text(name).split(',');
    if (parts.length > most) throw new BadRequest(`${name} holds more than ${most} values`);
    return parts.map((part) => new Fields({ [name]: part }).integer(name));
  }
}
