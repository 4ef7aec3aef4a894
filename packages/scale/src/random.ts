// Chance, the same in every run, so that a measurement can be repeated.

export interface Random {
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** Normally distributed around 0, with a deviation of 1. */
  normal(): number;
  /** A number of events that happen `mean` times on average. */
  poisson(mean: number): number;
}

/** A linear congruential generator (Numerical Recipes' constants): good enough for load, and three lines. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return { next, normal, poisson: (mean) => (mean > 30 ? Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())) : counted(mean, next)) };
}

/** Knuth's method: multiplies chances until the product is below the chance of no event. */
function counted(mean: number, next: () => number): number {
  const none = Math.exp(-mean);
  let count = -1;
  for (let chance = 1; chance > none; chance *= next()) count += 1;
  return Math.max(0, count);
}
