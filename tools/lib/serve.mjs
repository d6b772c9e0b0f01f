/** Serves a folder on localhost: the server of `npm start`, the tests, the benchmark and the picture tools. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import sirv from 'sirv';

export const FIRST_PORT = 4173;
const PORTS_TRIED = 50;

/**
 * Cross-origin isolation gives wasm its threads. `no-cache` still lets the browser keep files, it only has to ask; so
 * a rebuilt app is never mixed with an old one. What the build puts into assets/ and packed/ has a hash of its bytes in its name.
 */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
};

/** `bytes`: of head and body. @typedef {{ path: string, status: number, bytes: number }} Answer */

/**
 * @param {object} options
 * @param {string} options.dir
 * @param {string} [options.host]  address to listen on; 127.0.0.1 keeps other machines out
 * @param {number} [options.port]  exactly this one (0: any); without it the first free one from 4173 up
 * @param {(answer: Answer) => void} [options.onAnswer]  told of each answer when its last byte has been given to the system
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 * @throws Error in one sentence where the port is taken
 */
export async function serve({ dir, host = '127.0.0.1', port, onAnswer }) {
  const files = sirv(dir, { dev: true, etag: true, setHeaders: setFileHeaders });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (onAnswer) tellOf(request, response, onAnswer);
    files(request, response, () => {
      response.statusCode = 404;
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.end('Not found');
    });
  });
  const bound = await listen(server, host, port);
  const name = host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${bound}/`, port: bound, close: () => close(server) };
}

/**
 * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
 * @param {(answer: Answer) => void} onAnswer
 */
function tellOf(request, response, onAnswer) {
  const { socket } = request;
  const before = socket.bytesWritten;
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  response.once('close', () => onAnswer({ path, status: response.statusCode, bytes: socket.bytesWritten - before }));
}

/** sirv knows wasm, json, js ...; model files have no type of their own. */
function setFileHeaders(/** @type {import('node:http').ServerResponse} */ response, /** @type {string} */ path) {
  if (/^\/(assets|packed)\//.test(path)) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  if (/\.(safetensors|onnx|bin)$/.test(path)) response.setHeader('Content-Type', 'application/octet-stream');
}

/** @param {import('node:http').Server} server @param {string} host @param {number} [port] */
async function listen(server, host, port) {
  if (port !== undefined) return tryListen(server, host, port);
  for (let candidate = FIRST_PORT; candidate < FIRST_PORT + PORTS_TRIED; candidate++) {
    // Another server may hold the port on ::1 alone; the browser would meet that one under "localhost".
    if (await isAnswering(candidate)) continue;
    try {
      return await tryListen(server, host, candidate);
    } catch (error) {
      if (!isPortTrouble(error)) throw error;
    }
  }
  throw new Error(`The ports ${FIRST_PORT} to ${FIRST_PORT + PORTS_TRIED - 1} are all in use: choose one with --port.`);
}

/** @returns {Promise<number>} @param {import('node:http').Server} server @param {string} host @param {number} port */
function tryListen(server, host, port) {
  return new Promise((resolve, reject) => {
    const fail = (/** @type {NodeJS.ErrnoException} */ error) =>
      reject(
        error.code === 'EADDRINUSE'
          ? Object.assign(new Error(`Port ${port} is in use: choose another with --port.`), { code: error.code })
          : error,
      );
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function isPortTrouble(/** @type {unknown} */ error) {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
}

/** @returns {Promise<boolean>} */
function isAnswering(/** @type {number} */ port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '::1' });
    const end = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** @returns {Promise<void>} @param {import('node:http').Server} server */
function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
