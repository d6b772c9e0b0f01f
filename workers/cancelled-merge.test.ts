/** A cancel that comes while a LoRA is worked into a model's weights, which no message can interrupt. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ModelEntry } from '../src/core/catalog';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { GenerationRequest } from '../src/core/recipe/request';
import type { AdapterEntry, EngineEvent } from '../src/engine/api';
import { Engine } from '../src/engine/engine';
import { askToCancel, createSharedWish } from '../src/engine/run/shared-wish';
import type { Ports, Runtime } from '../src/engine/ports';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { importTiny } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

const ENTRY: ModelEntry = { ...TINY_ENTRY, source: { kind: 'imported' } };

const request: GenerationRequest = {
  ...{
    model: 'tiny',
    prompt: 'a b <lora:dora>',
    negativePrompt: 'c',
    sampler: 'euler',
    schedule: 'normal',
    noise: 'cpu',
  },
  ...{ steps: 1, cfgScale: 5, seed: 3, width: 16, height: 16 },
};

async function adapterOf(kind: string): Promise<AdapterEntry> {
  const path = `../src/engine/fixtures/pipelines/merged/${kind}.safetensors`;
  const bytes = new Uint8Array(await readFile(fileURLToPath(new URL(path, import.meta.url))));
  return { id: 'dora', names: ['dora'], revision: '1', file: new Blob([bytes]) };
}

interface Heard {
  /** A session is being made: ONNX Runtime reads weights, and the thread hears nothing. */
  isMaking: boolean;
}

async function engineWith(wish: Ports['wish'], heard: Heard = { isMaking: false }): Promise<Engine> {
  const store = memoryPacks();
  await importTiny(tinyCase('sd15'), { store, id: 'tiny', plan: 'float32' });
  const runtime = createNodeRuntime();
  const createSession: Runtime['createSession'] = async (...given) => {
    heard.isMaking = true;
    const made = runtime.createSession(...given).finally(() => (heard.isMaking = false));
    return await made;
  };
  const ports = createNodePorts({
    createRuntime: () => Promise.resolve({ ...runtime, createSession }),
    packs: { open: (id) => Promise.resolve().then(() => store.open(id)) },
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
    ...(wish && { wish }),
  });
  return new Engine(ports);
}

describe('a cancel while weights are changed', () => {
  it('ends that at the next row that is computed, and leaves an engine that paints', async () => {
    const buffer = new SharedArrayBuffer(4);
    const wish = createSharedWish();
    wish.watch(buffer);
    const heard = { isMaking: false };
    let [asked, whileMaking] = [0, 0];
    const engine = await engineWith(
      {
        begin: () => wish.begin(),
        isAsked: () => {
          asked += 1;
          whileMaking += Number(heard.isMaking);
          if (heard.isMaking && whileMaking === PRESSED_AT) askToCancel(buffer);
          return wish.isAsked();
        },
      },
      heard,
    );
    const adapters = [await adapterOf('dora')];
    const paint = (events: EngineEvent[] = []) =>
      engine.generate(request, ENTRY, (event) => void events.push(event), { adapters });
    const events: EngineEvent[] = [];
    await expect(paint(events)).rejects.toMatchObject({ code: 'cancelled' });
    expect(whileMaking, 'not one row more').toBe(PRESSED_AT);
    expect(events.some(({ type }) => type === 'step')).toBe(false);
    const before = asked;
    const made = await paint();
    expect(asked - before, 'it was far from done').toBeGreaterThan(10 * PRESSED_AT);
    const own = await engineWith(undefined);
    const { pixels } = await own.generate(request, ENTRY, () => undefined, { adapters });
    expect(made.pixels).toEqual(pixels);
  });
});

/** Questions whether to stop while a session is made. */
const PRESSED_AT = 30;
