/** The published models at full size: every graph asks for just the tensors that diffusers' model has, in their shapes. */
import { FAMILY_CONFIGS, TAESD } from '../families/configs';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { elementCount, exprTensors, type BuiltGraph, type Target } from '../graph';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  buildClipText,
  buildTinyDecoder,
  buildTinyEncoder,
  buildUnet,
  readAutoencoderConfig,
  readClipTextConfig,
  readTinyAutoencoderConfig,
  readUnetConfig,
} from '.';

type Shapes = Record<string, readonly number[]>;

/** tools/fixtures/make_model_shapes.py */
const shapes = JSON.parse(
  gunzipSync(readFileSync(new URL('./fixtures/shapes.json.gz', import.meta.url))).toString(),
) as Record<string, Shapes>;

const unet = (json: object) => (target: Target) => [buildUnet(readUnetConfig('config.json', json), target)];
const text =
  (json: object, pooled = false) =>
  (target: Target) => [buildClipText(readClipTextConfig('config.json', json), target, { pooled })];

function autoencoder(target: Target): BuiltGraph[] {
  const config = readAutoencoderConfig('config.json', FAMILY_CONFIGS.sd15.vae);
  return [buildAutoencoderEncoder(config, target), buildAutoencoderDecoder(config, target)];
}

function taesd(target: Target): BuiltGraph[] {
  const config = readTinyAutoencoderConfig('config.json', TAESD);
  return [buildTinyEncoder(config, target), buildTinyDecoder(config, target)];
}

/** Model, its published number of parameters, its graphs. */
const MODELS: [string, number, (target: Target) => BuiltGraph[]][] = [
  ['unet-sd15', 859_520_964, unet(FAMILY_CONFIGS.sd15.unet)],
  ['unet-sd15-inpaint', 859_535_364, unet(FAMILY_CONFIGS['sd15-inpaint'].unet)],
  ['unet-sd15-instruct', 859_532_484, unet(FAMILY_CONFIGS['sd15-instruct'].unet)],
  ['unet-sd21', 865_910_724, unet(FAMILY_CONFIGS.sd21.unet)],
  ['unet-sdxl', 2_567_463_684, unet(FAMILY_CONFIGS.sdxl.unet)],
  ['unet-sdxl-refiner', 2_259_526_660, unet(FAMILY_CONFIGS['sdxl-refiner'].unet)],
  ['vae', 83_653_863, autoencoder],
  ['taesd', 1_222_532 + 1_222_531, taesd],
  ['clip-l', 123_060_480, text(FAMILY_CONFIGS.sd15.text_encoder)],
  ['openclip-h', 340_387_840, text(FAMILY_CONFIGS.sd21.text_encoder)],
  ['openclip-bigg', 694_659_840, text(FAMILY_CONFIGS.sdxl.text_encoder_2, true)],
];

const needed = (graphs: BuiltGraph[]): Shapes =>
  Object.fromEntries(
    exprTensors(graphs.flatMap(({ weights }) => weights.map(({ expr }) => expr))).map((t) => [t.name, t.shape]),
  );

describe.each(MODELS)('%s', (model, parameters, build) => {
  it.each(['webgpu', 'portable'] as const)('needs what diffusers has, on %s', (target) => {
    const tensors = needed(build(target));
    expect(tensors).toEqual(shapes[model]);
    expect(Object.values(tensors).reduce((sum, shape) => sum + elementCount(shape), 0)).toBe(parameters);
  });
});
