/** A ComfyUI workflow runs in the page: what is missing is chosen, nodes tell how far they are, and its picture is the recipe's. */
import { readFileSync } from 'node:fs';
import { input, node, output, textToImage } from '../src/core/comfyui/workflows/testing/graphs';
import { readPictureText } from '../src/core/image/metadata';
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';
import { expectAccessible } from './support/axe';
import { dropText } from './support/drop-text';
import { readImage } from './support/pixels';

const small = textToImage({
  sampler: { widgets_values: [77, 'increment', 3, 4, 'euler', 'normal', 1], pos: [700, 100], size: [300, 260] },
});
/** What ends an output, and lets the others run. */
const broken = node(20, 'SaveImage', { inputs: [input('images', 'IMAGE', 30)], widgets_values: ['nothing'] });
const unread = node(21, 'LoadImage', {
  outputs: [output('IMAGE', 'IMAGE', [30])],
  widgets_values: ['absent.png', 'image'],
});

test('a workflow runs with the starter in place of its checkpoint, and gives the picture of its recipe', async ({
  page,
}) => {
  await page.goto('./');
  await expect(app.textbox(page, 'Prompt')).toBeVisible();
  const nodes = [...(small['nodes'] as object[]), unread, broken];
  const links = [...(small['links'] as object[]), [30, 21, 0, 20, 0, 'IMAGE']];
  await dropText(page, 'pear.json', JSON.stringify({ ...small, nodes, links }));
  await app.button(page, 'Show as a graph').click();
  await app.button(page, 'As a list').click();
  const run = page.getByRole('region', { name: 'Run' });
  const entry = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

  // What is missing is said at its node, and asked for.
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(run.getByRole('alert')).toContainText('orchard.safetensors (checkpoints) is not here.');
  await expect(entry('Load Checkpoint').getByText('orchard.safetensors (checkpoints) is not here.')).toBeVisible();
  const asked = run.getByLabel(/^orchard\.safetensors/);
  await expect(run.getByText('absent.png')).not.toHaveCount(0);
  await expectAccessible(page);
  await asked.selectOption({ label: 'Gesso starter (built in)' });

  // With the key; the output that lacks its picture is left out, and said.
  await page.keyboard.press('Control+Enter');
  await expect(run.getByRole('alert')).toContainText('absent.png (input) is not here.');
  await expect(run.getByRole('progressbar')).toBeVisible();
  await expect(entry('KSampler').getByText('Done')).toBeVisible();
  await expect(entry('Save Image').getByRole('img', { name: /^What it gave/ })).toBeVisible();
  await expect(run.getByText('1 picture, in the gallery too')).toBeVisible();
  await expect(entry('KSampler').getByLabel('seed', { exact: true })).toHaveValue('78');

  // As it was: nothing is run again.
  await entry('KSampler').getByLabel('seed', { exact: true }).fill('77');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Nothing has changed since the last run')).toBeVisible();

  await app.button(page, 'Close').click();
  const made = await readImage(app.picture(page));
  const text = readPictureText(readFileSync(await (await app.savePng(page)).path()));
  expect(JSON.parse(text.comfyPrompt ?? '')).toMatchObject({ '3': { class_type: 'KSampler', inputs: { seed: 77 } } });
  expect(JSON.parse(text.comfyWorkflow ?? '')).toMatchObject({
    nodes: expect.arrayContaining([expect.objectContaining({ id: 3 })]) as object,
  });

  // The same by the form.
  await page.keyboard.press('g');
  await page.getByRole('button', { name: 'seed 77: a pear', exact: true }).press('Enter');
  await app.button(page, 'Use this recipe').click();
  await app.generatePicture(page);
  expect(await readImage(app.picture(page)), 'the form’s picture').toEqual(made);
});
