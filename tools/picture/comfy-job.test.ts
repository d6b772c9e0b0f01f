/** Graphs of ComfyUI on the command line: what stands in, what is said, and what the pictures carry. */
import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { openComfyFile, writeJson, type Json } from '../../src/core/comfyui/workflows';
import { promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../../src/core/comfyui/workflows/testing/prompts';
import { readPictureText } from '../../src/core/image/metadata';
import { openComfyJob, type AtHand } from './comfy-job';

type Nodes = Parameters<typeof promptFrom>[0];

const png = PNG.sync.write(new PNG({ width: 2, height: 2 }));
const NONE: AtHand = { adapters: [], read: () => undefined };
const open = (changes: Nodes, atHand: AtHand = NONE) => {
  const prompt = promptFrom({ ...TEXT_TO_PICTURE, ...changes });
  return openComfyJob(Buffer.from(writeJson(prompt as unknown as Json)), atHand, new Date(2026, 10, 5));
};

describe('openComfyJob', () => {
  it('lets the starter stand in, and says so', async () => {
    const bytes = readFileSync('tools/inspect/testing/comfyui.json');
    const { lines, names, workflow, finish } = await openComfyJob(bytes, NONE);
    expect(lines.sort()).toEqual([
      'Gesso starter paints 128 × 128 in place of 512 × 768.',
      'orchard.safetensors is not here: Gesso starter stands in for it.',
    ]);
    expect(names).toEqual(['ComfyUI_00001_.png']);
    expect(workflow.nodes[0]?.settings).toEqual({ model: 'starter' });
    const file = finish(png);
    expect(readPictureText(file).infotext).toMatch(/^a pear\nNegative prompt: mist\nSteps: 20, Sampler: Euler, /);
    const { format, document, prompt } = openComfyFile(file);
    expect(format).toBe('ui');
    expect(document).toEqual(openComfyFile(bytes).document);
    expect(prompt?.['3']?.inputs).toMatchObject({ seed: 77, model: ['4', 0] });
  });

  it('says nothing of a checkpoint that is at hand, and numbers pictures by their prefix', async () => {
    const { lines, names } = await open({
      '10': ['SaveImage', { images: ['8', 0], filename_prefix: '../a/%year%-%month%:x' }],
      '11': ['SaveImage', { images: ['8', 0], filename_prefix: 'ComfyUI' }],
      '12': ['PreviewImage', { images: ['8', 0] }],
    });
    expect(lines).toEqual([]);
    expect([...names].sort()).toEqual([
      'ComfyUI_00001_.png',
      'ComfyUI_00002_.png',
      'ComfyUI_temp_00001_.png',
      'a/2026-11_x_00001_.png',
    ]);
  });

  it('loads pictures from beside the file, and writes no recipe where the graph is more than one', async () => {
    const changes: Nodes = {
      '3': ['KSampler', { ...TEXT_TO_PICTURE['3'][1], ...SAMPLER, denoise: 0.5 }],
      '5': ['VAEEncode', { pixels: ['10', 0], vae: ['4', 2] }],
      '10': ['LoadImage', { image: 'a.png [input]' }],
    };
    const { images, finish } = await open(changes, {
      adapters: [],
      read: (name) => (name === 'a.png' ? png : undefined),
    });
    expect(Object.values(images)).toMatchObject([{ width: 2, height: 2 }]);
    expect(readPictureText(finish(png)).infotext).toBeUndefined();
    await expect(open(changes)).rejects.toThrow('"Load Image" (node 10): a.png [input] (input) is not here.');
  });

  it('keeps other scripts and long seeds in chunks that ComfyUI reads', async () => {
    const text = 'ein Äpfel 苹果';
    const { finish } = await open({
      '3': ['KSampler', { ...TEXT_TO_PICTURE['3'][1], seed: 18_446_744_073_709_551_615n }],
      '6': ['CLIPTextEncode', { text, clip: ['4', 1] }],
    });
    const { comfyPrompt = '' } = readPictureText(finish(png));
    expect(comfyPrompt).toMatch(/^[ -~]*$/);
    expect(comfyPrompt).toContain('"seed":18446744073709551615');
    expect(JSON.parse(comfyPrompt)).toMatchObject({ '6': { inputs: { text } } });
  });

  it('names what is not at hand', async () => {
    await expect(
      open({
        '10': ['LoraLoaderModelOnly', { model: ['4', 0], lora_name: 'x.safetensors', strength_model: 1 }],
        '3': ['KSampler', { ...TEXT_TO_PICTURE['3'][1], model: ['10', 0] }],
      }),
    ).rejects.toThrow('x.safetensors (loras) is not here.');
  });
});
