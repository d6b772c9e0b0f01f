/** Gesso without its page: a workflow through createGesso, in a page that has nothing else. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import { psnr } from '../src/core/image/testing/psnr';
import { workflowOf } from '../src/core/workflow';
import { runWorkflow } from '../tools/lib/workflow-page.mjs';
import { goldenRequest, type Golden } from '../workers/testing/golden';

const folder = fileURLToPath(new URL('../tools/starter/fixtures/', import.meta.url));
/** As workers/golden.test.ts, which runs in Node. */
const MIN_PSNR_DB = 50;

test('a workflow paints the picture that torch and k-diffusion make, in a page without the app', async () => {
  const golden = JSON.parse(readFileSync(`${folder}golden-q8-red-apple-euler.json`, 'utf8')) as Golden;
  const expected = PNG.sync.read(readFileSync(folder + golden.png));
  const { width, height } = expected;
  const workflow = workflowOf(goldenRequest(golden, { model: 'starter', width, height }));
  const { pngs, device } = await runWorkflow(workflow, 'wasm');
  expect(device.provider).toBe('wasm');
  expect(pngs).toHaveLength(1);
  expect(psnr(PNG.sync.read(pngs[0]).data, expected.data)).toBeGreaterThan(MIN_PSNR_DB);
  const wrong = { ...workflow, nodes: workflow.nodes.slice(0, -1) };
  await expect(runWorkflow(wrong, 'wasm')).rejects.toThrow('The workflow keeps nothing');
});
