/** Models that are mixed into one, against a model whose weights were mixed before. */
import { describe, expect, it } from 'vitest';
import type { MemoryPacks } from '../src/core/packs/testing/memory-packs';
import { relativeError } from '../src/core/weights/testing/numbers';
import fixture from '../src/engine/fixtures/pipelines/merged.json';
import { blendOf, writtenShare, type Blend } from '../src/engine/models/blends';
import { importModel, mapped, openStored, PARTS, reference, share, twoModels, weightsOf } from './testing/mixed-models';
import { tinyCase } from './testing/paint-tiny';
import { importTiny } from './testing/tiny-pack';

async function output(store: MemoryPacks, id: string, blend?: Blend): Promise<Float32Array> {
  const { model, ports } = await openStored(store, id);
  await model.useBlend(blend, ports.packs);
  const session = await model.components.get('unet', model.changes.shapeOf('unet'));
  const given = ({ data, dims }: { data: number[]; dims: number[] }) => ({ data: Float32Array.from(data), dims });
  const { sample, timestep, context } = fixture.inputs;
  const inputs = { sample: given(sample), timestep: given(timestep), encoder_hidden_states: given(context) };
  const { out_sample: found } = await session.run(inputs);
  await model.dispose();
  return found;
}

describe('a model of two', () => {
  it('says what a model says whose weights were mixed', async () => {
    const { store, first, second } = await twoModels();
    await importModel(
      store,
      'mixed',
      mapped(first, (value, i, name) => 0.7 * value + 0.3 * (second.get(name)?.values[i] ?? NaN)),
    );
    const { blend } = blendOf(reference('first'), reference('second'), { own: share('0.7'), other: share('0.3') });
    const [found, expected, plain] = [
      await output(store, 'first', blend),
      await output(store, 'mixed'),
      await output(store, 'first'),
    ];
    expect(relativeError(found, expected)).toBeLessThan(2e-6);
    expect(relativeError(plain, expected), 'its effect').toBeGreaterThan(0.05);
  });

  it('is mixed by blocks, in the words of the original layout', async () => {
    const { store, first, second } = await twoModels();
    const shareIn = (name: string): number => {
      if (/^(?:mid_block)/.test(name)) return 0.25;
      return /^(?:up_blocks|conv_norm_out|conv_out)/.test(name) ? 0.9 : 0.5;
    };
    await importModel(
      store,
      'mixed',
      mapped(
        first,
        (value, i, name) => shareIn(name) * value + (1 - shareIn(name)) * (second.get(name)?.values[i] ?? NaN),
      ),
    );
    const shares = { own: share('input=0.5,middle=0.25,out=0.9'), other: share('input=0.5,middle=0.75,out=0.1') };
    const { blend } = blendOf(reference('first'), reference('second'), shares);
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(2e-6);
  });

  it('is what is added to a third: a difference of two', async () => {
    const { store, first, second } = await twoModels();
    const third = mapped(first, (value, i) => value * (1 + 0.1 * Math.sin(i)));
    await importModel(store, 'third', third);
    await importModel(
      store,
      'mixed',
      mapped(
        first,
        (value, i, name) => value + 0.4 * ((third.get(name)?.values[i] ?? NaN) - (second.get(name)?.values[i] ?? NaN)),
      ),
    );
    const difference = blendOf(reference('third'), reference('second'), { own: share('0.4'), other: share('-0.4') });
    const { blend } = blendOf(reference('first'), difference, { own: share('1'), other: share('1') });
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(5e-6);
  });

  it('of packed weights is as near as their rounding', async () => {
    const { store, first, second } = await twoModels('q8');
    await importModel(
      store,
      'mixed',
      mapped(first, (value, i, name) => (value + (second.get(name)?.values[i] ?? NaN)) / 2),
    );
    const { blend } = blendOf(reference('first'), reference('second'), { own: share('0.5'), other: share('0.5') });
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(0.03);
  });

  it('of the same model twice needs no other file, and is that model', async () => {
    const { store } = await twoModels();
    const { blend } = blendOf(reference('first'), reference('first'), { own: share('0.7'), other: share('0.3') });
    expect(blend.others).toEqual([]);
    expect(relativeError(await output(store, 'first', blend), await output(store, 'first'))).toBeLessThan(1e-6);
  });

  it('takes along the LoRAs of both, by its share', () => {
    const lora = (id: string) => ({ id, revision: '', denoiser: 0.5, text: 1 });
    const [one, two] = [
      { ...reference('first'), adapters: [lora('a')] },
      { ...reference('second'), adapters: [lora('b')] },
    ];
    const { adapters } = blendOf(one, two, { own: share('0.75'), other: share('0.25') });
    expect(adapters.map(({ id, denoiser }) => [id, denoiser])).toEqual([
      ['a', 0.375],
      ['b', 0.125],
    ]);
    expect(() => blendOf(one, two, { own: share('input=0.5,out=1'), other: share('0.5') })).toThrow(
      'A model with a LoRA on it is not merged by blocks here',
    );
  });

  it('is mixed by blocks under a LoRA of the text encoders alone', () => {
    const ofText = { id: 'a', revision: '', denoiser: 0, text: 0.5 };
    const one = { ...reference('first'), adapters: [ofText] };
    const shares = { own: writtenShare('input=0.5,out=1', 0.5), other: writtenShare('input=0.5,out=0', 0.5) };
    expect(blendOf(one, reference('second'), shares).adapters).toEqual([{ ...ofText, text: 0.25 }]);
  });

  it('leaves a tensor of another shape as it was: the first layer of a model of inpainting', async () => {
    const { store, first } = await twoModels();
    const seeing = await weightsOf('unet-inpaint');
    await importModel(store, 'seeing', seeing, { config: 'unet-inpaint' });
    await importModel(
      store,
      'mixed',
      mapped(first, (value, i, name) =>
        name === 'conv_in.weight' ? value : value + 0.5 * (seeing.get(name)?.values[i] ?? NaN),
      ),
    );
    const { blend } = blendOf(reference('first'), reference('seeing'), { own: share('1'), other: share('0.5') });
    expect(relativeError(await output(store, 'first', blend), await output(store, 'mixed'))).toBeLessThan(5e-6);
  });

  it('refuses a model of another size', async () => {
    const { store } = await twoModels();
    await importTiny(tinyCase('sdxl'), { store, id: 'large', plan: 'float32' });
    const { blend } = blendOf(reference('first'), reference('large'), { own: share('0.5'), other: share('0.5') });
    await expect(output(store, 'first', blend)).rejects.toThrow(
      'large and first cannot be merged: their U-Nets are of different sizes. Choose two models of one family.',
    );
  });
});

