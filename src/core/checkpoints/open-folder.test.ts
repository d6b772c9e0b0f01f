/** Folders in the hub's layout: which files are read, and what is missing. */
import { describe, expect, it } from 'vitest';
import { bytesSource, type ByteSource } from '../formats';
import { FAMILY_CONFIGS } from '../families/configs';
import { openCheckpoint } from '.';
import { FULL_SIZE } from './testing/full-size';
import { virtualSafetensors } from './testing/layouts';

describe('openCheckpoint of a hub folder', () => {
  const { unet: CONFIG, vae: VAE } = FAMILY_CONFIGS.sd15;
  const json = (name: string, value: unknown): ByteSource =>
    bytesSource(name, new TextEncoder().encode(JSON.stringify(value)));
  const { components } = FULL_SIZE['sd15'];
  const file = (name: string, component: string, filter: (i: number) => boolean = () => true) =>
    virtualSafetensors(name, Object.fromEntries(Object.entries(components[component]).filter((_, i) => filter(i))));
  const rest = [
    file('m/vae/diffusion_pytorch_model.fp16.safetensors', 'vae'),
    file('m/text_encoder/model.safetensors', 'text_encoder'),
  ];

  it('takes one set of weights of several, and all its shards', async () => {
    const opened = await openCheckpoint([
      json('m/model_index.json', { _class_name: 'StableDiffusionPipeline' }),
      file('m/unet/diffusion_pytorch_model-00001-of-00002.safetensors', 'unet', (i) => i % 2 === 0),
      file('m/unet/diffusion_pytorch_model-00002-of-00002.safetensors', 'unet', (i) => i % 2 === 1),
      json('m/unet/diffusion_pytorch_model.safetensors.index.json', { weight_map: {} }),
      file('m/unet/diffusion_pytorch_model.non_ema.safetensors', 'unet'),
      file('m/unet/diffusion_pytorch_model.fp16.safetensors', 'unet'),
      bytesSource('m/unet/diffusion_pytorch_model.bin', new Uint8Array(10)),
      json('m/scheduler/scheduler_config.json', { prediction_type: 'v_prediction', rescale_betas_zero_snr: true }),
      ...rest,
    ]);
    expect(opened).toMatchObject({
      family: 'sd15',
      layout: 'diffusers',
      prediction: 'v_prediction',
      zeroTerminalSnr: true,
      missing: [],
      unused: [],
      tensors: 686 + 248 + 196,
    });
  });

  it('names a shard that is not there', async () => {
    const lonely = file('m/unet/diffusion_pytorch_model-00002-of-00003.safetensors', 'unet');
    await expect(openCheckpoint([lonely, ...rest])).rejects.toThrow(
      /^unet\/diffusion_pytorch_model-00001-of-00003\.safetensors: is missing; 1 of 3 parts/,
    );
  });

  it('takes shards with names of their own from the index', async () => {
    const parts = [
      file('m/unet/a.safetensors', 'unet', (i) => i < 300),
      file('m/unet/b.safetensors', 'unet', (i) => i >= 300),
    ];
    const index = json('m/unet/diffusion_pytorch_model.safetensors.index.json', {
      weight_map: { x: 'a.safetensors', y: 'b.safetensors' },
    });
    expect(await openCheckpoint([...parts, index, ...rest])).toMatchObject({ family: 'sd15', missing: [] });
    await expect(openCheckpoint([parts[0], index, ...rest])).rejects.toThrow(/unet\/b\.safetensors: is missing/);
  });

  it('takes the projection of the second text encoder whatever its config says of architectures', async () => {
    const { text_encoder_2: shapes } = FULL_SIZE['sdxl'].components;
    const config = { ...FAMILY_CONFIGS.sdxl.text_encoder_2, architectures: undefined };
    const source = virtualSafetensors('m/text_encoder_2/model.safetensors', shapes);
    const opened = await openCheckpoint([source, json('m/text_encoder_2/config.json', config)]);
    expect(opened).toMatchObject({ missing: [], unused: [] });
    expect(opened.components.text_encoder_2?.tensors.has('text_projection.weight')).toBe(true);
  });

  it('builds nothing for a config that claims a million layers', async () => {
    const text = file('m/text_encoder/model.safetensors', 'text_encoder');
    const claims = { hidden_size: 768, num_attention_heads: 12, num_hidden_layers: 1_000_000, intermediate_size: 3072 };
    const unet = { ...CONFIG, transformer_layers_per_block: 1_000_000 };
    for (const sources of [
      [text, json('m/text_encoder/config.json', claims)],
      [file('m/unet/model.safetensors', 'unet'), json('m/unet/config.json', unet)],
      [file('m/vae/model.safetensors', 'vae'), json('m/vae/config.json', { ...VAE, layers_per_block: 1_000_000 })],
    ])
      await expect(openCheckpoint(sources)).rejects.toThrow(/config\.json: asks for \d+ layers, but there are/);
  });

  it('names pipelines of other models', async () => {
    const sd3 = [json('m/model_index.json', { _class_name: 'StableDiffusion3Pipeline' }), ...rest];
    await expect(openCheckpoint(sd3)).rejects.toThrow(/a folder of diffusers' StableDiffusion3Pipeline; Gesso runs/);
    await expect(openCheckpoint([...rest, json('m/transformer/config.json', {})])).rejects.toThrow(
      /another kind of model/,
    );
  });
});
