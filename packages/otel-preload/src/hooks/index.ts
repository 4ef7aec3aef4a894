// The hooks on libraries that the app loads, by the name that a fault of theirs is reported under. A new library is a folder and a row.

import { bullmq } from './bullmq';
import { express } from './express';
import type { Hook } from './hook';
import { ioredis } from './ioredis';
import { koa } from './koa';
import { pg } from './pg';
import { ws } from './ws';

export const hooks: Readonly<Record<string, Hook>> = { express, koa, pg, ioredis, bullmq, ws };
