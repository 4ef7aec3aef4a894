// The ancestors of this process: the ancestors tell the app of a launcher from a process that merely runs beside the launcher.

import fs from 'node:fs';

/** No chain of launchers is longer. */
const MOST = 64;

/** The ids of this process and of its ancestors, nearest first. On systems other than Linux, of the ancestors only the parent. */
export function lineage(): number[] {
  const pids = [process.pid];
  for (let pid = process.ppid; pid > 0 && pids.length < MOST; pid = parentOf(pid)) pids.push(pid);
  return pids;
}

/** The fourth field of proc(5)'s stat; 0 where there is none. The second, a name in parentheses, may hold anything. */
function parentOf(pid: number): number {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
  } catch {
    return 0;
  }
}
