/** Few steps: a LoRA of the catalogue is got from the form, and the form is set to it; undone in one step. */
import { readFileSync } from 'node:fs';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { createHub } from '../src/platform/net/testing/hub-server';
import { openLibrary, row, sheet, use } from './support/small-model';
import { writeTinyModel } from './support/tiny-model';

const FILE = 'latent-consistency/lcm-lora-sdv1-5/pytorch_lora_weights.safetensors';
const LORA = new URL('../src/core/adapters/fixtures/sd15-rank-2.safetensors', import.meta.url);

test('a LoRA for few steps is got and used with one click, and undone with another', async ({ page }, info) => {
  const hub = await createHub({ [FILE]: readFileSync(LORA) });
  try {
    await openLibrary(page, hub);
    await sheet(page)
      .getByLabel('Model folder')
      .setInputFiles(writeTinyModel('sd15', info.outputPath('tiny-sd15')));
    await expect(row(page, 'LCM-LoRA for SD 1.5')).toBeVisible();
    await use(page, 'tiny-sd15').click({ timeout: 120_000 });
    await page.keyboard.press('Escape');
    await app.fillRecipe(page, { prompt: 'a cat', steps: 20, cfg: 7 });

    await page.getByText('Fast: pictures in a few steps').click();
    const way = page.getByRole('listitem').filter({ hasText: 'LCM-LoRA for SD 1.5' });
    await expect(way).toContainText('6 steps, CFG 1, LCM');
    await expect(way.getByRole('link', { name: 'CreativeML Open RAIL++-M' })).toBeVisible();
    await expectAccessible(page);
    await way.getByRole('button', { name: 'Get and use LCM-LoRA for SD 1.5' }).click();
    await expect(app.textbox(page, 'Prompt')).toHaveValue('a cat <lora:lcm-lora-sdv1-5:1>', { timeout: 30_000 });
    await expect(app.number(page, 'Steps')).toHaveValue('6');
    await expect(app.choice(page, 'Sampler')).toHaveValue('lcm');
    await expect(page.getByText('Fast: pictures in a few steps')).toHaveCount(0);
    await expect(page.locator('#choose-loras'), 'focus is kept near').toBeFocused();

    await app.button(page, 'Undo').click();
    await expect(app.textbox(page, 'Prompt')).toHaveValue('a cat');
    await expect(app.number(page, 'Steps')).toHaveValue('20');
  } finally {
    await hub.close();
  }
});
