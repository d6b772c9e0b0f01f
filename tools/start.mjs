/** `npm start`: installs what is missing, builds where needed, serves the app on localhost and opens it. */
import { requireNode } from './lib/node-version.mjs';

requireNode();

const { parseArgs } = await import('node:util');
const { ensureInstalled } = await import('./lib/install.mjs');

const HELP = `npm start -- [options]
  --port <number>   this port instead of the first free one from 4173 up
  --host <address>  listen there instead of on this computer alone (0.0.0.0: on every network)
  --no-open         do not open the browser`;

const options = readOptions();
if (!(await ensureInstalled())) process.exit(1);
// Only now are the packages surely there.
const { ensureBuilt } = await import('./lib/build.mjs');
if (!(await ensureBuilt())) process.exit(1);
await serveApp();

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535))
      throw new Error(`--port must be a whole number from 0 to 65535, not ${values.port}.`);
    return { port, host: values.host, isOpening: !values['no-open'] };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    return process.exit(2);
  }
}

async function serveApp() {
  const { DIST } = await import('./lib/paths.mjs');
  const { FIRST_PORT, serve } = await import('./lib/serve.mjs');
  const server = await serve({ dir: DIST, host: options.host, port: options.port }).catch((error) => {
    console.error(error.message);
    return process.exit(1);
  });
  console.log(`\nGesso is at ${server.url}\n`);
  if (options.port === undefined && server.port !== FIRST_PORT)
    console.log(`(${FIRST_PORT} is in use. What a browser stores belongs to one address, port included.)`);
  if (options.host && !['localhost', '127.0.0.1', '::1'].includes(options.host))
    console.log('(Browsers give WebGPU to localhost and https only: other computers will paint on their CPU.)');
  console.log('Ctrl+C ends it.');
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      void server.close().then(() => process.exit(0));
    });
  if (options.isOpening && process.stdout.isTTY && !process.env.CI) await openPage(server.url);
}

/** A machine without a browser or a screen is no reason to fail: the address is on the screen. */
async function openPage(/** @type {string} */ url) {
  const { default: open } = await import('open');
  try {
    const child = await open(url);
    child.on('error', () => console.log('The browser could not be opened: open the address by hand.'));
  } catch (error) {
    console.log(
      `The browser could not be opened (${error instanceof Error ? error.message : error}): open it by hand.`,
    );
  }
}
