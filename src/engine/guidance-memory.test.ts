/** What guidance keeps from call to call: a picture that breaks goes on in the same bytes, and the next one begins anew. */
import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../core/recipe/request';
import { workflowOf, type Workflow } from '../core/workflow';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY } from './testing/fake-ports';

const quiet = (): void => undefined;
const REQUEST: GenerationRequest = {
  ...{ model: 'fake', prompt: 'abc', negativePrompt: 'z', sampler: 'euler', schedule: 'karras', noise: 'cpu' },
  ...{ steps: 8, cfgScale: 6, seed: 11, width: 64, height: 64 },
};

function patched(patches: string, more: Partial<GenerationRequest> = {}): Workflow {
  const { nodes, ...rest } = workflowOf({ ...REQUEST, ...more });
  const change = (one: Workflow['nodes'][number]) =>
    one.operation === 'sample' ? { ...one, settings: { ...one.settings, patches } } : one;
  return { ...rest, nodes: nodes.map(change) };
}

const models = { models: [FAKE_ENTRY] };

/** @param losesAt  the call in which the device is lost */
async function paint(workflow: Workflow, losesAt = -1) {
  const fake = createFake();
  let made = 0;
  const losses = new Set([losesAt]);
  fake.onUnetCall = () => {
    if (losses.delete(made)) {
      fake.loseDevice();
      return new Promise<void>(quiet);
    }
    made++;
  };
  const engine = new Engine(fake.ports);
  const notices: string[] = [];
  const { images } = await engine.run(workflow, models, (event) => {
    if (event.type === 'notice') notices.push(event.message);
  });
  return { bytes: [...images[0].data], made, notices, engine };
}

describe('guidance with a momentum', () => {
  const apg = patched('apg 0.5 0 0.8');

  it.each(['euler', 'heun', 'dpmpp_2m', 'euler_ancestral_cfg_pp'] as const)(
    'goes on after a lost device in the same bytes: %s',
    async (sampler) => {
      const workflow = patched('apg 0.5 0 0.8; apg 1 0 0.3', { sampler });
      const whole = await paint(workflow);
      for (const at of [1, 4, whole.made - 1]) {
        const resumed = await paint(workflow, at);
        expect(resumed.bytes).toEqual(whole.bytes);
        expect(resumed.made).toBe(whole.made);
      }
    },
  );

  it('begins anew with every picture', async () => {
    const { engine, bytes } = await paint(apg);
    const other = await engine.run(patched('apg 0.5 0 0.8', { seed: 12 }), models, quiet);
    expect([...other.images[0].data]).not.toEqual(bytes);
    const again = await engine.run(patched('apg 0.5 0 0.80'), models, quiet);
    expect([...again.images[0].data]).toEqual(bytes);
  });

  it('counts the calls before, and only with a momentum', async () => {
    const [momentum, none] = [await paint(apg), await paint(patched('apg 0.5 0 0'))];
    expect(momentum.bytes).not.toEqual(none.bytes);
    expect(none.bytes).not.toEqual((await paint(patched(''))).bytes);
  });

  it('takes every step, whatever the speed', async () => {
    const fast = { steps: 30, speed: 'fast' } as const;
    const { notices, bytes } = await paint(patched('apg 0.5 0 0.8', fast));
    expect(notices).toEqual([
      'Nothing was forecast: guidance with a momentum counts every step. The picture is as exact as without Speed.',
    ]);
    expect(bytes).toEqual((await paint(patched('apg 0.5 0 0.8', { steps: 30 }))).bytes);
    expect((await paint(patched('mahiro', fast))).notices).toEqual([]);
  });
});

describe('what stands around guidance', () => {
  it('is refused where its text is none', async () => {
    await expect(paint(patched('apg 1'))).rejects.toThrow('"apg 1" is nothing that is put around guidance.');
  });

  it('asks for the negative at every scale where dynamic thresholding counts by steps', async () => {
    const plain = await paint(patched('', { cfgScale: 1 }));
    const [steps, levels] = [
      await paint(patched('', { cfgScale: 1, dynthres: 'steps' })),
      await paint(patched('', { cfgScale: 1, dynthres: 'levels' })),
    ];
    expect(steps.bytes).not.toEqual(plain.bytes);
    expect(levels.bytes).not.toEqual(steps.bytes);
  });

  it('has several prompts as one', async () => {
    const both = { prompt: 'abc AND bcd:0.5', dialect: 'a1111' } as const;
    const [plain, thresholded, skimmed] = [
      await paint(patched('', both)),
      await paint(patched('', { ...both, dynthres: 'steps', dynthresCfgMode: 'linear_down' })),
      await paint(patched('cfg_norm 0.8; pag', { ...both, pagScale: 0 })),
    ];
    expect(new Set([plain, thresholded, skimmed].map(({ bytes }) => bytes.join())).size).toBe(3);
  });

  it('leaves a picture as it is where it changes nothing', async () => {
    const plain = await paint(patched(''));
    for (const patches of ['epsilon_scaling 1', 'temporal_score_rescaling 1 1', 'renorm_cfg 100 0']) {
      const { bytes } = await paint(patched(patches));
      expect(Math.max(...bytes.map((level, i) => Math.abs(level - plain.bytes[i])))).toBeLessThanOrEqual(1);
    }
  });
});
