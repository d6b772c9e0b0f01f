/** Hints that want more than arithmetic: depth, whose network is got with a press and stays. */
import { readFileSync } from 'node:fs';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, reload, test } from './support/app';
import { expectAccessible } from './support/axe';
import { createHub } from '../src/platform/net/testing/hub-server';
import { readImage } from './support/pixels';
import { openLibrary } from './support/small-model';

const FILE = 'depth-anything/Depth-Anything-V2-Small-hf/model.safetensors';
const WEIGHTS = new URL('../src/core/networks/fixtures/annotator-depth_anything/weights.safetensors', import.meta.url);

test('depth is drawn by a network that is got in the unit, with its bytes and licence, and is not asked for again', async ({
  page,
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
    await expect(unit.getByText(/^Hint, 512/)).toBeVisible();
    await expect(unit.getByRole('button', { name: /^Get Depth/ })).toHaveCount(0);

    // The engine keeps what it drew: it is there again.
    await unit.getByLabel('Preprocessor', { exact: true }).selectOption('invert (from white bg & black line)');
    await expect(unit.getByText(/^Hint, 192/)).toBeVisible();
    await unit.getByLabel('Preprocessor', { exact: true }).selectOption('depth_anything_v2');
    await expect(unit.getByText(/^Hint, 512/)).toBeVisible();

    await hub.close();
    await reload(page);
    await unit.getByLabel('Preprocessor', { exact: true }).selectOption('normal_from_depth');
    await expect(unit.getByText(/^Hint, 512/)).toBeVisible({ timeout: 60_000 });
  } finally {
    await hub.close().catch(() => undefined);
  }
});

test('a pose is drawn joint by joint, by mouse and by keys, kept with its unit, saved and opened again', async ({
  page,
}, info) => {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Add a control unit').click();
  const unit = page.getByRole('group', { name: 'Control unit 1', exact: true });
  await unit.getByRole('button', { name: /^Pose/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Pose' });
  const wrist = sheet.getByRole('button', { name: /^Left wrist/ });
  const box = (await wrist.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const before = await wrist.getAttribute('aria-label');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y - 90, { steps: 4 });
  await page.mouse.up();
  await expect(wrist).toBeFocused();
  await expect(wrist).not.toHaveAttribute('aria-label', before ?? '');
  const dragged = await wrist.getAttribute('aria-label');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Control+z');
  await expect(wrist).toHaveAttribute('aria-label', dragged ?? '');
  await sheet.getByRole('button', { name: 'Add a person' }).click();
  await sheet.locator('[data-joint="1-3"]').focus();
  await page.keyboard.press('Control+z'); // the joint goes, keys are heard all the same
  await expect(sheet.locator('[data-joint="0-0"]')).toBeFocused();
  await sheet.getByLabel('Joint', { exact: true }).selectOption('Right ear');
  await sheet.getByLabel('Hidden').check();
  await sheet.getByRole('button', { name: 'Mirror' }).click();
  await expectAccessible(page);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    sheet.getByRole('button', { name: 'Save JSON' }).click(),
  ]);
  const file = info.outputPath('pose.json');
  await saved.saveAs(file);
  const { people, canvas_width: wide } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect([(people as unknown[]).length, wide]).toEqual([1, 128]);
  await sheet.getByLabel('OpenPose JSON').setInputFiles(file);
  await sheet.getByRole('button', { name: 'Done' }).click();
  await expect(unit.getByText('Picture, 128 × 128')).toBeVisible();
  const seen = await readImage(unit.getByRole('img', { name: 'What the unit sees' }));
  const colours = new Set(
    Array.from({ length: seen.data.length / 4 }, (_, i) => [...seen.data.subarray(4 * i, 4 * i + 3)].join()),
  );
  expect(colours.has('255,0,0') && colours.has('0,0,255'), 'full colours of joints').toBe(true);
  expect(colours.has('153,0,0'), 'darker ones of limbs').toBe(true);

  await reload(page);
  await unit.getByRole('button', { name: /^Pose/ }).click();
  await expect(sheet.getByRole('button', { name: /^Left ear/ })).toHaveCount(0); // mirrored, the hidden one is left
  await expect(sheet.getByRole('button', { name: /^Right ear/ })).toBeVisible();
});
