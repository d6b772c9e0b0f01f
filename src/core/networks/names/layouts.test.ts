import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ldmAutoencoderName } from './ldm-autoencoder';
import { ldmUnetName } from './ldm-unet';
import { openclipParts, type Part } from './openclip';
import { taesdName } from './taesd';
import { toLdmUnetLayer } from './to-ldm-unet';

type Names = Record<string, string>;

/** What diffusers' converter makes of every tensor (tools/fixtures/make_ldm_names.py). */
const fixture = JSON.parse(
  gunzipSync(readFileSync(new URL('./fixtures/ldm-names.json.gz', import.meta.url))).toString(),
) as { sd15: Names; sdxl: Names; vae: Names; openclip: Record<string, Part[]> };

const renamed = (names: Names, rename: (name: string) => string | undefined) =>
  Object.fromEntries(Object.keys(names).map((name) => [name, rename(name)]));

describe('ldmUnetName', () => {
  it.each([
    ['sd15', 686],
    ['sdxl', 1680],
  ] as const)('renames all tensors of %s as diffusers does', (model, count) => {
    expect(Object.keys(fixture[model]).length).toBe(count);
    expect(renamed(fixture[model], ldmUnetName)).toEqual(fixture[model]);
  });

  it.each([
    'joint_blocks.0.x_block.attn.qkv.weight',
    'input_blocks.1',
    'input_blocks.1.2.x.weight',
    'middle_block.3.norm.weight',
    '',
  ])('does not know "%s"', (name) => expect(ldmUnetName(name)).toBeUndefined());
});

describe('toLdmUnetLayer', () => {
  it.each(['sd15', 'sdxl'] as const)('finds the way back from every name of %s', (model) => {
    const ours = Object.values(fixture[model]);
    const attends = (level: number): boolean => ours.some((name) => name.startsWith(`up_blocks.${level}.attentions.`));
    for (const [ldm, name] of Object.entries(fixture[model])) {
      const [, layer, leaf] = /^(.+)\.(\w+)$/.exec(name) ?? [];
      expect(`${toLdmUnetLayer(layer, attends)}.${leaf}`).toBe(ldm);
    }
  });

  it.each(['', 'text_model.encoder.layers.0.mlp.fc1', 'down_blocks.0.resnets.0.norm3', 'up_blocks.0.upsamplers.0.x'])(
    'does not know "%s"',
    (layer) => expect(toLdmUnetLayer(layer, () => true)).toBeUndefined(),
  );
});

describe('ldmAutoencoderName', () => {
  it('renames all tensors as diffusers does', () => {
    expect(Object.keys(fixture.vae).length).toBe(248);
    expect(renamed(fixture.vae, ldmAutoencoderName)).toEqual(fixture.vae);
  });

  it.each(['loss.logvar', 'decoder.mid.attn_2.q.weight', 'encoder.sideways.0.block.0.norm1.weight', ''])(
    'does not know "%s"',
    (name) => expect(ldmAutoencoderName(name)).toBeUndefined(),
  );
});

describe('openclipParts', () => {
  it('says what each tensor holds, as diffusers splits it', () => {
    const found = Object.fromEntries(
      Object.keys(fixture.openclip).map((name) => [name, openclipParts(name).map((part) => ({ ...part }))]),
    );
    expect(found).toEqual(fixture.openclip);
  });

  it('uses nothing of the logit scale or of another tower', () => {
    expect(openclipParts('logit_scale')).toEqual([]);
    expect(openclipParts('visual.transformer.resblocks.0.ln_1.weight')).toEqual([]);
  });
});

describe('taesdName', () => {
  /** TAESD's own numbering walked beside diffusers' (tools/fixtures/make_model_shapes.py). */
  const { taesd_names: names } = JSON.parse(
    gunzipSync(readFileSync(new URL('../fixtures/shapes.json.gz', import.meta.url))).toString(),
  ) as { taesd_names: Record<'encoder' | 'decoder', Names> };

  it.each(['encoder', 'decoder'] as const)('renames all tensors of the %s', (part) => {
    expect(Object.keys(names[part]).length).toBe(67);
    expect(renamed(names[part], (name) => taesdName(name, part))).toEqual(names[part]);
  });

  it.each(['0.weight', 'conv.0.weight', '3.conv.1.weight', 'decoder.layers.0.weight', ''])(
    'does not know "%s"',
    (name) => expect(taesdName(name, 'decoder')).toBeUndefined(),
  );
});
