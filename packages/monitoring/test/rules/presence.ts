// The situations of the alerts on presence: of scraped targets, and of what is pushed.

import { app, JOB, type Condition } from './app';
import { fires, silent } from './sick-app';
import { AWAY, CHANGE, END, SICK, unwatched, world, type Labels } from './situations';
import { sound, type Nine } from './sound';
import { World, type Life } from './world';

const targetDown = (instance: string): Labels => ({ job: JOB, instance });

const down = (life: Life) => world((made) => [app(made, 'a:3001', {}, life), app(made, 'b:3001')]);

export const TargetDown: Nine = {
  ...sound,
  firing: [
    {
      world: down({ down: [SICK, 45] }),
      fires: { minute: 44, labels: [targetDown('a:3001')], descriptions: [`Prometheus gets no metrics from ${JOB} on a:3001.`] },
      quietUntil: SICK,
      healedAt: END,
    },
  ],
  burst: [silent(down({ from: 0, down: [0, 1] }))],
  away: [
    silent(unwatched),
    fires(
      world((made) => app(made, 'a:3001', {}, { down: [SICK, END + 1] }), AWAY),
      END,
      [targetDown('a:3001')],
    ),
  ],
  one: [fires(down({ down: [SICK, END + 1] }), END, [targetDown('a:3001')])],
};

const pushed = (life: Life, condition: Condition = {}) => world((made) => app(made, 'a', condition, { ...life, pushed: true }));

export const BackendMissing: Nine = {
  ...sound,
  firing: [
    {
      world: pushed({ to: SICK }),
      fires: { minute: 44, labels: [{ job: JOB }], descriptions: [`No instance of ${JOB} sends metrics, and there is no target to scrape.`] },
      quietUntil: SICK,
    },
    // Never seen at all.
    { ...fires(new World(END), SICK, [{}]), quietUntil: 4 },
  ],
  outage: [silent(pushed({}, { outage: (minute) => minute >= SICK }))],
  idle: [silent(pushed({}, { load: 0 }))],
  restart: [silent(pushed({ restartAt: CHANGE }))],
  burst: [silent(pushed({ from: 1 }))],
  away: [{ world: world((made) => app(made, 'a', {}, { pushed: true }), AWAY), healedAt: AWAY[1] + 1 }],
  deploy: [silent(world((made) => [app(made, 'a', {}, { to: CHANGE, pushed: true }), app(made, 'b', {}, { from: CHANGE + 1, pushed: true })]))],
  one: [
    silent(world((made) => [app(made, 'a', {}, { to: CHANGE, pushed: true }), app(made, 'b', {}, { pushed: true })])),
    // One that is scraped and down is TargetDown's.
    silent(world((made) => app(made, 'a:3001', {}, { down: [SICK, END + 1] }))),
  ],
};
