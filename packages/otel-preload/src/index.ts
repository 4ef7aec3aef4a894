// The `-r` door.

import { start } from './start';

start();
