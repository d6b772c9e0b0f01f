/** Whole flows: what is painted in half precision on a GPU, against the same in full precision on the CPU. */
import type { Page } from '@playwright/test';
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { expectComputedIn, importFolder } from '../support/imported';
import { LAVAPIPE, needsLavapipe, needsTime } from '../support/lavapipe';
import { recordFlow } from '../support/parity';
import { psnr, readImage, type Bitmap } from '../support/pixels';
import { writeTinyModel, type TinyFamily } from '../support/tiny-model';

needsLavapipe();
needsTime();
test.setTimeout(15 * 60_000); // shaders that were never compiled on a busy machine

const MIN_DECIBELS = 40;
/** What is set must show: the plain picture is further away than full precision is. */
const CLEARLY_DECIBELS = 3;

interface FlowCase {
  /** Imported in this order; the last one is painted with. */
  models: TinyFamily[];
  side: number;
  /** Under Advanced, by label. */
  advanced: Record<string, string>;
}

const sd15 = (advanced: Record<string, string>): FlowCase => ({ models: ['sd15'], side: 128, advanced });

const FLOWS: Record<string, FlowCase> = {
  'FreeU and perturbed-attention guidance': sd15({ FreeU: 'Version 2', 'Perturbed-attention guidance': '10' }),
  'self-attention guidance': sd15({ 'Self-attention guidance': '0.75' }),
  'Hires. fix with Deep Shrink': sd15({ 'Upscale by': '2', 'Deep Shrink from block': '3' }),
  Tiling: sd15({ Tiling: 'All sides' }),
};

async function paint(page: Page, side: number, advanced: Record<string, string> = {}): Promise<Bitmap> {
  const plain = { prompt: 'a red apple, on blue', seed: 11, steps: 6, cfg: 5, width: side, height: side };
  await app.fillRecipe(page, { ...plain, advanced });
  await app.generatePicture(page);
  expect(await app.notices(page)).toEqual([]);
  return readImage(app.picture(page));
}

for (const [name, { models, side, advanced }] of Object.entries(FLOWS))
  test(`${name}: half precision paints what the CPU paints`, async ({ page }, info) => {
    await page.goto('./?provider=webgpu');
    for (const family of models)
      await importFolder(page, writeTinyModel(family, info.outputPath(`tiny-${family}`)), `tiny-${family}`);
    const plain = await paint(page, side);
    const onGpu = await paint(page, side, advanced);
    expect((await app.readFacts(page)).adapter).toMatch(LAVAPIPE);
    await expectComputedIn(page, 'half precision');

    await page.goto('./?provider=wasm');
    await expect(app.choice(page, 'Model')).toHaveValue(`tiny-${models.at(-1)}`);
    const onCpu = await paint(page, side, advanced);
    expect((await app.readFacts(page)).provider).toBe('wasm');
    await expectComputedIn(page, 'full precision');
    const decibels = psnr(onGpu, onCpu);
    const fromPlain = onGpu.width === plain.width ? psnr(onGpu, plain) : undefined;
    recordFlow({ name, decibels, fromPlain, size: `${onGpu.width} × ${onGpu.height}` });
    expect(decibels).toBeGreaterThan(MIN_DECIBELS);
    if (fromPlain !== undefined) expect(fromPlain, 'what is set shows').toBeLessThan(decibels - CLEARLY_DECIBELS);
  });