describe('a blend that is at hand', () => {
  it('is counted while it is in use, and not when the next one cannot be opened', async () => {
    const { store } = await twoModels('q8');
    const { model, ports } = await openStored(store, 'first');
    const plain = model.report.bytes;
    const half = { own: share('0.5'), other: share('0.5') };
    await model.useBlend(blendOf(reference('first'), reference('second'), half).blend, ports.packs);
    expect(model.report.bytes).toBeGreaterThan(plain);
    const { blend: lost } = blendOf(reference('first'), reference('nowhere'), half);
    await expect(model.useBlend(lost, ports.packs)).rejects.toThrow();
    await model.useBlend(undefined, ports.packs);
    expect(model.report.bytes).toBe(plain);
    await model.dispose();
  });

  it('is opened once, though nothing or another is in use between its pictures', async () => {
    const { store } = await twoModels();
    const { model, ports, asked } = await openStored(store, 'first');
    const use = (blend?: Blend) => model.useBlend(blend, ports.packs);
    const third = await weightsOf(PARTS.unet);
    await importModel(store, 'third', third);
    const half = { own: share('0.5'), other: share('0.5') };
    const ofText = { own: writtenShare('1', 0.5), other: writtenShare('0', 0.5) };
    const [one, other] = [
      blendOf(reference('first'), reference('second'), half).blend,
      blendOf(reference('first'), reference('third'), ofText).blend,
    ];
    for (let picture = 0; picture < 3; picture++) for (const blend of [undefined, one, other]) await use(blend);
    expect(asked).toEqual(['second', 'third']);
    expect(model.changes.shapeOf('text_encoder').blend?.others[0].share).toEqual(writtenShare('0', 0.5));
    const again = { ...reference('second'), revision: 'another' };
    await use(blendOf(reference('first'), again, half).blend);
    expect(asked, 'imported again').toEqual(['second', 'third', 'second']);
    await model.dispose();
  });
});
