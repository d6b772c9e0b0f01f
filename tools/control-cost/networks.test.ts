import { describe, expect, it } from 'vitest';
import { elementCount, exprTensors, type BuiltGraph } from '../../src/core/graph';
import { CONTROL_NETS, imagePrompts, opened, T2I_ADAPTERS, unetOf, VISION_TOWER, type CostFamily } from './networks';

/** How many numbers they hold; tensors that two graphs share count once. */
function parameters(...graphs: BuiltGraph[]): number {
  const exprs = graphs.flatMap(({ weights }) => weights.map(({ expr }) => expr));
  const all = new Map(exprTensors(exprs).map(({ name, shape }) => [name, elementCount([...shape])]));
  return [...all.values()].reduce((sum, n) => sum + n, 0);
}

describe('the networks whose cost is measured', () => {
  it.each([
    ['sd15', 'ControlNet', 361_279_120],
    ['sdxl', 'ControlNet', 1_251_014_160],
    ['sdxl', 'mid', 270_942_480],
    ['sdxl', 'small', 160_111_120],
  ] as const)('%s: %s has as many parameters as the published one', (family, name, count) => {
    const config = (CONTROL_NETS[family] as Record<string, object>)[name];
    const parts = (['control_step', 'control_hint'] as const).map((id) => opened(id, config).build('portable'));
    expect(parameters(...parts)).toBe(count);
  });

  it('T2I-Adapters and the tower, too', () => {
    const [sd15, sdxl] = (['sd15', 'sdxl'] as const).map((family) =>
      parameters(opened('t2i_adapter', T2I_ADAPTERS[family]).build('portable', { latentFactor: 8 })),
    );
    expect([sd15 / 1e6, sdxl / 1e6].map((n) => n.toFixed(1))).toEqual(['77.4', '79.0']);
    // position ids are no parameters
    expect(parameters(opened('clip_vision', VISION_TOWER).build('portable'))).toBe(632_076_800);
  });

  it.each([
    ['sd15', 12_480],
    ['sdxl', 83_200],
  ] as const)(
    '%s: an IP-Adapter gives keys of as many channels as all its cross-attentions have',
    (family, channels) => {
      const layers = unetOf(family as CostFamily).sizes.denoiser?.encoder?.crossLayers ?? [];
      const { layers: own } = opened('image_prompt_adapter', imagePrompts(family, layers)['IP-Adapter']).sizes
        .imagePrompt ?? { layers: [] };
      expect(own.reduce((sum, n) => sum + n, 0)).toBe(channels);
    },
  );
});
