// nodejs_version_info: a gauge of 1 whose labels name the version of Node.js.

import type { Instruments } from '../instruments';

export function observeNodeVersion(instruments: Instruments): void {
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.');
  instruments.observe('nodejs_version_info', (observe) => observe(1, process.version, major, minor, patch));
}
