/**
 * The starter as a pack, loaded weight by weight into a GPU with half precision: every way that weights are stored, in
 * float16, held against the weights as they were and against the same pack in float32.
 */
import { expect, test, type Page } from '@playwright/test';
import { needsLavapipe, needsTime, openOnLavapipe } from '../support/lavapipe';
import { record, serveParity, type ParityServer } from '../support/parity';

needsLavapipe();
needsTime();
test.setTimeout(40 * 60_000); // the first of each kind of device compiles all shaders, on a busy machine ten minutes long

/**
 * By plan and component, against the weights as they were in float32: half precision comes on top of what the plan rounds
 * (src/platform/gpu/pack-session.test.ts).
 */
const LIMITS = {
  float16: { text_encoder: 5e-3, unet: 5e-3, vae_decoder: 1e-2 },
  q8: { text_encoder: 5e-2, unet: 5e-2, vae_decoder: 5e-2 },
  q4: { text_encoder: 5e-2, unet: 1e-1, vae_decoder: 5e-2 },
} as const;

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

    const packs = (['float16', 'q8', 'q4'] as const).map((plan) => ({ plan, packsKernels: false, how: '' }));
    const tight = { plan: 'q8', packsKernels: true, how: ' with kernels in 8 bits' } as const;
    for (const { plan, packsKernels, how } of subgroups ? packs : [...packs, tight])
      test(`a pack of ${plan}${how} computes in float16 what its weights compute`, async () => {
        const asked = [plan, packsKernels] as const;
        const errors = await page.evaluate(([id, is]) => window.runPack(id, 'float16', is), asked);
        expect(Object.keys(errors)).toEqual(Object.keys(LIMITS[plan]));
        for (const [component, limit] of Object.entries(LIMITS[plan]))
          for (const [what, error] of Object.entries(errors[component])) {
            const name = `${plan}${how}, ${component}${what === 'half' ? ', against the same pack in float32' : ''}`;
            record({ kind: 'pack', name, device: 'lavapipe', activations: 'float16', subgroups, error, limit });
            expect(error, name).toBeLessThan(limit);
          }
      });
  });
