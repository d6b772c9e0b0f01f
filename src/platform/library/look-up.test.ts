/** Addresses against a server that behaves like the hub, and sites that answer as sites do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHub, type Hub } from '../net/testing/hub-server';
import { STARTER_MODEL } from '../../core/testing/starter-model';
import { FULL_SIZE } from '../../core/checkpoints/testing/full-size';
import { virtualSafetensors } from '../../core/checkpoints/testing/layouts';
import { safetensorsBytes } from '../../core/formats/testing/safetensors-bytes';
import { browserPorts } from '../net/download-ports';
import { checkEntry } from './check-entry';
import { lookUp } from './look-up';
import { fakeWeb, type Served } from './testing/fake-web';

let hub: Hub;
beforeAll(async () => void (hub = await createHub({})));
afterAll(() => hub.close());

const LORA = { 'lora_unet_x.lora_down.weight': { dtype: 'F16', shape: [4, 320], data_offsets: [0, 2560] } };
const lora = Buffer.from(safetensorsBytes(LORA, new Uint8Array(2560)));

beforeEach(() => {
  hub.files.clear();
  hub.gated.clear();
  hub.requests.length = 0;
  for (const path of readdirSync(STARTER_MODEL, { recursive: true, encoding: 'utf8' }))
    if (/\.(json|safetensors)$/.test(path)) hub.files.set(`who/small/${path}`, readFileSync(join(STARTER_MODEL, path)));
  hub.files.set('who/small/style.safetensors', lora);
});

const checkpoint = virtualSafetensors('painter.safetensors', FULL_SIZE['sdxl']?.stored ?? {});
const CIVITAI = {
  id: 70,
  modelId: 7,
  name: 'v2',
  baseModel: 'SDXL 1.0',
  model: { name: 'Painter', type: 'Checkpoint' },
  files: [
    {
      name: 'painter.safetensors',
      type: 'Model',
      sizeKB: checkpoint.size / 1024,
      metadata: { format: 'SafeTensor' },
      downloadUrl: 'https://civitai.com/api/download/models/70',
    },
  ],
};

function asking(sites: Record<string, Served> = {}) {
  const web = fakeWeb(sites);
  const sleep = (ms: number, signal: AbortSignal) => browserPorts.sleep(ms > 20_000 ? ms : 0, signal);
  const ports = { ...browserPorts, fetch: web.fetch, sleep, online: () => Promise.resolve() };
  const options = { ports, signal: new AbortController().signal, hub: hub.url, tries: 2 };
  const look = (address: string) => lookUp(address, options);
  /** Does what the page does: looks, and adds the first. */
  const add = async (address: string) => {
    const [choice] = (await look(address)).choices;
    if (!choice?.entry) throw new Error(choice?.problem ?? 'nothing');
    return checkEntry(choice.entry, options);
  };
  return { look, add, asked: web.asked };
}

