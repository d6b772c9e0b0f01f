/** A ComfyUI workflow is seen as a graph and as a list, changed, and saved. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { node, textToImage, workflow } from '../src/core/comfyui/workflows/testing/graphs';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';

async function drop(page: Page, name: string, json: object): Promise<void> {
  await expect(app.textbox(page, 'Prompt')).toBeVisible();
  await page.evaluate(
    ([fileName, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], fileName));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    },
    [name, JSON.stringify(json)] as const,
  );
}

test('a workflow opens as a graph, is changed there and in the list, and is saved as it was but for that', async ({
  page,
}) => {
  await page.goto('./');
  await drop(page, 'pear.json', textToImage());
  await app.button(page, 'Show as a graph').click();
  const nodes = page.getByRole('group').and(page.locator('.svelte-flow__node'));
  await expect(nodes).toHaveCount(7);
  await expect(page.locator('.svelte-flow__edge')).toHaveCount(9);
  await expect(page.getByText('orchard.safetensors')).not.toHaveCount(0);

  // All its nodes lie on one another: the list has them apart.
  await app.button(page, 'As a list').click();
  const sampler = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'KSampler' }) });
  await expect(sampler.getByText('latent_image ←')).toBeVisible();
  await expectAccessible(page);
  const steps = sampler.getByLabel('steps');
  await steps.fill('31');
  await steps.press('Enter');
  await sampler.getByLabel('cfg').fill('2.5');
  await sampler.getByLabel('cfg').press('Enter');
  await app.button(page, 'Undo').click();
  await expect(sampler.getByLabel('cfg')).toHaveValue('8');
  await expect(steps).toHaveValue('31');

  await app.button(page, 'Save as JSON').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Workflow' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('pear.json');
  expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual(
    textToImage({ sampler: { widgets_values: [77, 'randomize', 31, 8, 'euler', 'normal', 1] } }),
  );
});

test('a workflow without a recipe opens as a graph at once; fields in boxes work, and a closed graph comes back', async ({
  page,
}) => {
  await page.goto('./');
  const note = node(1, 'Note', { pos: [0, 0], size: [300, 120], widgets_values: ['words'] });
  const odd = node(2, 'Nobody', { pos: [400, 0], properties: { cnr_id: 'some-pack' }, widgets_values: [5] });
  await drop(page, 'note.json', workflow([note, odd]));
  const box = page.getByRole('group', { name: 'Nobody, not known here' });
  await box.getByLabel('value 1').fill('7');
  await box.getByLabel('value 1').press('Enter');
  await expect(app.button(page, 'Undo')).toBeEnabled();
  await expect(page.getByText('from some-pack', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await app.button(page, 'Close').click();
  await expect(box).toHaveCount(0);
  await app.button(page, 'Undo').click();
  await expect(box.getByLabel('value 1')).toHaveValue('7');
});
