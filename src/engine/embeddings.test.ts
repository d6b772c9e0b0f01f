/** Embeddings that come with a picture's request, from the engine's outside. */
import { expect, it } from 'vitest';
import { floatSafetensors } from '../core/formats/testing/safetensors-bytes';
import type { EngineEvent } from './api';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY } from './testing/fake-ports';

const request = {
  model: 'fake',
  prompt: 'abc',
  negativePrompt: 'z',
  sampler: 'euler',
  schedule: 'karras',
  noise: 'cpu',
  steps: 2,
  cfgScale: 2,
  seed: 1,
  width: 64,
  height: 64,
} as const;

const vectors = Array<number>(16).fill(0.5);
const file = new Blob([floatSafetensors({ emb_params: { shape: [2, 8], values: vectors } })]);

it('encodes again where an embedding’s file is another, and not where it is the same', async () => {
  const engine = new Engine(createFake().ports);
  const encodes = async (revision: string): Promise<boolean> => {
    const events: EngineEvent[] = [];
    const embeddings = [{ id: 'b', names: ['b'], revision, file }];
    await engine.generate(request, FAKE_ENTRY, (event) => void events.push(event), { embeddings });
    expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
    return events.some((event) => event.type === 'stage' && event.stage === 'encoding');
  };
  const seen = [];
  for (const revision of ['1', '1', '2']) seen.push(await encodes(revision));
  expect(seen).toEqual([true, false, true]);
});

it('counts a name for as many tokens as it has vectors', async () => {
  const engine = new Engine(createFake().ports);
  const count = (embeddings: readonly { name: string; vectors: number }[]) =>
    engine.countTokens('abc', FAKE_ENTRY, { embeddings });
  const plain = await count([]);
  expect((await count([{ name: 'b', vectors: 4 }])).tokens).toBe(plain.tokens + 3);
});
