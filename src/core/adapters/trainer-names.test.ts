/** Keys of LoRAs and embeddings as trainers beyond kohya's write them; the shapes are SDXL's and SD 1.5's. */
import { describe, expect, it } from 'vitest';
import { openAdapter, readEmbeddings } from '.';
import { safetensors, type TestTensor } from './testing/kinds';

const TEXT = 'text_model.encoder.layers.3.self_attn.q_proj';
const pair = (layer: string, width: number, [down, up]: readonly [string, string]): Record<string, TestTensor> => ({
  [`${layer}${down}`]: { shape: [4, width] },
  [`${layer}${up}`]: { shape: [width, 4] },
});
const KOHYA = ['.lora_down.weight', '.lora_up.weight'] as const;
const PEFT = ['.lora_A.weight', '.lora_B.weight'] as const;

describe('LoRAs of text encoders', () => {
  it.each([
    ['the Open Model Initiative (OneTrainer)', 'clip_l.', 'clip_g.', KOHYA],
    ['text encoders counted from 0', 'text_encoders_0.', 'text_encoders_1.', PEFT],
    ['a list of text encoders', 'text_encoders.0.', 'text_encoders.1.', PEFT],
    ['ComfyUI', 'text_encoders.clip_l.transformer.', 'text_encoders.clip_g.transformer.', KOHYA],
    ['diffusers', 'text_encoder.', 'text_encoder_2.', PEFT],
    ['diffusers, of torch’s compiler', 'text_encoder._orig_mod.', 'text_encoder_2._orig_mod.', PEFT],
  ] as const)('%s', async (_, first, second, parts) => {
    const file = safetensors({
      ...pair(`${first}${TEXT}`, 768, parts),
      ...pair(`${second}${TEXT}`, 1280, parts),
    });
    const adapter = await openAdapter(file, { family: 'sdxl' });
    expect([...adapter.layers.keys()]).toEqual([`text_encoder/${TEXT}`, `text_encoder_2/${TEXT}`]);
    expect(adapter.unused).toEqual([]);
  });
});

describe('LoRAs of the network', () => {
  const PATH = 'down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q';
  it.each([
    ['OneTrainer', 'unet.', KOHYA],
    ['prefixes of kohya with dots', 'lora_unet.', KOHYA],
    ['parts without "weight"', '', ['.lora_down', '.lora_up']],
    ['diffusers’ parts without "weight"', 'unet.', ['.lora.down', '.lora.up']],
    ['a pipeline within a pipeline', 'unet.unet.', PEFT],
    ['a trainer’s state', 'state_dict.unet.', PEFT],
    ['a network in parallel', 'module.unet.', PEFT],
  ] as const)('%s', async (_, prefix, parts) => {
    const adapter = await openAdapter(safetensors(pair(`${prefix}${PATH}`, 640, parts)), { family: 'sdxl' });
    expect([[...adapter.layers.keys()], adapter.unused]).toEqual([[`unet/${PATH}`], []]);
  });
});

describe('embeddings of two text encoders', () => {
  it.each([
    ['pivotal tuning (cog-sdxl, diffusers)', 'text_encoders_0', 'text_encoders_1'],
    ['a list', 'text_encoders.0', 'text_encoders.1'],
    ['diffusers', 'text_encoder', 'text_encoder_2'],
    ['A1111', 'clip_l', 'clip_g'],
    ['SimpleTuner', 'te1', 'te2'],
  ])('%s', async (_, first, second) => {
    const file = safetensors({ [first]: { shape: [2, 768] }, [second]: { shape: [2, 1280] } });
    const found = await readEmbeddings(file);
    expect(found.map(({ name, family }) => [name, family])).toEqual([['x', 'sdxl']]);
    expect(found[0].vectors.map(({ count, width }) => [count, width])).toEqual([
      [2, 768],
      [2, 1280],
    ]);
  });
});
