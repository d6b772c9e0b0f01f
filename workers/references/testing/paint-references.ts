/** Paints the reference recipes as the app does, on the CPU. */
import { createHash } from 'node:crypto';
import manifest from '../../../models-manifest.json';
import { parseCatalog, type ModelEntry } from '../../../src/core/catalog';
import { embedInfotext } from '../../../src/core/image/metadata';
import { recipeOf, writeInfotext } from '../../../src/core/recipe/infotext';
import { memoryPacks } from '../../../src/core/packs/testing/memory-packs';
import type { Pixels } from '../../../src/core/image';
import { Engine } from '../../../src/engine/engine';
import { createNodePorts } from '../../testing/node-ports';
import { TINY_ENTRY, tinyCase } from '../../testing/paint-tiny';
import { importTiny } from '../../testing/tiny-pack';
import { createWordTokenizer } from '../../testing/word-tokenizer';
import { TINY, type ReferenceRecipe } from './recipes';

export interface Reference {
  name: string;
  width: number;
  height: number;
  /** SHA-256 of the pixels, RGBA from the top left. */
  pixels: string;
  infotext: string;
  /** SHA-256 of a PNG of one pixel with the infotext in it, as the picture's file has it. */
  file: string;
}

/** Version of the app that wrote the references. */
const VERSION = 'gesso-0.1.0';

export interface Painter {
  paint(recipe: ReferenceRecipe): Promise<{ reference: Reference; pixels: Pixels }>;
}

export async function createPainter(): Promise<Painter> {
  const store = memoryPacks();
  for (const [id, name] of Object.entries(TINY)) await importTiny(tinyCase(name), { store, id, plan: 'float32' });
  const packs = { open: async (id: string) => store.open(id) };
  const tokenizer = (padding: 'end' | 'zero') =>
    Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined));
  const tiny = new Engine(createNodePorts({ packs, createClipTokenizer: tokenizer }));
  const whole = new Engine(createNodePorts());
  const [starter] = parseCatalog(manifest).models;
  const entryOf = (model: ReferenceRecipe['model']): ModelEntry =>
    model === 'starter' ? starter : { ...TINY_ENTRY, id: model, name: model, source: { kind: 'imported' } };
  return {
    async paint({ name, model, request, extras }) {
      const engine = model === 'starter' ? whole : tiny;
      const made = await engine.generate({ ...request, model }, entryOf(model), () => undefined);
      const { pixels } = made;
      const recipe = { ...recipeOf(made.request), ...(extras && { unknown: extras }) };
      const infotext = writeInfotext(recipe, { model: entryOf(model).name, version: VERSION });
      const { width, height, data } = pixels;
      return { pixels, reference: { name, width, height, pixels: sha256(data), infotext, file: fileHash(infotext) } };
    },
  };
}

/** A PNG of one pixel, which gets the infotext. */
const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const fileHash = (infotext: string): string => sha256(embedInfotext(new Uint8Array(ONE_PIXEL), infotext));

const sha256 = (bytes: Uint8Array | Uint8ClampedArray): string => createHash('sha256').update(bytes).digest('hex');
