/** Files that are no whole model: a preview decoder becomes a pack of its own, other parts become nothing. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../checkpoints';
import { readFixture, virtualSafetensors, type Shapes } from '../checkpoints/testing/layouts';
import { bytesSource, type ByteSource } from '../formats';
import { importCheckpoint, openWeights, type ImportInput } from '.';
import { memoryPacks } from './testing/memory-packs';

const full = readFixture<Record<string, { components: Record<string, Shapes> }>>('full-size.json.gz');
/** Written by diffusers (tools/fixtures/make_models.py). */
const tiny = bytesSource(
  'diffusion_pytorch_model.safetensors',
  new Uint8Array(readFileSync(new URL('../networks/fixtures/tiny-autoencoder/weights.safetensors', import.meta.url))),
);

function importing(source: ByteSource, changes: Partial<ImportInput> = {}) {
  const store = memoryPacks();
  const draft = store.create('taesdxl');
  const onProgress = (): void => undefined;
  const input: ImportInput = { sources: [source], id: 'taesdxl', name: 'T', plan: 'float16', draft, onProgress };
  return { store, pack: importCheckpoint({ ...input, ...changes }) };
}

describe('importCheckpoint of a preview decoder', () => {
  it('makes a pack of both sides for the family it is told, with the values of the file', async () => {
    const { store, pack } = importing(tiny, { previewFor: 'sdxl' });
    expect(await pack).toMatchObject({ id: 'taesdxl', family: 'sdxl' });
    expect(Object.keys((await pack).components)).toEqual(['taesd_decoder', 'taesd_encoder']);
    const weights = await openWeights(store.open('taesdxl'), 'taesd_decoder');
    const values = weights.values('decoder.layers.0.bias');
    const { components } = await openCheckpoint([tiny]);
    expect([...values]).toEqual([...((await components.taesd?.tensors.read('decoder.layers.0.bias')) ?? [])]);
  });

  it('refuses other files in its place', async () => {
    const vae = virtualSafetensors('vae.safetensors', full['sd15'].components['vae']);
    await expect(importing(vae, { previewFor: 'sd15' }).pack).rejects.toThrow(/without its preview decoder/);
  });
});

describe('importCheckpoint of a part', () => {
  const part = (family: string, name: string): ByteSource =>
    virtualSafetensors('x.safetensors', full[family].components[name]);
  const WHOLE = 'import the whole model: one file, or a folder that holds every part';
  it.each<[string, ByteSource, string]>([
    [
      'autoencoder',
      part('sd15', 'vae'),
      `autoencoder (VAE) of a model, which cannot paint without its U-Net and text encoder; ${WHOLE}`,
    ],
    [
      'U-Net',
      part('sdxl', 'unet'),
      `U-Net of a model, which cannot paint without its text encoder, second text encoder and autoencoder (VAE); ${WHOLE}`,
    ],
    [
      'text encoder',
      part('sd21', 'text_encoder'),
      `text encoder of a model, which cannot paint without its U-Net and autoencoder (VAE); ${WHOLE}`,
    ],
    [
      'TAESD by hand',
      tiny,
      'preview decoder (TAESD) of a model, which cannot paint without its U-Net, text encoder and autoencoder (VAE); for sharper previews, get it under Previews',
    ],
  ])('says in one sentence what an %s is, and leaves nothing behind', async (_what, source, sentence) => {
    const { store, pack } = importing(source);
    await expect(pack).rejects.toMatchObject({
      code: 'missing-file',
      message: `${source.name}: this is only the ${sentence}`,
    });
    expect([store.packs.size, store.files.size]).toEqual([0, 0]);
  });
});
