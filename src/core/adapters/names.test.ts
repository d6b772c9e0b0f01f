/** Full-size models: each layer is found under every spelling, and each name of the trainers' finds one layer. */
import { describe, expect, it } from 'vitest';
import { publishedFamilies, type ModelFamily } from '../families';
import { layerPaths, spelled, spellingsOf } from '../networks/published/layer-names';
import { adapterOf, familyShapes, layerIndex, layersOf, openAdapter } from '.';
import { DOWN, UP } from './lora';
import { outOf, columnsOf } from './kind';
import { openTensorFile } from '../formats';
import { gzippedJson, safetensors, type TestTensor } from './testing/kinds';

/** Names that trainers give to full-size layers (tools/fixtures/make_adapters.py). */
const NAMES = gzippedJson<Record<string, string[]>>('names.json.gz');

/** A file of rank 1 that changes these, as kohya writes it or as PEFT does. */
function fileOf(
  names: readonly string[],
  family: ModelFamily,
  parts = names[0].startsWith('lora_') ? [DOWN, UP] : ['lora_A.weight', 'lora_B.weight'],
) {
  const index = layerIndex(familyShapes(family));
  const tensors: Record<string, TestTensor> = {};
  for (const name of names) {
    const shape = index.get(name)?.shape ?? [1, 1];
    tensors[`${name}.${parts[0]}`] = { shape: [1, columnsOf(shape)] };
    tensors[`${name}.${parts[1]}`] = { shape: [outOf(shape), 1] };
  }
  return safetensors(tensors);
}

describe.each(publishedFamilies())('layers of %s', (family) => {
  const model = familyShapes(family);
  const index = layerIndex(model);
  const texts = [...model.keys()].length - 1;

  it('are each found under every spelling, and none under another’s', () => {
    for (const [component, tensors] of model) {
      const layers = layersOf(component, tensors);
      const paths = layerPaths(
        component,
        layers.map(({ path }) => path),
      );
      for (const spelling of spellingsOf(component, texts === 1)) {
        const names = layers.flatMap(({ id, path }) =>
          (paths.get(path) ?? []).map((one) => [spelled(spelling, one), id]),
        );
        expect(new Set(names.map(([name]) => name)).size).toBe(names.length);
        expect(names.filter(([name, id]) => index.get(name)?.id !== id)).toEqual([]);
      }
    }
  });

  it('have two names in the denoiser, which never collide', () => {
    const [component, tensors] = [...model].at(-1) ?? [];
    if (!component || !tensors) throw new Error('no denoiser');
    const layers = layersOf(component, tensors);
    const paths = [
      ...layerPaths(
        component,
        layers.map(({ path }) => path),
      ).values(),
    ];
    expect(paths.every((own) => own.length === 2 && own[0] !== own[1])).toBe(true);
    expect(layers.length).toBe({ sd15: 391, sd21: 391, sdxl: 1050, 'sdxl-refiner': 742 }[family as string]);
  });
});

describe('names of trainers', () => {
  it.each([
    ['kohya-sd15', 'sd15', 264, true],
    ['kohya-sd15-locon', 'sd15', 278, false],
    ['kohya-sd21', 'sd21', 330, true],
    ['kohya-sdxl-locon', 'sdxl', 1052, true],
    ['diffusers-lcm-sd15', 'sd15', 278, false],
    ['diffusers-lcm-sdxl', 'sdxl', 788, false],
    ['peft-sd21', 'sd21', 282, false],
    ['generic-sdxl', 'sdxl', 794, false],
    ['lycoris-sdxl', 'sdxl', 794, false],
  ] as const)('%s are all layers of %s', async (list, family, count, hasText) => {
    const names = NAMES[list];
    expect(new Set(names).size).toBe(count);
    const adapter = await openAdapter(fileOf(names, family));
    expect([adapter.family, adapter.layers.size, adapter.unused]).toEqual([family, count, []]);
    expect([...adapter.layers.keys()].some((id) => id.startsWith('text_'))).toBe(hasText);
  });

  it('are refused by name where the model is of another family', async () => {
    await expect(openAdapter(fileOf(NAMES['kohya-sd15'], 'sd15'), { family: 'sdxl' })).rejects.toThrow(
      'x.safetensors: this is a LoRA for SD 1.5, not for SDXL: choose a model of SD 1.5, or a version of it for SDXL',
    );
    await expect(openAdapter(fileOf(NAMES['kohya-sd15'], 'sd15'), { family: 'sd21' })).rejects.toThrow(/not for SD 2/);
  });

  it('are of SDXL or of its refiner by their layers, and where text encoders are counted of SDXL', async () => {
    const sdxl = fileOf(NAMES['kohya-sdxl-locon'], 'sdxl');
    await expect(openAdapter(sdxl, { family: 'sdxl-refiner' })).rejects.toThrow(
      /this is a LoRA for SDXL, not for the SDXL refiner/,
    );
    const layers = layersOf('unet', familyShapes('sdxl-refiner').get('unet') ?? new Map());
    const names = layers.map(({ path }) => `lora_unet_${path.replaceAll('.', '_')}`);
    const refiner = await openAdapter(fileOf(names, 'sdxl-refiner'));
    expect([refiner.family, refiner.layers.size, refiner.unused]).toEqual(['sdxl-refiner', 742, []]);
    const text = 'text_model_encoder_layers_3_self_attn_q_proj';
    const familyWith = async (name: string) => (await openAdapter(fileOf([name], 'sdxl-refiner'))).family;
    expect(await familyWith(`lora_te2_${text}`)).toBe('sdxl');
    expect(await familyWith(`lora_te_${text}`)).toBe('sdxl-refiner');
  });

  it('decide ties by what the file says', async () => {
    const names = NAMES['kohya-sd15'].filter((name) => /attn1/.test(name));
    const file = await openTensorFile(fileOf(names, 'sd15'));
    expect((await adapterOf(file)).family).toBe('sd15');
    expect((await adapterOf({ ...file, metadata: { ss_base_model_version: 'sd_v2_v' } })).family).toBe('sd21');
    expect((await adapterOf({ ...file, metadata: { ss_base_model_version: 'sdxl_base_v1-0' } })).family).toBe('sd15');
  });
});

