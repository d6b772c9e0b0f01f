/** Last latents under PAG, SAG, Perp-Neg, FreeU, dynamic thresholding and what is put around guidance against torch's (tools/fixtures/make_guidance_pipelines.py). */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import { node, wire } from '../src/core/workflow/make-node';
import type { Workflow, WorkflowNode } from '../src/core/workflow';
import type { ControlForm } from '../src/core/networks';
import type { ModelSource } from '../src/engine/models/model-source';
import fixture from '../src/engine/fixtures/pipelines/guidance.json';
import { paintAll, paintTiny, type TinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** As of the other pipelines. */
const MAX_RELATIVE_ERROR = 1e-3;

type Settings = Record<string, unknown>;

/** With these settings of the sampler; Perp-Neg reads an empty text besides. */
const changedBy =
  (settings: Settings) =>
  ({ nodes, ...workflow }: Workflow): Workflow => ({
    ...workflow,
    nodes: nodes.flatMap((one): WorkflowNode[] => {
      if (one.operation !== 'sample') return [one];
      const changed = { ...one, settings: { ...one.settings, ...settings } };
      if (settings['perpScale'] === undefined) return [changed];
      const empty = node('empty text', 'encode_text', { text: '', calls: 4 }, { model: one.inputs['model'] });
      return [empty, { ...changed, inputs: { ...changed.inputs, empty: wire('empty text', 'conditioning') } }];
    }),
  });

const caseOf = (name: string) => {
  const found = fixture.cases.find((one) => one.name === name);
  if (!found) throw new RangeError(name);
  return found;
};
const sourceOf = (one: { parts: object; scheduler: object }) => openTinyPack(one as TinyCase, 'float32');

describe('the last latent under', () => {
  it.each(fixture.cases)('$name is that of its reference', async (one) => {
    const latent = await paintTiny(one, await sourceOf(one), { change: changedBy(one.settings) });
    expect(relativeError(latent, one.latent)).toBeLessThan(MAX_RELATIVE_ERROR);
    const plain = await paintTiny(one, await sourceOf(one));
    expect(relativeError(plain, one.latent)).toBeGreaterThan(10 * MAX_RELATIVE_ERROR);
  });

  it('self-attention guidance leaves nothing to be told when it is off again', async () => {
    const [one, source] = [caseOf('FreeU'), await sourceOf(caseOf('FreeU'))];
    const asked: (ControlForm | undefined)[] = [];
    const open: ModelSource['open'] = (component, shape) => {
      if (component === source.traits.parts.denoiser) asked.push(shape.control);
      return source.open(component, shape);
    };
    let run = 0;
    const change = (workflow: Workflow) => changedBy(run++ === 1 ? {} : { pagScale: 2, sagScale: 0.5 })(workflow);
    await paintAll([one, one, one], { ...source, open }, { change });
    const inputs = { perturbs: true };
    expect(asked).toEqual([{ ...inputs, tellsAttention: true }, inputs, { ...inputs, tellsAttention: true }]);
  });

  it('nothing is the plain one again, by a denoiser that could be told', async () => {
    const [one, source] = [caseOf('FreeU'), await sourceOf(caseOf('FreeU'))];
    const plain = await paintTiny(one, source);
    let run = 0;
    const change = (workflow: Workflow) =>
      changedBy(run++ === 0 ? { ...one.settings, pagScale: 2, sagScale: 0.5 } : {})(workflow);
    const [, after] = await paintAll([one, one], source, { change });
    expect(run).toBe(2);
    expect(relativeError(after, plain)).toBeLessThan(1e-6);
  });
});
