/**
 * Every graph against diffusers' numbers on a GPU with half precision, with and without subgroups. Shaders are slow to
 * compile, so all cases of a device are run on one page. docs/parity.md is made of what is measured here.
 */
import { expect, test, type Page } from '@playwright/test';
import { MORE_CASES, PARITY_CASES } from '../../src/core/networks/testing/cases';
import { maxRelativeError } from '../../src/core/networks/testing/parity';
import { needsLavapipe, openOnLavapipe } from '../support/lavapipe';
import { record, serveParity, type Activations, type ParityServer } from '../support/parity';

needsLavapipe();

const PRECISIONS: Activations[] = ['float32', 'float16'];

/** With time, the same networks at other sizes and depths too. */
const CASES = process.env.GESSO_LONG ? { ...PARITY_CASES, ...MORE_CASES } : PARITY_CASES;

/** Cases tested without subgroups where time is short: attention and products, which subgroups change. */
const FEW = ['unet-sd15', 'unet-sdxl', 'clip-l'];

/** A shader of attention alone can take a minute to compile on a busy machine. */
test.setTimeout(15 * 60_000);

let server: ParityServer;
test.beforeAll(async () => void (server = await serveParity()));
test.afterAll(() => server.close());

for (const subgroups of [false, true])
  test.describe(`${subgroups ? 'with' : 'without'} subgroups`, () => {
    let page: Page;

    test.beforeAll(async ({ browser }) => {
      page = await openOnLavapipe(browser, server.url, subgroups);
    });
    test.afterAll(() => page.close());

    for (const activations of PRECISIONS)
      for (const name of subgroups || process.env.GESSO_LONG ? Object.keys(CASES) : FEW) {
        if (CASES[name].isFloat32 && activations !== 'float32') continue;
        test(`${name} computes in ${activations} what diffusers computes`, async () => {
          const asked = [name, activations] as const;
          const error = await page.evaluate(([id, type]) => window.runParity(id, type), asked);
          const limit = maxRelativeError(activations);
          record({ kind: 'case', name, device: 'lavapipe', activations, subgroups, error, limit });
          expect(error).toBeLessThan(limit);
        });
      }
  });
