/** Packs' lists of sizes, and empty latents of them: see packs.ts. */
import { ofPack } from './pack-words';
import { choice, float, int, open, outs, type NodeSpec } from './spec';

const SD15 = [
  ...['1:1 square 512x512', '2:3 portrait 512x768', '3:4 portrait 512x682', '3:2 landscape 768x512'],
  ...['4:3 landscape 682x512', '16:9 cinema 910x512', '1.85:1 cinema 952x512', '2:1 cinema 1024x512'],
];
const SDXL = [
  ...['1:1 square 1024x1024', '3:4 portrait 896x1152', '5:8 portrait 832x1216', '9:16 portrait 768x1344'],
  ...['9:21 portrait 640x1536', '4:3 landscape 1152x896', '3:2 landscape 1216x832', '16:9 landscape 1344x768'],
  ...['21:9 landscape 1536x640'],
];

const ratio = (value: number, options: readonly string[], factors: readonly string[]): NodeSpec => ({
  operation: 'size_by_ratio',
  category: 'Comfyroll/Aspect Ratio',
  inputs: {
    width: int(value, [64, 8192]),
    height: int(value, [64, 8192]),
    aspect_ratio: open(choice(['custom', ...options])),
    swap_dimensions: choice(['Off', 'On']),
    ...Object.fromEntries(factors.map((name) => [name, float(1, [0.1, 100, 0.1])])),
    batch_size: int(1, [1, 64]),
  },
  outputs: outs(
    ...['width:INT', 'height:INT', ...factors.map((name) => `${name}:FLOAT`)],
    ...['batch_size:INT', 'empty_latent:LATENT', 'show_help:STRING'],
  ),
});

/** @see github.com/Suzie1/ComfyUI_Comfyroll_CustomNodes nodes/nodes_aspect_ratio.py */
const COMFYROLL = ofPack('ComfyUI_Comfyroll_CustomNodes', {
  'CR SD1.5 Aspect Ratio': ratio(
    512,
    [...SD15.slice(0, 1), '1:1 square 1024x1024', ...SD15.slice(1), '2.39:1 anamorphic 1224x512'],
    ['upscale_factor'],
  ),
  'CR SDXL Aspect Ratio': ratio(1024, SDXL, ['upscale_factor']),
  'CR Aspect Ratio': ratio(
    1024,
    [...SD15.map((size) => `SD1.5 - ${size}`), ...SDXL.map((size) => `SDXL - ${size}`)],
    ['upscale_factor', 'prescale_factor'],
  ),
});

/** "896 x 1152 (0.78)". @see github.com/shingo1228/ComfyUI-SDXL-EmptyLatentImage */
const SHINGO = ofPack('ComfyUI-SDXL-EmptyLatentImage', {
  'SDXL Empty Latent Image': {
    operation: 'latent_of_named_size',
    category: 'latent',
    inputs: { resolution: open(choice(['1024 x 1024 (1.0)'])), batch_size: int(1, [1, 64]) },
    outputs: outs('LATENT'),
  },
});

export const SIZE_PACKS = { ...COMFYROLL, ...SHINGO };
