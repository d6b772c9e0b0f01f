/** What cross-attention reads, from prompt to numbers, against torch (tools/fixtures/prompt_contexts.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Checkpoint } from '../src/core/checkpoints';
import { bytesSource } from '../src/core/formats';
import { buildClipText, readClipTextConfig } from '../src/core/networks';
import type { Dialect, EmphasisMode } from '../src/core/prompt';
import { fillGraph } from '../src/core/weights/testing/fill-graph';
import { createConditioning } from '../src/engine/testing/conditioning';
import { createEncoder, type Encoder } from '../src/engine/models/encoder';
import fixture from '../src/engine/fixtures/contexts.json';
import type { Session } from '../src/engine/ports';
import { createNodeRuntime } from './testing/node-ports';
import { createWordTokenizer } from './testing/word-tokenizer';

/** Float32 on both sides; the sums run in another order. */
const MAX_RELATIVE_ERROR = 1e-4;

const tokenizer = createWordTokenizer();

const folder = new URL('../src/core/networks/fixtures/clip-l/', import.meta.url);
const read = (name: string): Promise<Buffer> => readFile(fileURLToPath(new URL(name, folder)));
const config = readClipTextConfig('config.json', JSON.parse((await read('config.json')).toString()));
const weights = bytesSource('weights.safetensors', await read('weights.safetensors'));
const runtime = createNodeRuntime();
const sessions = new Map<number, Session>();

async function encoderFor(clipSkip: number): Promise<Encoder> {
  const graph = buildClipText(config, runtime.target, { clipSkip });
  const session =
    sessions.get(clipSkip) ?? (await runtime.createSession(await fillGraph(graph, await Checkpoint.open([weights]))));
  sessions.set(clipSkip, session);
  return createEncoder({
    tokenizer,
    width: config.width,
    encodeRow: async (ids) => {
      const { last_hidden_state: hidden } = await session.run({
        input_ids: { data: Int32Array.from(ids), dims: [1, ids.length] },
      });
      return { hidden };
    },
  });
}

afterAll(async () => {
  for (const session of sessions.values()) await session.dispose();
});

interface Case {
  prompt: string;
  dialect?: string;
  emphasis?: string;
  clipSkip?: number;
  calls?: number;
  /** Contexts of each call: `values` are every `step`-th. */
  contexts: { tokens: number; norm: number; step: number; values: number[] }[];
}
const cases: Case[] = fixture.cases;

const norm = (values: readonly number[]): number => Math.hypot(...values);
const difference = (a: readonly number[], b: readonly number[]): number => norm(a.map((value, i) => value - b[i]));

describe('a prompt', () => {
  it.each(cases)('#%# gives the context of torch: $prompt', async (recipe) => {
    const { prompt, dialect = 'a1111', emphasis = 'original', clipSkip = 1, calls = 1, contexts } = recipe;
    const reading = { dialect: dialect as Dialect, emphasis: emphasis as EmphasisMode };
    const request = { prompt, negativePrompt: '', cfgScale: 7, ...reading };
    const conditioning = await createConditioning(request, [await encoderFor(clipSkip)], { calls });
    for (const [call, expected] of contexts.entries()) {
      const { context } = conditioning.at(call).positive[0];
      expect(context.tokens).toBe(expected.tokens);
      const values = [...context.data].filter((_, i) => i % expected.step === 0);
      expect(values.length).toBe(expected.values.length);
      expect(difference(values, expected.values) / norm(expected.values)).toBeLessThan(MAX_RELATIVE_ERROR);
      expect(Math.abs(norm([...context.data]) / expected.norm - 1)).toBeLessThan(MAX_RELATIVE_ERROR);
    }
  });

  it('gives another context than a plain one by far more than the tolerance', () => {
    const [plain, ...others] = cases.filter((one) => one.emphasis !== 'ignore').map((one) => one.contexts[0].values);
    for (const other of others.filter(({ length }) => length === plain.length))
      expect(difference(plain, other) / norm(plain)).toBeGreaterThan(100 * MAX_RELATIVE_ERROR);
  });
});
