import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openSources } from '../testing/open-sources';
import { STARTER_MODEL } from '../testing/starter-model';
import { AppError } from '../errors';
import { bytesSource, type ByteSource } from '../formats';
import { Sha256, sha256 } from '../math/sha256';
import {
  importCheckpoint,
  openWeights,
  type HashesBeside,
  type ImportInput,
  type ImportProgress,
  type StoredWeight,
} from '.';
import type { StoredForm } from '../graph';
import { memoryPacks } from './testing/memory-packs';

const SHARD_BYTES = 1 << 20;

const { sources } = await openSources(STARTER_MODEL);

function importing(changes: Partial<ImportInput> = {}) {
  const store = memoryPacks();
  const progress: ImportProgress[] = [];
  const pack = importCheckpoint({
    sources,
    id: 'starter',
    name: 'Starter',
    plan: 'q8',
    draft: store.create('starter'),
    onProgress: (event) => progress.push(event),
    shardBytes: SHARD_BYTES,
    ...changes,
  });
  return { store, progress, pack };
}

describe('importCheckpoint', () => {
  it('writes shards below their limit, with their hashes, and every weight where pack.json says', async () => {
    const { store, progress, pack: imported } = importing();
    const pack = await imported;
    expect(pack).toMatchObject({ family: 'starter', plan: 'q8', source: { layout: 'diffusers' } });
    expect(pack.tokenizer).toMatchObject({ config: { model_max_length: 77 } });
    expect(Object.keys(pack.components)).toEqual(['text_encoder', 'unet', 'vae_decoder', 'vae_encoder']);
    expect(store.largestShard).toBeLessThanOrEqual(SHARD_BYTES);
    const forms = new Set<StoredForm>();
    for (const { shards, weights } of Object.values(pack.components)) {
      for (const { file, byteLength, sha256 } of shards) {
        const bytes = store.files.get(`starter/${file}`) ?? new Uint8Array();
        expect(bytes).toHaveLength(byteLength);
        expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      }
      for (const { form } of Object.values(weights)) forms.add(form);
    }
    expect(forms).toEqual(new Set(['float32', 'float16', 'int8_channel', 'nbits8']));
    const last = progress.at(-1);
    expect(last?.done).toBe(last?.total);
    expect(progress.every(({ done }, i) => i === 0 || done >= progress[i - 1].done)).toBe(true);
  });

  it('makes the same pack to the byte where hashes are computed beside it, and hashes the one file meanwhile', async () => {
    const file = readFileSync(new URL('../networks/fixtures/tiny-autoencoder/weights.safetensors', import.meta.url));
    const one = {
      sources: [bytesSource('vae.safetensors', new Uint8Array(file))],
      previewFor: 'sd15',
      shardBytes: 20_000,
    } as const;
    const plain = importing(one);
    const events: string[] = [];
    const hashes: HashesBeside = {
      ofShard: async (bytes) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return sha256(bytes);
      },
      create: () => {
        const hash = new Sha256();
        return {
          update: (bytes) => {
            events.push('piece');
            hash.update(bytes);
            return new Promise((resolve) => setTimeout(resolve, 1));
          },
          hex: () => Promise.resolve(hash.hex()),
          dispose: () => void events.push('disposed'),
        };
      },
    };
    const beside = importing({ ...one, hashes });
    expect(await beside.pack).toEqual(await plain.pack);
    expect((await beside.pack).source.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect([...beside.store.files]).toEqual([...plain.store.files]);
    expect(events).toEqual(['piece', 'disposed']);
    const last = beside.progress.at(-1);
    expect(last?.done).toBe(last?.total);
    expect(beside.progress.every(({ done }, i) => i === 0 || done >= beside.progress[i - 1].done)).toBe(true);
  });

  describe('where what hashes beside it fails', () => {
    const file = readFileSync(new URL('../networks/fixtures/tiny-autoencoder/weights.safetensors', import.meta.url));
    const failing = (error: AppError): HashesBeside => ({
      ofShard: async (bytes) => sha256(bytes),
      create: () => ({
        update: () => Promise.reject(error),
        hex: () => Promise.reject(error),
        dispose: () => undefined,
      }),
    });
    const one = { sources: [bytesSource('vae.safetensors', new Uint8Array(file))], previewFor: 'sd15' } as const;

    it('hashes the file by itself', async () => {
      const hashes = failing(new AppError('internal', 'its worker did not start'));
      const { pack, progress } = importing({ ...one, hashes });
      expect((await pack).source.sha256).toBe(createHash('sha256').update(file).digest('hex'));
      expect(progress.at(-1)?.done).toBe(progress.at(-1)?.total);
    });

    it('ends where it was cancelled', async () => {
      const { pack } = importing({ ...one, hashes: failing(new AppError('cancelled', 'enough')) });
      await expect(pack).rejects.toMatchObject({ code: 'cancelled' });
    });
  });

  it('keeps tensors as they are, transposed, reshaped or joined, and nothing computed', async () => {
    const { pack } = importing({ plan: 'float16' });
    for (const { weights } of Object.values((await pack).components))
      for (const key of Object.keys(weights)) expect(key).not.toMatch(/scale|add\(|pad/);
  });

  it('leaves nothing behind when it is cancelled between two weights', async () => {
    const signal = { aborted: false };
    const { store, pack } = importing({ signal, onProgress: () => void (signal.aborted = true) });
    await expect(pack).rejects.toMatchObject({ code: 'cancelled' });
    expect([store.packs.size, store.files.size]).toEqual([0, 0]);
  });

  it.each<[string, (source: ByteSource) => boolean, RegExp]>([
    [
      'component',
      ({ name }) => !name.startsWith('vae/'),
      /Starter: this is only the text encoder and U-Net of a model, which cannot paint without its autoencoder \(VAE\)/,
    ],
    [
      'text encoder',
      ({ name }) => !name.startsWith('text_encoder/'),
      /cannot paint without its text encoder; import the whole model: one file, or a folder/,
    ],
  ])('says which %s is not there, before it writes anything', async (_what, keep, message) => {
    const { store, pack } = importing({ sources: sources.filter(keep) });
    await expect(pack).rejects.toThrow(message);
    expect(store.largestShard).toBe(0);
  });

  it('reads the vocabulary before it writes anything, and says what is wrong with it', async () => {
    const isVocabulary = ({ name }: ByteSource): boolean => name === 'tokenizer/tokenizer.json';
    const rest = sources.filter((source) => !isVocabulary(source));
    const without = importing({ sources: rest });
    await expect(without.pack).rejects.toThrow(/tokenizer\/tokenizer\.json: this model needs its own vocabulary/);
    const broken = bytesSource('tokenizer/tokenizer.json', new TextEncoder().encode('{"model":'));
    const damaged = importing({ sources: [...rest, broken] });
    await expect(damaged.pack).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/tokenizer\.json: is not JSON/),
    });
    expect([without.store.largestShard, damaged.store.largestShard]).toEqual([0, 0]);
  });

  it('gives back nothing of a weight that the pack does not hold', async () => {
    const { store, pack } = importing();
    await pack;
    const weights = await openWeights(store.open('starter'), 'unet');
    expect(weights.storedForm('constructor')).toBeUndefined();
    expect(() => weights.values('no.such.weight')).toThrow(
      /Starter: unet: weight "no.such.weight" is not in this model/,
    );
    await expect(openWeights(store.open('starter'), 'taesd_decoder')).rejects.toMatchObject({ code: 'missing-file' });
  });

  it.each<[string, (weight: StoredWeight) => unknown, RegExp]>([
    ['a form that is none', (w) => ({ ...w, form: '__proto__' }), /is stored as "__proto__"/],
    ['a shape that is none', (w) => ({ ...w, shape: [2 ** 40, 2 ** 40] }), /has the shape/],
    ['too few bytes', (w) => ({ ...w, shape: [96, 2] }), /has 384 bytes of values instead of 768/],
    ['a place past its shard', (w) => ({ ...w, data: { ...w.data, offset: 1e9 } }), /outside of the shards/],
    ['a shard that is none', (w) => ({ ...w, data: { ...w.data, shard: 99 } }), /outside of the shards/],
    ['a negative place', (w) => ({ ...w, data: { ...w.data, offset: -1 } }), /outside of the shards/],
    ['nothing', () => null, /is stored as undefined/],
  ])('refuses a pack.json with %s before anything is loaded', async (_what, change, message) => {
    const { store, pack: imported } = importing({ plan: 'float32' });
    const pack = await imported;
    const { unet } = pack.components;
    if (unet) unet.weights['conv_in.bias'] = change(unet.weights['conv_in.bias']) as StoredWeight;
    const opening = openWeights(store.open('starter'), 'unet');
    await expect(opening).rejects.toMatchObject({ code: 'bad-file' });
    await expect(opening).rejects.toThrow(message);
  });
});