describe('lookUp at the hub', () => {
  it('lists what a repository has: what can be used first, and why the rest cannot', async () => {
    const { title, choices } = await asking().look('who/small');
    expect(title).toBe('who/small on Hugging Face');
    expect(choices).toMatchObject([
      { name: 'The whole folder (diffusers)', entry: { id: 'small', licence: { name: 'mit' } } },
      {
        name: 'style.safetensors',
        byteLength: lora.length,
        problem: expect.stringMatching(/^This is no LoRA that Gesso knows/) as string,
      },
    ]);
    // Nothing but the files' headers is fetched.
    expect(hub.requests.filter((line) => line.startsWith('cdn'))).toHaveLength(1);
  });

  it.each(['https://huggingface.co/who/small', 'huggingface.co/who/small/tree/main/unet', 'who/small@main'])(
    'finds the folder by %s',
    async (address) => {
      expect((await asking().look(address)).choices[0]).toMatchObject({ entry: { source: { repo: 'who/small' } } });
    },
  );

  it('learns size and family of a folder from its headers', async () => {
    const entry = await asking().add('who/small');
    const files = entry.source.kind === 'hub' ? entry.source.files : [];
    expect(entry).toMatchObject({ family: 'starter', defaults: { width: 128 } });
    expect(entry.downloadBytes).toBe(
      files.reduce((sum, path) => sum + (hub.files.get(`who/small/${path}`)?.length ?? 0), 0),
    );
    expect(entry.downloadBytes).toBeGreaterThan(20e6);
  });

  it.each<[string, () => void, string, RegExp]>([
    ['not-allowed', () => undefined, 'who/nobody', /no public model “who\/nobody”.*spelling.*Import files/],
    ['missing-file', () => undefined, 'who/small@v9', /no model “who\/small” with a version “v9”/],
    [
      'not-allowed',
      () => hub.gated.add('who/small'),
      'who/small',
      /agreed to its terms.*sign in and agree.*Import files/,
    ],
    ['missing-file', () => undefined, 'https://huggingface.co/who/small/blob/main/x.ckpt', /has no file x\.ckpt/],
    [
      'bad-address',
      () => {
        hub.files.clear();
        hub.files.set('who/words/model.gguf', Buffer.from('GGUF'));
      },
      'who/words',
      /no checkpoint and no folder in diffusers layout; it has model\.gguf/,
    ],
  ])('says %s in a sentence', async (code, change, address, message) => {
    change();
    await expect(asking().look(address)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('lookUp at Civitai', () => {
  const API = 'https://civitai.com/api/v1/model-versions/70';
  const FILE = 'https://civitai.com/api/download/models/70';
  const json = { text: JSON.stringify(CIVITAI), type: 'application/json' };

  it('asks the API for the file, and the file for what it is', async () => {
    const entry = await asking({ [API]: json, [FILE]: { source: checkpoint, headStatus: 403 } }).add(
      'https://civitai.com/models/7/painter?modelVersionId=70',
    );
    expect(entry).toMatchObject({
      name: 'Painter v2',
      family: 'sdxl',
      downloadBytes: checkpoint.size,
      page: 'https://civitai.com/models/7',
      source: { kind: 'url', url: FILE, name: 'painter.safetensors' },
    });
  });

  it('says what to copy where the API lets no page ask', async () => {
    const forbidden = { 'https://civitai.com/api/v1/models/7': { isForbidden: true } };
    await expect(asking(forbidden).look('https://civitai.com/models/7')).rejects.toMatchObject({
      code: 'offline',
      message: expect.stringMatching(/copy the address of its Download button/) as string,
    });
  });

  it('takes the address of a Download button without the API', async () => {
    const sites = { [API]: { isForbidden: true }, [FILE]: { source: checkpoint } };
    expect(await asking(sites).add(FILE)).toMatchObject({
      name: 'Civitai 70',
      family: 'sdxl',
      downloadBytes: checkpoint.size,
    });
  });

  it.each<[string, Served]>([
    ['lets no page fetch it', { isForbidden: true }],
    ['wants a login', { status: 401 }],
  ])('says to download it there where Civitai %s', async (_what, file) => {
    await expect(asking({ [API]: { isForbidden: true }, [FILE]: file }).add(FILE)).rejects.toThrow(
      /sign in\. Download it there and choose it with “Import files”/,
    );
  });

  it('knows that a model is not there', async () => {
    await expect(asking().look('https://civitai.com/models/999')).rejects.toThrow(/no such model/);
  });
});

describe('lookUp elsewhere', () => {
  const AT = 'https://x.org/painter.safetensors';

  it('asks with HEAD for the size, then reads the header alone', async () => {
    const { add, asked } = asking({ [AT]: { source: checkpoint } });
    expect(await add(AT)).toMatchObject({ family: 'sdxl', downloadBytes: checkpoint.size, name: 'painter' });
    expect(asked[0]).toBe(`HEAD ${AT}`);
    const bytes = asked.flatMap((line) => (/bytes=(\d+)-(\d+)/.exec(line) ?? []).slice(1).map(Number));
    expect(Math.max(...bytes)).toBeLessThan(1e6);
  });

  it('asks for the first byte where HEAD is refused', async () => {
    const { look, asked } = asking({ [AT]: { source: checkpoint, headStatus: 405 } });
    expect((await look(AT)).choices).toMatchObject([{ byteLength: checkpoint.size }]);
    expect(asked).toEqual([`HEAD ${AT}`, `GET ${AT} bytes=0-0`]);
  });

  it('lists a file of a server without ranges: the download tells what it is', async () => {
    const entry = await asking({ [AT]: { source: checkpoint, ignoresRange: true } }).add(AT);
    expect(entry).toMatchObject({ downloadBytes: checkpoint.size });
  });

  it.each<[string, string, Served, string, RegExp]>([
    [
      'a page in its place',
      AT,
      { text: '<html>', type: 'text/html; charset=utf-8' },
      'bad-address',
      /a web page, not a file/,
    ],
    [
      'a page without an ending',
      'https://x.org/model',
      { text: '<html>', type: 'text/html' },
      'bad-address',
      /Download button/,
    ],
    ['a file that is not there', AT, { status: 404 }, 'missing-file', /no such file/],
    [
      'a site that lets no page ask',
      AT,
      { isForbidden: true },
      'offline',
      /x\.org does not answer this page.*Import files/,
    ],
    [
      'a LoRA for nothing that runs',
      AT,
      {
        source: {
          name: 'x',
          size: lora.length,
          read: (at, n) => Promise.resolve(new Uint8Array(lora.subarray(at, at + n))),
        },
      },
      'unsupported-model',
      /this is no LoRA that Gesso knows/,
    ],
    [
      'a page where JSON should be',
      'https://x.org/pack.json',
      { text: '<html>', type: 'text/html' },
      'bad-file',
      /no JSON/,
    ],
  ])('refuses %s', async (_what, address, served, code, message) => {
    await expect(asking({ [address]: served }).add(address)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});
