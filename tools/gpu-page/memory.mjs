/** Memory, as the system tells it: of the GPU (nvidia-smi), and of all processes of the browser. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** @returns the most megabytes in use since `reset`; undefined where there is no nvidia-smi */
export function watchGpu() {
  let most;
  let now;
  const child = spawn('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits', '-lms', '250'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.on('error', () => undefined);
  child.stdout?.on('data', (bytes) => {
    for (const line of String(bytes).split('\n')) {
      if (!/^\s*\d+\s*$/.test(line)) continue;
      now = Number(line);
      most = Math.max(most ?? 0, now);
    }
  });
  return { most: () => most, reset: () => void (most = now), stop: () => child.kill() };
}

/** Proportional set sizes, so that shared pages count once. */
export function browserMegabytes() {
  let kilobytes = 0;
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${id}/cmdline`, 'utf8').startsWith('/opt/gesso/chromium/')) continue;
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // ended meanwhile
    }
  }
  return Math.round(kilobytes / 1000);
}
