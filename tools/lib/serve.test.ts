/** The server of `npm start`: types, isolation, honest 404s, nothing outside its folder, free ports. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from './serve.mjs';

const outside = mkdtempSync(join(tmpdir(), 'gesso-serve-'));
const dir = join(outside, 'dist');
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  mkdirSync(join(dir, 'assets'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  writeFileSync(join(dir, 'index.html'), '<title>Gesso</title>');
  for (const file of ['assets/a-hash.wasm', 'assets/b-hash.js', 'unet.safetensors', 'config.json'])
    writeFileSync(join(dir, file), 'bytes');
  server = await serve({ dir, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(outside, { recursive: true, force: true });
});

describe('serve', () => {
  it.each([
    ['', 'text/html', 'no-cache'],
    ['assets/a-hash.wasm', 'application/wasm', 'immutable'],
    ['assets/b-hash.js', 'text/javascript', 'immutable'],
    ['unet.safetensors', 'application/octet-stream', 'no-cache'],
    ['config.json', 'application/json', 'no-cache'],
  ])('serves "%s" as %s, %s', async (path, type, cache) => {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('cache-control')).toContain(cache);
  });

  it('isolates the page, for threads in wasm', async () => {
    const { headers } = await fetch(server.url);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  });

  it('answers 404 for a missing model file, not the page', async () => {
    const response = await fetch(`${server.url}models/none.safetensors`);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('Not found');
  });

  it('serves ranges', async () => {
    const response = await fetch(`${server.url}unet.safetensors`, { headers: { Range: 'bytes=1-3' } });
    expect(response.status).toBe(206);
    expect(await response.text()).toBe('yte');
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt'])('refuses %s', async (path) => {
    expect(await rawStatus(path)).toBe(404);
  });

  it('says which port is taken, or takes another', async () => {
    await expect(serve({ dir, port: server.port })).rejects.toThrow(`Port ${server.port} is in use`);
    const first = await serve({ dir });
    const second = await serve({ dir });
    expect(second.port).toBeGreaterThan(first.port);
    await Promise.all([first.close(), second.close()]);
  });
});

/** fetch would tidy the path up before sending it. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port: server.port, host: '127.0.0.1', path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
