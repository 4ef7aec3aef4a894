// The situations of alerts on what the app does: each sickness put through all nine.

import { app } from './app';
import {
  CHANGE,
  cold,
  deployed,
  END,
  healthy,
  idle,
  nearlyIdle,
  outage,
  restarted,
  SICK,
  unwatched,
  world,
  AWAY,
  type Case,
  type Labels,
  type Situation,
} from './situations';
import type { Sickness } from './sickness';
import type { Instance, World } from './world';

const WELL = 45;
const BURST_MINUTES = [15, 19, 23, 27, 31, 35, 39, 43];

/** It must never fire. */
export const silent = (of: World): Case => ({ world: of, quietUntil: END });

/** It must fire with these labels at a minute, and not before the first symptom. */
export const fires = (of: World, minute: number, labels: readonly Labels[]): Case => ({ world: of, fires: { minute, labels }, quietUntil: SICK });

export function sickApp(sickness: Sickness): Record<Situation, readonly Case[]> {
  const { labels, descriptions, inOutage = false, staysOn = false, since = SICK } = sickness;
  const sick = sickness.condition(SICK, END + 1);
  const short = world((made) => app(made, 'a:3001', sickness.condition(since, WELL)));
  return {
    firing: [
      {
        world: short,
        fires: { minute: WELL - 1, labels: labels(['a:3001'], true), descriptions },
        quietUntil: Math.max(since, 1),
        ...(!staysOn && { healedAt: END }),
      },
    ],
    healthy: [silent(healthy)],
    outage: [inOutage ? fires(outage, WELL, labels(['a:3001', 'b:3001', 'c:3001'], false)) : silent(outage)],
    idle: [silent(idle), ...(staysOn ? [] : [silent(nearlyIdle)])],
    restart: [silent(restarted), restartedSick(sickness)],
    burst: [bursts(sickness)],
    away: [
      silent(unwatched),
      fires(
        world((made) => app(made, 'a:3001', sick), AWAY),
        END,
        labels(['a:3001'], true),
      ),
    ],
    deploy: [silent(deployed), silent(cold), bornSick(sickness), deployedSick(sickness)],
    one: [oneOfTen(sickness)],
  };
}

/** A sick process starts anew and is no better: the gap must not start the alert's waiting time again. */
function restartedSick({ condition, labels, within = END - SICK }: Sickness): Case {
  const made = world((of) => app(of, 'a:3001', condition(SICK, END), { restartAt: SICK + 3 }));
  return fires(made, SICK + within, labels(['a:3001'], true));
}

/** A new app that is sick from its first request on, so that nothing is there to compare with. */
function bornSick({ condition, utter = condition, labels }: Sickness): Case {
  const made = world((of) => app(of, 'a:3001', utter(-60, END + 1), { from: 0 }));
  return { ...fires(made, END, labels(['a:3001'], true)), quietUntil: 1 };
}

/** Sick instances are replaced by sick ones. */
function deployedSick({ condition, labels }: Sickness): Case {
  const made = world((of) => {
    ['a:3001', 'b:3001'].forEach((name) => app(of, name, condition(SICK, END), { to: CHANGE }));
    ['c:3001', 'd:3001'].forEach((name) => app(of, name, condition(SICK, END), { from: CHANGE }));
  });
  return fires(made, END, labels(['c:3001', 'd:3001'], false));
}

/** Every few minutes a burst creates a series that then stands still. */
function bursts({ burst, burstLabels, labels }: Sickness): Case {
  const made = world((of) => {
    const instance = app(of, 'a:3001');
    BURST_MINUTES.forEach((minute, index) => burst.forEach((series) => born(instance, series, minute, index)));
  });
  return fires(made, BURST_MINUTES.at(-1)!, burstLabels ?? [labels(['a:3001'], true)[0]!]);
}

function born(instance: Instance, { name, labels, size }: Sickness['burst'][number], minute: number, index: number): void {
  instance.counter(name, labels(index), 0, { born: minute, burst: size });
}

function oneOfTen({ condition, mild = condition, labels, hides = false }: Sickness): Case {
  const made = world((of) => {
    app(of, 'sick:3001', mild(SICK, END));
    for (let index = 0; index < 9; index++) app(of, `well-${index}:3001`);
  });
  const all = labels(['sick:3001'], false);
  return fires(made, END, hides ? all.filter(({ instance }) => instance !== undefined) : all);
}
