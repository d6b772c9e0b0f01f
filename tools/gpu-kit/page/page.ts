/** The check in a browser: what it is asked for and what it finds goes through the server that serves this page. */
import type { CheckHost, CheckMessage, CheckOptions, CheckState } from '../check/check-host';
import { runCheck } from '../check/run-check';

interface Asked {
  options: CheckOptions;
  state?: CheckState;
  secondsLeft: number;
}

const shown = document.querySelector('#progress');

async function tell(message: CheckMessage): Promise<void> {
  if (message.type === 'progress' && shown) shown.textContent = message.text;
  await fetch('/message', { method: 'POST', body: JSON.stringify(message) });
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/data/${path}`);
  if (!response.ok) throw new Error(`${path}: the kit has no such file`);
  return new Uint8Array(await response.arrayBuffer());
}

function browserName(): string {
  const [, version = ''] = /Chrome\/([\d.]+)/.exec(navigator.userAgent) ?? [];
  return `Chromium ${version}, ${navigator.platform}`;
}

const { options, state, secondsLeft } = (await (await fetch('/asked')).json()) as Asked;
const start = performance.now();
const host: CheckHost = {
  options,
  name: browserName(),
  state,
  read,
  now: () => performance.now(),
  date: () => new Date().toISOString(),
  secondsLeft: () => secondsLeft - (performance.now() - start) / 1000,
  tell,
};
await runCheck(host).catch((error: unknown) => tell({ type: 'unusable', reason: String(error) }));
