// The hooks on the app's libraries, under the names for reporting a hook's faults. A new library is a folder and a row.

import { bullmq } from './bullmq';
import { express } from './express';
import type { Hook } from './hook';
import { ioredis } from './ioredis';
import { koa } from './koa';
import { pg } from './pg';
import { ws } from './ws';

export const hooks: Readonly<Record<string, Hook>> = { express, koa, pg, ioredis, bullmq, ws };
