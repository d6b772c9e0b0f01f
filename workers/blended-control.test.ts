/** A Control-LoRA on models that are mixed into one, against one on a model whose weights were mixed before. */
import { describe, expect, it } from 'vitest';
import { openNetwork } from '../src/core/networks';
import { openOnBase, type OpenPack } from '../src/core/packs';
import { valuesOf } from '../src/core/weights/merged-weights';
import { relativeError } from '../src/core/weights/testing/numbers';
import { blendOf, type Blend } from '../src/engine/models/blends';
import { Control } from '../src/engine/models/control';
import type { Model } from '../src/engine/models/model';
import { configOf } from '../src/engine/models/pack-source';
import {
  importModel,
  mapped,
  openStored,
  reference,
  share,
  turned,
  twoModels,
  weightsOf,
} from './testing/mixed-models';
import { openTinyControls } from './testing/tiny-control';

const FOLDER = 'control-lora-sd15';
const STEP = 'control_step';
const FORM = { activations: 'float32', addsUp: false, hasRegion: false } as const;

async function openControl(): Promise<{ control: Control; open: OpenPack }> {
  const { entries, packs, runtime } = await openTinyControls([FOLDER]);
  const open = await packs.open(FOLDER);
  return { control: new Control({ entry: entries[0], open, runtime }), open };
}

const baseOf = (model: Model) => model.controlBase ?? expect.fail('no base');

/** All that its steps read, one after another. */
async function weightsOn(open: OpenPack, model: Model): Promise<Float32Array> {
  const weights = await openOnBase(open, STEP, baseOf(model).weights);
  const network = openNetwork(STEP, configOf(open.pack, STEP));
  const graph = network.build({ target: 'portable', activations: 'float32', branches: weights.branches });
  weights.assertHolds(graph);
  return Float32Array.from(graph.weights.flatMap(({ expr }) => [...valuesOf(expr, weights.read)]));
}

const shareIn = (name: string): number => {
  if (name.startsWith('mid_block')) return 0.25;
  return /^(?:up_blocks|conv_norm_out|conv_out)/.test(name) ? 0.9 : 0.5;
};
const SHARES = { own: share('input=0.5,middle=0.25,out=0.9'), other: share('input=0.5,middle=0.75,out=0.1') };

describe('a Control-LoRA on a model of two', () => {
  it.each([
    { sees: 'the latent', part: 'unet-sd15' },
    { sees: 'more than the latent', part: 'unet-inpaint' },
  ])('stands on the weights that both make together, where they see $sees', async ({ part }) => {
    const { store } = await twoModels();
    const [first, config] = [await weightsOf(part), part];
    const second = turned(first);
    const both = mapped(
      first,
      (value, i, name) => shareIn(name) * value + (1 - shareIn(name)) * (second.get(name)?.values[i] ?? NaN),
    );
    for (const [id, weights] of Object.entries({ one: first, other: second, mixed: both }))
      await importModel(store, id, weights, { config });
    const { open } = await openControl();
    const [{ model, ports }, { model: mixed }] = [await openStored(store, 'one'), await openStored(store, 'mixed')];
    const plain = await weightsOn(open, model);
    await model.useBlend(blendOf(reference('one'), reference('other'), SHARES).blend, ports.packs);
    const expected = await weightsOn(open, mixed);
    expect(relativeError(await weightsOn(open, model), expected)).toBeLessThan(1e-6);
    expect(relativeError(plain, expected), 'its effect').toBeGreaterThan(0.05);
  });

  it('loads anew with another share, and counts what is no longer packed', async () => {
    const { store } = await twoModels('q8');
    await importModel(store, 'wide', await weightsOf('unet-sd15'));
    const { control } = await openControl();
    const [{ model, ports }, { model: wide }] = [await openStored(store, 'first'), await openStored(store, 'wide')];
    const loaded = async (blend?: Blend) => {
      await model.useBlend(blend, ports.packs);
      await control.standOn(model.controlBase);
      return { ...(await control.load(FORM)), bytes: control.bytes('float32').beside };
    };
    const blend = (own: string, other: string) =>
      blendOf(reference('first'), reference('second'), { own: share(own), other: share(other) }).blend;
    const [none, half] = [await loaded(), await loaded(blend('0.5', '0.5'))];
    const [again, less] = [await loaded(blend('0.5', '0.5')), await loaded(blend('0.6', '0.4'))];
    expect(half.session).not.toBe(none.session);
    expect(again.session).toBe(half.session);
    expect(less.session).not.toBe(half.session);
    expect(half.bytes).toBeGreaterThan(none.bytes);
    await control.standOn(wide.controlBase);
    expect(half.bytes).toBe(control.bytes('float32').beside);
    await control.dispose();
    await model.dispose();
  });
});
