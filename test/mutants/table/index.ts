// All mutants. A table is named for the room that it breaks.

import type { Mutant } from '../mutant';
import { access } from './access';
import { cache } from './cache';
import { database } from './database';
import { demo } from './demo';
import { guards } from './guards';
import { jobs } from './jobs';
import { labels } from './labels';
import { loadGenerator } from './load-generator';
import { loading } from './loading';
import { localServers } from './local-servers';
import { ownMetrics } from './own-metrics';
import { port } from './port';
import { push } from './push';
import { requests } from './requests';
import { runtime } from './runtime';
import { scrape } from './scrape';
import { settings } from './settings';
import { websockets } from './websockets';
import { workers } from './workers';

export const mutants: readonly Mutant[] = [
  ...access,
  ...cache,
  ...database,
  ...demo,
  ...guards,
  ...jobs,
  ...labels,
  ...loadGenerator,
  ...loading,
  ...localServers,
  ...ownMetrics,
  ...port,
  ...push,
  ...requests,
  ...runtime,
  ...scrape,
  ...settings,
  ...websockets,
  ...workers,
];
