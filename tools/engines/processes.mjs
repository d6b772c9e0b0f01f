/** Programs that are started beside us: what they say, and their end. */
import { createServer } from 'node:net';

/**
 * @param {import('node:stream').Readable} stream @param {RegExp} pattern @param {number} limitMs
 * @returns {Promise<RegExpExecArray>} of what it has written so far @throws Error with the last of it, where that does not come
 */
export function lineOf(stream, pattern, limitMs) {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = () => reject(new Error(`It did not start: ${text.trim().split('\n').at(-1) || 'it says nothing'}`));
    const timer = setTimeout(fail, limitMs);
    stream.on('data', (data) => {
      text += data;
      const match = pattern.exec(text);
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    });
    stream.once('end', () => {
      clearTimeout(timer);
      fail();
    });
  });
}

/** Ends it and waits for that. @param {import('node:child_process').ChildProcess} child @returns {Promise<void>} */
export function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill();
  });
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
