/** Models that a person brings, on a GPU with half precision: imported in 8 bits, painted with, held against the CPU. */
import * as app from '../../tools/lib/drive-app.mjs';
import { expect, test } from '../support/app';
import { expectComputedIn, importFolder, paint } from '../support/imported';
import { LAVAPIPE, needsLavapipe } from '../support/lavapipe';
import { psnr, type Bitmap } from '../support/pixels';
import { writeTinyModel, type TinyFamily } from '../support/tiny-model';

needsLavapipe();
test.setTimeout(15 * 60_000); // shaders that were never compiled on a busy machine

/** Pixels a side: the smallest that the family is offered at. */
const SIDES: Record<TinyFamily, number> = { sd15: 128, sdxl: 256 };

for (const family of ['sd15', 'sdxl'] as const)
  test(`a ${family} is imported, and paints in half precision what the CPU paints`, async ({ page }, info) => {
    await page.goto('./?provider=webgpu');
    await importFolder(page, writeTinyModel(family, info.outputPath(`tiny-${family}`)), `tiny-${family}`);
    const { facts, picture } = await paint(page, SIDES[family]);
    expect(facts.provider).toBe('webgpu');
    expect(facts.adapter).toMatch(LAVAPIPE);
    // The U-Net ran in it to the end: where it gives no numbers the picture is begun again, with a notice.
    await expectComputedIn(page, 'half precision');
    await expect(page.getByText(/In half precision/)).toHaveCount(0);

    await page.goto('./?provider=wasm');
    await expect(app.choice(page, 'Model')).toHaveValue(`tiny-${family}`);
    const onCpu = await paint(page, SIDES[family]);
    expect(onCpu.facts.provider).toBe('wasm');
    await expectComputedIn(page, 'full precision');
    const decibels = psnr(picture, onCpu.picture);
    info.annotations.push({ type: 'psnr', description: `${decibels.toFixed(1)} dB` });
    expect(decibels).toBeGreaterThan(30);
    expect(spread(picture), 'a picture and no plain colour').toBeGreaterThan(10);
  });

/** Standard deviation of the colour values. */
function spread({ data }: Bitmap): number {
  const colours = [...data].filter((_, i) => i % 4 !== 3);
  const mean = colours.reduce((sum, value) => sum + value, 0) / colours.length;
  return Math.sqrt(colours.reduce((sum, value) => sum + (value - mean) ** 2, 0) / colours.length);
}
