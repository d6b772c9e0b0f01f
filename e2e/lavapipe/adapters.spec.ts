/** LoRAs and embeddings on a GPU with half precision, over a model of 8 bits: held against the CPU, each by itself and all together. */
import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { importFolder, paint } from '../support/imported';
import { LAVAPIPE, needsLavapipe } from '../support/lavapipe';
import { psnr, type Bitmap } from '../support/pixels';
import { tinyDifference, tinyEmbedding, tinyLocon, tinyLora } from '../support/tiny-adapters';
import { writeTinyModel } from '../support/tiny-model';

needsLavapipe();
test.setTimeout(15 * 60_000); // shaders that were never compiled on a busy machine

/** Half precision against full: 52.5 to 53.6 were measured. */
const MIN_DECIBELS = 50;
/** What is used must show: 22 to 36 dB from the plain picture were measured. */
const MAX_DECIBELS_FROM_PLAIN = 45;

const PROMPTS = {
  plain: 'a red apple',
  'an embedding': 'a red apple, sparkle',
  'a whole difference, merged': 'a red apple <lora:change:1>',
  'a LoRA': 'a red apple <lora:ink:0.8>',
  'another in its place, uploaded': 'a red apple <lora:other:0.8>',
  'a LoCon': 'a red apple <lora:locon:0.3>',
  'another LoCon in its place, uploaded': 'a red apple <lora:locon2:0.3>',
  'all together': 'a red apple, sparkle <lora:change:1> <lora:ink:0.8>',
};

test('adapters paint in half precision what the CPU paints with them', async ({ page }, info) => {
  const files = {
    'ink.safetensors': tinyLora(1),
    'other.safetensors': tinyLora(7),
    'locon.safetensors': tinyLocon(20),
    'locon2.safetensors': tinyLocon(60),
    'change.safetensors': tinyDifference(50),
    'sparkle.safetensors': tinyEmbedding(5),
  };
  const paths = Object.entries(files).map(([name, bytes]) => {
    const path = info.outputPath(name);
    writeFileSync(path, bytes);
    return path;
  });
  await page.goto('./?provider=webgpu');
  await importFolder(page, writeTinyModel('sd15', info.outputPath('tiny-sd15')), 'tiny-sd15');
  await app.addFiles(page, paths);
  const onGpu = await paintAll(page);
  expect(onGpu.facts.provider).toBe('webgpu');
  expect(onGpu.facts.adapter).toMatch(LAVAPIPE);

  await page.goto('./?provider=wasm');
  await expect(app.choice(page, 'Model')).toHaveValue('tiny-sd15');
  const onCpu = await paintAll(page);
  expect(onCpu.facts.provider).toBe('wasm');
  for (const [i, name] of Object.keys(PROMPTS).entries()) {
    const decibels = psnr(onGpu.pictures[i], onCpu.pictures[i]);
    info.annotations.push({ type: 'psnr', description: `${name}: ${decibels.toFixed(1)} dB` });
    expect(decibels, name).toBeGreaterThan(MIN_DECIBELS);
    if (i > 0) expect(psnr(onGpu.pictures[i], onGpu.pictures[0]), name).toBeLessThan(MAX_DECIBELS_FROM_PLAIN);
  }
});

async function paintAll(page: Page): Promise<{ facts: app.Facts; pictures: Bitmap[] }> {
  const pictures: Bitmap[] = [];
  for (const prompt of Object.values(PROMPTS)) {
    pictures.push((await paint(page, 128, prompt)).picture);
    expect(await app.notices(page), prompt).toEqual([]);
  }
  return { facts: await app.readFacts(page), pictures };
}
