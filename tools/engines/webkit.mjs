/** WebKitGTK's MiniBrowser on a display of its own, driven by classic WebDriver (https://www.w3.org/TR/webdriver2/). */
import { spawn } from 'node:child_process';
import { WEBKIT_DISPLAY, WEBKIT_DRIVER } from './find.mjs';
import { locate } from './locate.mjs';
import { ended, freePort, lineOf } from './processes.mjs';

/** @typedef {import('./locate.mjs').Driven} Driven */
/** @typedef {import('./locate.mjs').Target} Target */

const START_MS = 60_000;
/** Its second compiler takes half of a short visit's time: 31 s of the CPU for two pictures, 16 s without. */
const QUICK = { JSC_useOMGJIT: '0' };
/** Key by which an element is named in WebDriver's JSON. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/**
 * Sessions of WebDriver are private ones there: they keep nothing when the browser ends, as Safari's private windows.
 *
 * @param {string} browser path of MiniBrowser @returns {Promise<Driven>} @throws Error where it does not start
 */
export async function openWebkit(browser) {
  const screen = spawn(WEBKIT_DISPLAY, ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let program;
  const end = async () => {
    if (program) await ended(program);
    await ended(screen);
  };
  try {
    const [number] = await lineOf(screen.stdout, /\d+/, START_MS);
    const port = await freePort();
    program = spawn(WEBKIT_DRIVER, [`--port=${port}`], {
      stdio: 'ignore',
      env: { ...process.env, ...QUICK, DISPLAY: `:${number}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' },
    });
    return await drive(`http://127.0.0.1:${port}`, browser, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** @param {string} server @param {string} browser @param {() => Promise<void>} end @returns {Promise<Driven>} */
async function drive(server, browser, end) {
  await answering(`${server}/status`);
  const capabilities = { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } };
  const started = await ask('POST', `${server}/session`, { capabilities: { alwaysMatch: capabilities } });
  const session = `${server}/session/${started.sessionId}`;
  const post = (/** @type {string} */ path, body = {}) => ask('POST', `${session}/${path}`, body);
  await post('timeouts', { script: 600_000, pageLoad: 120_000 });

  /** @param {string} script @param {unknown[]} args */
  const execute = (script, args) => post('execute/sync', { script, args: [JSON.stringify(args)] });
  /** @param {Target} target @returns {Promise<string>} */
  async function elementOf([role, name]) {
    const found = await execute(`return (${locate})(...JSON.parse(arguments[0]))`, [role, name]);
    if (!found) throw new Error(`There is no ${role} "${name}".`);
    return `element/${found[ELEMENT]}`;
  }
  return {
    version: `WebKitGTK ${started.capabilities.browserVersion}`,
    errors: [],
    goto: (url) => post('url', { url }),
    reload: () => post('refresh'),
    async run(work, ...args) {
      const script = `return (async (json) => JSON.stringify((await (${work})(...JSON.parse(json))) ?? null))(arguments[0])`;
      return JSON.parse(await execute(script, args));
    },
    click: async (target) => post(`${await elementOf(target)}/click`),
    async type(target, text) {
      const element = await elementOf(target);
      await post(`${element}/clear`);
      await post(`${element}/value`, { text });
    },
    upload: async (target, paths) => post(`${await elementOf(target)}/value`, { text: paths.join('\n') }),
    screenshot: async () => Buffer.from(await ask('GET', `${session}/screenshot`), 'base64'),
    resize: (width, height) => post('window/rect', { width, height }),
    async close() {
      await ask('DELETE', session).catch(() => undefined); // it may have ended already
      await end();
    },
  };
}

/** @param {string} method @param {string} url @param {object} [body] @returns {Promise<any>} */
async function ask(method, url, body) {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = /** @type {{ value: any }} */ (await response.json());
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** @param {string} url */
async function answering(url) {
  for (let left = START_MS; left > 0; left -= 100) {
    if (await fetch(url).then(({ ok }) => ok, () => false)) return; // prettier-ignore
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('WebKitWebDriver does not answer.');
}
