/** Kernels of whole models that no small network of e2e/lavapipe/parity.spec.ts is run by, on a GPU with half precision. */
import { expect, test, type Page } from '@playwright/test';
import { KERNEL_CASES } from '../../tools/half-precision/kernel-cases';
import { needsLavapipe, openOnLavapipe } from '../support/lavapipe';
import { record, serveParity, type Activations, type ParityServer } from '../support/parity';

needsLavapipe();
test.setTimeout(15 * 60_000); // a shader of attention can take a minute on a busy machine

/** Against the CPU in float32, of inputs and weights that half precision holds. */
const LIMITS: Record<Activations, number> = { float32: 1e-5, float16: 2e-3 };

/** Attention takes long to compile; three of its sizes are in the self-test and in small networks. */
const isSlow = (name: string): boolean => name.startsWith('attention');

let server: ParityServer;
test.beforeAll(async () => void (server = await serveParity()));
test.afterAll(() => server.close());

for (const subgroups of process.env.GESSO_LONG ? [false, true] : [true])
  test.describe(`${subgroups ? 'with' : 'without'} subgroups`, () => {
    let page: Page;

    test.beforeAll(async ({ browser }) => {
      page = await openOnLavapipe(browser, server.url, subgroups);
    });
    test.afterAll(() => page.close());

    for (const name of Object.keys(KERNEL_CASES).filter((one) => process.env.GESSO_LONG !== undefined || !isSlow(one)))
      for (const activations of ['float32', 'float16'] as const)
        test(`${name} is computed in ${activations} as on the CPU`, async () => {
          const error = await page.evaluate(([id, type]) => window.runKernel(id, type), [name, activations] as const);
          const limit = LIMITS[activations];
          record({ kind: 'kernel', name, device: 'lavapipe', activations, subgroups, error, limit });
          expect(error).toBeLessThan(limit);
        });
  });
