/** A graph under the hand: double click, keys, frames, ComfyUI's clipboard, the dark page, phones, two hundred nodes. */
import type { Page } from '@playwright/test';
import { writeClip } from '../src/core/comfyui/workflows/edit/clipboard';
import { openComfyJson } from '../src/core/comfyui/workflows';
import { node, textToImage, workflow, type Fields } from '../src/core/comfyui/workflows/testing/graphs';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { dropText } from './support/drop-text';

const box = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const boxes = (page: Page) => page.getByRole('group').and(page.locator('.svelte-flow__node'));

async function newGraph(page: Page): Promise<void> {
  await page.goto('./');
  await app.button(page, 'More ways to generate').click();
  await page.getByRole('menuitem', { name: 'New graph …' }).click();
}

/** What ComfyUI's editor puts on the clipboard. */
async function pasteFromComfy(page: Page, json: Fields): Promise<void> {
  const { root, subgraphs } = openComfyJson(json).document;
  const { html } = writeClip({ ...root, subgraphs });
  await page.evaluate((written) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', written);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.querySelector('.graph-sheet')?.dispatchEvent(event);
  }, html);
}

test('nodes are added by a double click, taken from ComfyUI’s clipboard, muted, collapsed and framed by keys', async ({
  page,
}) => {
  await newGraph(page);
  await app.button(page, 'Add a node').click();
  const search = page.getByRole('combobox', { name: 'Find a node' });
  await search.fill('empty latent');
  await search.press('Enter');
  await expect(boxes(page)).toHaveCount(1);
  await page.locator('.svelte-flow__pane').dblclick({ position: { x: 40, y: 40 } });
  await search.fill('vae decode');
  await search.press('Enter');
  await expect(box(page, 'VAE Decode')).toBeVisible();

  await pasteFromComfy(page, textToImage());
  await expect(page.getByRole('heading', { name: '7 chosen' })).toBeVisible();
  await expect(boxes(page)).toHaveCount(9);
  await expect(page.locator('.svelte-flow__minimap')).toBeVisible();
  await page.keyboard.press('Control+g');
  await page.getByLabel('Title').fill('Orchard');
  await page.getByLabel('Title').press('Enter');
  await expect(page.locator('.svelte-flow__node-frame')).toHaveText('Orchard');
  await app.button(page, 'Undo').click();
  await app.button(page, 'Undo').click();
  await page.keyboard.press('m');
  await expect(page.getByText(/^9 nodes, 2 of them would run/)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText(/^9 nodes, 9 of them would run/)).toBeVisible();
  await page.keyboard.press('Alt+c');
  await expect(page.getByLabel('sampler_name')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+d');
  await expect(boxes(page)).toHaveCount(16);
});

test('on a phone in the dark a workflow is a list that is changed by touch', async ({ browser }) => {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' },
    ...{ serviceWorkers: 'block', baseURL: process.env['GESSO_URL'] ?? '' },
  });
  const page = await context.newPage();
  await page.goto('./');
  await expect(app.textbox(page, 'Prompt')).toBeVisible();
  await dropText(page, 'pear.json', JSON.stringify(textToImage()));
  await app.button(page, 'Show as a graph').tap();
  const sampler = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'KSampler' }) });
  await expect(sampler.getByText('latent_image ←')).toBeVisible();
  await sampler.getByLabel('steps').fill('5');
  await sampler.getByLabel('steps').press('Enter');
  await expect(app.button(page, 'Undo')).toBeEnabled();
  await expectAccessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, 'nothing is cut off at the side').toBeLessThanOrEqual(390);
  await context.close();
});

test('two hundred nodes are drawn and can be gone through', async ({ page }) => {
  await page.goto('./');
  await expect(app.textbox(page, 'Prompt')).toBeVisible();
  const many = Array.from({ length: 203 }, (_, i) =>
    node(i + 1, i % 3 === 0 ? 'KSampler' : i % 3 === 1 ? 'CLIPTextEncode' : 'VAEDecode', {
      pos: [(i % 16) * 340, Math.floor(i / 16) * 320],
      size: [300, 280],
      widgets_values: i % 3 === 0 ? [i, 'fixed', 20, 8, 'euler', 'normal', 1] : i % 3 === 1 ? ['words'] : [],
    }),
  );
  await dropText(page, 'many.json', JSON.stringify(workflow(many)));
  await expect(page.getByText(/^203 nodes/)).toBeVisible();
  await expect(boxes(page).first()).toBeVisible();
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('heading', { name: '203 chosen' })).toBeVisible();
});
