/** CPU time of the processes that this one has started, and they, as Linux counts it: other work on the machine does not count. */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of a tick of the kernel's clock. */
const TICK_MS = 10;

/** @typedef {{ parent: number, ms: number }} Process */

/** @param {number} [root] @returns {number} */
export function cpuMsBelow(root = process.pid) {
  return pidsBelow(root).reduce((sum, pid) => sum + (statOf(`/proc/${pid}/stat`)?.ms ?? 0), 0);
}

/** Time of each thread, by its id. @param {number} [root] @returns {Map<string, number>} */
export function threadMsBelow(root = process.pid) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const pid of pidsBelow(root))
    for (const tid of listed(`/proc/${pid}/task`)) found.set(tid, statOf(`/proc/${pid}/task/${tid}/stat`)?.ms ?? 0);
  return found;
}

/** Time of the thread that worked most between two answers of threadMsBelow. @param {Map<string, number>} before @param {Map<string, number>} after */
export const busiestMs = (before, after) => Math.max(0, ...[...after].map(([tid, ms]) => ms - (before.get(tid) ?? 0)));

/** @param {number} root */
function pidsBelow(root) {
  /** @type {Map<number, Process>} */
  const all = new Map();
  for (const pid of listed('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = statOf(`/proc/${pid}/stat`);
    if (stat) all.set(Number(pid), stat);
  }
  /** @param {number} pid @returns {boolean} */
  const isBelow = (pid) => {
    const parent = all.get(pid)?.parent;
    return parent !== undefined && (parent === root || isBelow(parent));
  };
  return [...all.keys()].filter(isBelow);
}

/** @param {string} path @returns {Process | undefined} undefined where it has ended meanwhile */
function statOf(path) {
  try {
    const text = readFileSync(path, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** @param {string} path @returns {string[]} */
function listed(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}
