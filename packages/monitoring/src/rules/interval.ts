// How often rules are evaluated. The setup guide has 30 s (docs/guide.md).

import { MINUTE } from '../config';

/** Of recording rules and alerts, in seconds. */
export const RULE_INTERVAL = 30;
/** Of the records over days, in seconds. */
export const LONG_INTERVAL = 5 * MINUTE;
