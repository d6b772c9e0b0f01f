/** Hints that want more than arithmetic: depth, whose network is got with a press and stays. */
import { readFileSync } from 'node:fs';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { createHub } from './support/hub-server';
import { readImage } from './support/pixels';
import { openLibrary } from './support/small-model';

const FILE = 'depth-anything/Depth-Anything-V2-Small-hf/model.safetensors';
const WEIGHTS = new URL('../src/core/networks/fixtures/annotator-depth_anything/weights.safetensors', import.meta.url);

test('depth is drawn by a network that is got in the unit, with its bytes and licence, and works without a network afterwards', async ({
  page,
  context,
}) => {
  const hub = await createHub({ [FILE]: readFileSync(WEIGHTS) });
  try {
    await openLibrary(page, hub);
    await page.keyboard.press('Escape');
    await app.button(page, 'Add a control unit').click();
    const unit = page.getByRole('group', { name: 'Control unit 1', exact: true });
    await unit
      .locator('input[type=file]')
      .setInputFiles(new URL('../public/icons/icon-192.png', import.meta.url).pathname);
    await unit.getByLabel('Preprocessor', { exact: true }).selectOption('depth_anything_v2');
    await expect(unit).toContainText('about 99');
    await expect(unit.getByRole('link', { name: 'Apache-2.0' })).toBeVisible();
    await expectAccessible(page);
    await unit.getByRole('button', { name: 'Get Depth Anything V2, small' }).click();
    const hint = unit.getByRole('img', { name: 'Its hint' });
    await expect(hint).toBeVisible({ timeout: 60_000 });
    const { data } = await readImage(hint);
    expect(Math.max(...data.filter((_, i) => i % 4 === 0)) - Math.min(...data.filter((_, i) => i % 4 === 0))).toBe(255);
    await expect(unit.getByRole('button', { name: /^Get Depth/ })).toHaveCount(0);

    await hub.close();
    await context.setOffline(true);
    await reload(page);
    await unit.getByLabel('Preprocessor', { exact: true }).selectOption('normal_from_depth');
    await expect(unit.getByText(/^Hint, 512/)).toBeVisible({ timeout: 60_000 });
  } finally {
    await context.setOffline(false);
    await hub.close().catch(() => undefined);
  }
});
