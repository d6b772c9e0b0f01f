/** A graph is made by hand: nodes by search, links by dragging and by choosing, undo, and nodes over the clipboard. */
import { textToImage } from '../src/core/comfyui/workflows/testing/graphs';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';

test('a graph is made of nodes that are searched for, joined, taken back and pasted', async ({ page }) => {
  await page.goto('./');
  await app.button(page, 'More ways to generate').click();
  await page.getByRole('menuitem', { name: 'New graph …' }).click();
  await expect(page.getByRole('list', { name: 'Templates' }).getByRole('button')).toHaveCount(10);
  await expectAccessible(page);

  const search = page.getByRole('combobox', { name: 'Find a node' });
  const node = (name: string) => page.getByRole('group', { name, exact: true });
  const edges = page.locator('.svelte-flow__edge');
  await app.button(page, 'Add a node').click();
  await search.fill('load check');
  await expectAccessible(page);
  await search.press('Enter');
  await expect(node('Load Checkpoint').getByLabel('ckpt_name')).toHaveValue('Gesso starter');

  // A link that is dropped in the open asks for what takes it.
  const socket = await node('Load Checkpoint').locator('.svelte-flow__handle.source').nth(1).boundingBox();
  if (!socket) throw new Error('no socket');
  await page.mouse.move(socket.x + 5, socket.y + 5);
  await page.mouse.down();
  await page.mouse.move(socket.x + 60, socket.y + 120, { steps: 4 });
  await page.mouse.up();
  await search.fill('clip text encode');
  await search.press('Enter');
  await expect(edges).toHaveCount(1);
  const comesFrom = page.getByLabel('clip comes from');
  await expect(comesFrom.locator('option:checked')).toHaveText('Load Checkpoint · CLIP');

  // The same by keys: nothing, and back.
  await comesFrom.selectOption('nothing');
  await expect(edges).toHaveCount(0);
  await comesFrom.selectOption('Load Checkpoint · CLIP');
  await expect(edges).toHaveCount(1);
  await app.button(page, 'Undo').click();
  await expect(edges).toHaveCount(0);

  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.querySelector('.graph-sheet')?.dispatchEvent(event);
  }, JSON.stringify(textToImage()));
  await expect(page.getByRole('heading', { name: '7 chosen' })).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByText('2 nodes, 2 of them would run.')).toBeVisible();
});

test('the form is shown as a graph, and its recipe goes back into the form', async ({ page }) => {
  await page.goto('./');
  await app.textbox(page, 'Prompt').fill('a green pear');
  await app.button(page, 'More ways to generate').click();
  await page.getByRole('menuitem', { name: 'Show as a graph' }).click();
  await expect(page.locator('.svelte-flow__node')).toHaveCount(7);
  await expect(page.getByText('The noise is ComfyUI’s: another picture of the same words.')).toBeVisible();
  await app.button(page, 'More').click();
  await page.getByRole('menuitem', { name: 'Use in the form …' }).click();
  await app.button(page, 'Take over all').click();
  await expect(app.textbox(page, 'Prompt')).toHaveValue('a green pear');
});
