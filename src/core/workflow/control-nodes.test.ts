/** Units become operations: a hint is made where a preprocessor is named, at each pass's size only where that matters. */
import { describe, expect, it } from 'vitest';
import { FIELD_DEFAULTS, type GenerationRequest } from '../recipe/request';
import type { ControlUnit } from '../recipe/control/unit';
import { readWorkflow, workflowOf } from '.';

const PLAIN = { ...FIELD_DEFAULTS, model: 'm', prompt: 'a cat', seed: 7 } as unknown as GenerationRequest;

function nodesOf(unit: Partial<ControlUnit>, request: Partial<GenerationRequest> = {}) {
  const control = [{ model: 'canny', image: 'picture', ...unit }];
  return workflowOf({ ...PLAIN, control, ...request }).nodes;
}

const made = (...of: Parameters<typeof nodesOf>) => nodesOf(...of).filter(({ operation }) => operation === 'make_hint');

describe('units of a request', () => {
  it('give their picture as it is where nothing makes a hint of it', () => {
    expect(made({})).toEqual([]);
    expect(made({ module: 'None' })).toEqual([]);
    const fit = nodesOf({}).find(({ operation }) => operation === 'fit_hint');
    expect(fit?.inputs).toEqual({ image: { node: 'hint 0', output: 'image' } });
  });

  it('make their hint between the picture and its fitting, by any name of the preprocessor', () => {
    const unit = { module: 'CannyEdgePreprocessor', thresholdA: 40, resolution: 256 };
    const [hint, ...others] = made(unit);
    expect(others).toEqual([]);
    expect(hint).toMatchObject({
      id: 'hint 0, made',
      settings: { module: 'canny', thresholdA: 40, resolution: 256 },
      inputs: { image: { node: 'hint 0', output: 'image' } },
    });
    const fit = nodesOf(unit).find(({ operation }) => operation === 'fit_hint');
    expect(fit?.inputs).toEqual({ image: { node: 'hint 0, made', output: 'image' } });
  });

  it('look at it in the size of each pass where that is wanted', () => {
    const hires = { width: 128, height: 128, hiresScale: 2 };
    expect(made({ module: 'canny' }, hires).map(({ settings }) => settings)).toEqual([
      { module: 'canny' },
      { module: 'canny' },
    ]);
    expect(made({ module: 'canny', pixelPerfect: true }, hires).map(({ settings }) => settings['width'])).toEqual([
      128, 256,
    ]);
  });

  it('draw with the picture’s seed where a preprocessor draws', () => {
    expect(made({ module: 'shuffle' })[0]?.settings).toEqual({ module: 'shuffle', hintSeed: 7 });
    expect(made({ module: 'canny' })[0]?.settings).toEqual({ module: 'canny' });
  });

  it.each([
    [2 ** 32 - 1, 2 ** 32 - 1],
    [2 ** 32 + 5, 5],
    [Number.MAX_SAFE_INTEGER, 2 ** 32 - 1],
    ['18446744073709551614', 2 ** 32 - 2],
  ])('draw with the lower 32 bits of a long seed: %s', (seed, hintSeed) => {
    const control = [{ model: 'canny', image: 'picture', module: 'shuffle' }];
    const workflow = workflowOf({ ...PLAIN, control, seed });
    const hint = readWorkflow(workflow).nodes.find(({ operation }) => operation === 'make_hint');
    expect(hint?.settings).toEqual({ module: 'shuffle', hintSeed });
  });
});
