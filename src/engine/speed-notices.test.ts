/** What is said where Speed forecasts nothing. */
import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../core/recipe/request';
import { workflowOf } from '../core/workflow';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY } from './testing/fake-ports';

const REQUEST: GenerationRequest = {
  ...{ model: 'fake', prompt: 'abc', negativePrompt: 'z', sampler: 'euler', schedule: 'karras', noise: 'cpu' },
  ...{ steps: 20, cfgScale: 6, seed: 11, width: 64, height: 64, speed: 'faster2' },
};

async function paint(more: Partial<GenerationRequest>) {
  const fake = createFake();
  const notices: string[] = [];
  const engine = new Engine(fake.ports);
  const { images } = await engine.run(workflowOf({ ...REQUEST, ...more }), { models: [FAKE_ENTRY] }, (event) => {
    if (event.type === 'notice') notices.push(event.message);
  });
  return { notices, bytes: [...images[0].data] };
}

describe('Speed', () => {
  it.each<[string, Partial<GenerationRequest>]>([
    ['a run of 2 steps has too little to forecast from', { steps: 2 }],
    ['a run of 1 step has too little to forecast from', { steps: 1 }],
    ['DPM adaptive decides by itself how many steps it takes', { sampler: 'dpm_adaptive' }],
  ])('says that %s, and paints what Exact does', async (why, more) => {
    const { notices, bytes } = await paint(more);
    expect(notices).toEqual([`Nothing was forecast: ${why}. The picture is as exact as without Speed.`]);
    expect(bytes).toEqual((await paint({ ...more, speed: 'exact' })).bytes);
  });

  it('says nothing where it forecasts', async () => {
    expect((await paint({})).notices).toEqual([]);
  });
});
