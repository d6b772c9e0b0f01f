/** Firefox, driven over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): as much of it as a path through the page takes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { locate } from './locate.mjs';
import { ended, lineOf } from './processes.mjs';

/** @typedef {import('./locate.mjs').Driven} Driven */
/** @typedef {import('./locate.mjs').Target} Target */

const START_MS = 60_000;

/** What keeps it from asking its makers, and from asking the person. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.topsites.contile.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.systemAddon.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
};

/** @param {string} path of the program @returns {Promise<Driven>} @throws Error where it does not start */
export async function openFirefox(path) {
  const profile = mkdtempSync(join(tmpdir(), 'gesso-firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'];
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = async () => {
    await ended(child);
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const [, address] = await lineOf(child.stderr, /WebDriver BiDi listening on (ws:\S+)/, START_MS);
    return await drive(await connect(`${address}/session`), end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** @param {string} address */
async function connect(address) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const asked = new Map();
  /** @type {string[]} */
  const errors = [];
  socket.on('message', (data) => {
    const { id, result, error, message, method, params } = JSON.parse(String(data));
    if (method === 'log.entryAdded' && params.level === 'error') errors.push(params.text);
    const waiting = asked.get(id);
    asked.delete(id);
    if (error) waiting?.reject(new Error(`${error}: ${message}`));
    else waiting?.resolve(result);
  });
  socket.on('close', () => {
    for (const { reject } of asked.values()) reject(new Error('Firefox has ended.'));
  });
  let last = 0;
  /** @param {string} method @param {object} params @returns {Promise<any>} */
  const ask = (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      asked.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return { ask, errors };
}

/** @param {Awaited<ReturnType<typeof connect>>} connection @param {() => Promise<void>} end @returns {Promise<Driven>} */
async function drive({ ask, errors }, end) {
  const { capabilities } = await ask('session.new', { capabilities: {} });
  const { contexts } = await ask('browsingContext.getTree', {});
  const context = contexts[0].context;
  await ask('session.subscribe', { events: ['log.entryAdded'] });

  /** @param {string} declaration @param {unknown[]} args */
  async function call(declaration, args) {
    const answer = await ask('script.callFunction', {
      functionDeclaration: declaration,
      arguments: [{ type: 'string', value: JSON.stringify(args) }],
      target: { context },
      awaitPromise: true,
    });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return answer.result;
  }
  /** @param {Target} target */
  async function elementOf([role, name]) {
    const found = await call(`(json) => (${locate})(...JSON.parse(json))`, [role, name]);
    if (found.type !== 'node') throw new Error(`There is no ${role} "${name}".`);
    return { sharedId: found.sharedId };
  }
  /** @param {Target} target */
  async function click(target) {
    // Unlike classic WebDriver, this presses whatever lies there: a sheet that is still on its way out.
    const isOnTop = await call(
      `(json) => {
        const node = (${locate})(...JSON.parse(json));
        const { x, y, width, height } = node?.getBoundingClientRect() ?? new DOMRect();
        return node?.contains(document.elementFromPoint(x + width / 2, y + height / 2)) ?? false;
      }`,
      target,
    );
    if (isOnTop.value !== true) throw new Error(`Something lies over ${target.join(' ')}, or it is not there.`);
    const origin = { type: 'element', element: await elementOf(target) };
    const actions = [
      { type: 'pointerMove', x: 0, y: 0, origin },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ];
    await ask('input.performActions', { context, actions: [{ type: 'pointer', id: 'mouse', actions }] });
  }
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    errors,
    goto: async (url) => void (await ask('browsingContext.navigate', { context, url, wait: 'complete' })),
    reload: async () => void (await ask('browsingContext.reload', { context, wait: 'complete' })),
    async run(work, ...args) {
      const result = await call(`async (json) => JSON.stringify((await (${work})(...JSON.parse(json))) ?? null)`, args);
      return JSON.parse(result.value);
    },
    click,
    async type(target, text) {
      // By its name and not by a click: what comes late into the form moves what stands below.
      await call(
        `(json) => { const field = (${locate})(...JSON.parse(json)); field.focus(); field.select(); }`,
        target,
      );
      const actions = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
      await ask('input.performActions', { context, actions: [{ type: 'key', id: 'keys', actions }] });
    },
    async upload(target, files) {
      await ask('input.setFiles', { context, element: await elementOf(target), files });
    },
    async screenshot() {
      const { data } = await ask('browsingContext.captureScreenshot', { context });
      return Buffer.from(data, 'base64');
    },
    async resize(width, height) {
      await ask('browsingContext.setViewport', { context, viewport: { width, height } });
    },
    close: end,
  };
}