const Q = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1';

describe('spellings of parts', () => {
  const pair = (down: string, up: string): Record<string, TestTensor> => ({
    [down]: { shape: [4, 320] },
    [up]: { shape: [320, 4] },
  });

  it.each([
    [`${Q}.processor.to_q_lora.down.weight`, `${Q}.processor.to_q_lora.up.weight`, 'to_q'],
    [`unet.${Q}.processor.to_out_lora.down.weight`, `unet.${Q}.processor.to_out_lora.up.weight`, 'to_out.0'],
    [`unet.${Q}.to_k.lora.down.weight`, `unet.${Q}.to_k.lora.up.weight`, 'to_k'],
    [`unet.${Q}.to_v.lora_linear_layer.down.weight`, `unet.${Q}.to_v.lora_linear_layer.up.weight`, 'to_v'],
    [`unet.${Q}.to_v.lora_A.default.weight`, `unet.${Q}.to_v.lora_B.default.weight`, 'to_v'],
    [`base_model.model.${Q}.to_q.lora_A.weight`, `base_model.model.${Q}.to_q.lora_B.weight`, 'to_q'],
    [`unet.base_model.model.${Q}.to_q.lora_A.weight`, `unet.base_model.model.${Q}.to_q.lora_B.weight`, 'to_q'],
    [
      'diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.lora_A.weight',
      'diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.lora_B.weight',
      'to_q',
    ],
    [
      'oft_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_q.lora_down.weight',
      'oft_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_q.lora_up.weight',
      'to_q',
    ],
  ])('reads %s', async (down, up, layer) => {
    const adapter = await openAdapter(safetensors(pair(down, up)), { family: 'sd15' });
    expect([...adapter.layers.keys()]).toEqual([`unet/${Q}.${layer}`]);
    expect(adapter.unused).toEqual([]);
  });

  it('takes of early diffusers files, which repeat all four under each layer of a text encoder, the one that is its own', async () => {
    const layer = 'text_encoder.text_model.encoder.layers.3.self_attn';
    const words = { q_proj: 'q', k_proj: 'k', v_proj: 'v', out_proj: 'out' };
    const tensors: Record<string, TestTensor> = {};
    for (const own of Object.keys(words))
      for (const word of Object.values(words)) {
        tensors[`${layer}.${own}.to_${word}_lora.down.weight`] = { shape: [4, 768] };
        tensors[`${layer}.${own}.to_${word}_lora.up.weight`] = { shape: [768, 4] };
      }
    const adapter = await openAdapter(safetensors(tensors), { family: 'sd15' });
    expect([...adapter.layers.keys()]).toEqual(
      Object.keys(words).map((own) => `text_encoder/text_model.encoder.layers.3.self_attn.${own}`),
    );
    expect(adapter.unused.length).toBe(24);
    const plain = await openAdapter(
      safetensors({
        [`${layer}.to_out_lora.down.weight`]: { shape: [4, 768] },
        [`${layer}.to_out_lora.up.weight`]: { shape: [768, 4] },
      }),
      { family: 'sd15' },
    );
    expect([...plain.layers.keys()]).toEqual(['text_encoder/text_model.encoder.layers.3.self_attn.out_proj']);
  });
});
