/** What every sampler of a graph becomes: here texts are read, controls fitted, and empty latents made. */
import { usesNegative } from '../../../../guidance';
import { toSeedValue } from '../../../../recipe/seed-value';
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../../../../samplers';
import { wire as wireOf } from '../../../../workflow/make-node';
import type { Wire } from '../../../../workflow';
import { DYNTHRES_OFF } from '../../../dynthres-node';
import type { Place } from '../graph-walk';
import type { ConditioningValue, LatentItem, LatentValue, ModelValue, TextItem } from '../values';
import { aroundNames } from './guidance';
import { picturesOf } from './read-pictures';

export interface Painting {
  model: ModelValue;
  positive: ConditioningValue;
  /** Undefined: it is guided by the positive alone. */
  negative: ConditioningValue | undefined;
  cfg: number;
  sampler: SamplerId;
  /** Steps of a schedule; with `sigmas` nobody counts them. */
  steps?: number;
  sigmas?: Wire;
  seed: number | bigint;
  /** What else `sample` is told. */
  settings: object;
  /** A picture in it counts, also where it is empty: it begins part of the way. */
  beginsPartWay?: boolean;
}

/** @returns what comes out, and what the last step took for it */
export function painted(
  at: Place,
  latent: LatentValue,
  asked: Painting,
): { output: LatentValue; denoised: LatentValue } {
  const { items } = latent;
  const painting = withPerp(at, { ...asked, model: unlessMimicked(asked) });
  if (items.length > 1 && painting.model.perp)
    at.walk.notices.add('Perp-Neg is counted for each picture of a batch by itself here.');
  const together = items.length > 1 ? wholeBatch(painting.model) : undefined;
  if (together !== undefined) at.walk.notices.add(`${together} is counted for each picture of a batch by itself here.`);
  if (items.length > 1 && painting.sampler === 'dpm_adaptive')
    at.walk.notices.add('dpm_adaptive chooses its steps for each picture of a batch by itself here.');
  const made = at.each(items, (item, part, i) => paintedOne(part, item, { ...painting, i, count: items.length }));
  const outputs = (output: 'latent' | 'denoised'): LatentValue => ({
    type: 'LATENT',
    items: items.map((item, i) => ({
      ...item,
      wire: () => wireOf(made[i], output),
      near: { model: painting.model.model, base: painting.model.base },
      isEmpty: false,
    })),
  });
  return { output: outputs('latent'), denoised: outputs('denoised') };
}

/** DynamicThresholding's nodes do nothing where their scale is the sampler's. */
function unlessMimicked({ model, cfg }: Painting): ModelValue {
  const { dynthres = 'none', dynthresMimicScale } = model.settings ?? {};
  if (dynthres === 'none' || dynthresMimicScale !== cfg) return model;
  return { ...model, settings: { ...model.settings, ...DYNTHRES_OFF } };
}

/** What ComfyUI counts for the pictures of a batch together. */
function wholeBatch(model: ModelValue): string | undefined {
  const { dynthres = 'none', dynthresSeparate } = model.settings ?? {};
  if (dynthres !== 'none' && dynthresSeparate === false) return 'Dynamic thresholding of all channels together';
  if (aroundNames(model).includes('mahiro')) return 'Mahiro';
  return undefined;
}

/** Where the negative does not count, and none has an area, the empty text stands in its place. @throws Stop where that is several, or of a part */
function withPerp(at: Place, painting: Painting): Painting {
  const { model, positive, negative } = painting;
  const { perp, ...plain } = model;
  if (!perp || !negative) return { ...painting, model: plain };
  const { items } = perp.empty;
  if (items.length > 1 || items[0].place !== undefined || items[0].mask !== undefined)
    throw at.stop(
      'an empty text for Perp-Neg that is several, or one of a part of the picture or the steps, does not run here.',
    );
  if (perp.isApart && positive.items.some(({ controls }) => controls.length > 0))
    throw at.stop('Perp-Neg on the model and a ControlNet do not run together here: PerpNegGuider does.');
  // The areas of a negative give the positive counterparts, also where it does not count.
  const hasParts = [...positive.items, ...negative.items].some(({ place, mask }) => place !== undefined || mask);
  return perp.scale === 0 && !hasParts ? { ...painting, model: plain, negative: perp.empty } : painting;
}

interface One extends Painting {
  /** Place of the picture in the batch. */
  i: number;
  count: number;
}

function paintedOne(at: Place, item: LatentItem, one: One): string {
  const { model, sampler, cfg, seed, steps, sigmas, settings, i, count } = one;
  const near = { model: model.model, base: model.base };
  const sides = sidesOf(one);
  assertSelf(at, one, sides);
  const { seen } = sides.positive[0];
  const mask = item.mask ?? seen?.masks?.[i % seen.masks.length];
  const said = {
    ...(steps !== undefined && { steps }),
    ...{ cfgScale: cfg, seed: toSeedValue(BigInt(seed)) },
    ...{ sampler, noise: 'comfyui', conventions: 'comfyui' },
    ...(sampler === 'lcm' && { sampling: 'own' }),
    ...((item.mask ?? seen?.masks) && { maskMode: 'comfyui', isShown: item.mask === undefined }),
    // ComfyUI has one scale for both texts and the picture
    ...(seen && !seen.masks && { imageCfgScale: 1 }),
    ...(count > 1 && { batchIndex: i, batchSize: count }),
    ...(item.noiseIndex !== undefined && { noiseIndex: item.noiseIndex + 1 }),
    ...model.settings,
    ...(model.perp && { perpScale: model.perp.scale, ...(model.perp.isApart && { perpIsApart: true }) }),
    ...settings,
  };
  const started = item.wire(near);
  const isZeros = item.isEmpty && (one.beginsPartWay === true || item.mask !== undefined);
  const start = isZeros
    ? at.wire('zero_latent', 'latent', {}, { model: model.model, latent: started }, 'zeros')
    : started;
  return at.add('sample', said, {
    ...{ model: model.model, latent: start, ...textsOf(at, sides, one) },
    ...(sigmas && { sigmas }),
    ...(mask && { mask }),
    ...(seen && { picture: seen.images[i % seen.images.length] }),
    ...controlsOf(at, sides, { model, latent: start, i, size: item.size }),
  });
}

/** @throws Stop where the model's attention is not that of the whole picture: ComfyUI's node cannot lay that of a part over it either */
function assertSelf(at: Place, { model, negative }: Painting, { all }: Sides): void {
  if ((model.settings?.sagScale ?? 0) === 0) return;
  if (!negative) throw at.stop('Self-Attention Guidance needs a negative text, which its guider does not have.');
  if (all.some(({ place }) => (place?.unit ?? 'none') !== 'none' || place?.isWithin))
    throw at.stop(
      'Self-Attention Guidance with a text of an area does not run, nor in ComfyUI: give it masks without their bounds, or the whole picture.',
    );
}

interface Sides {
  positive: readonly TextItem[];
  /** None where it has no share in the picture. */
  negative: readonly TextItem[];
  all: readonly TextItem[];
}

function sidesOf({ model, positive: { items: positive }, negative, cfg, sampler }: Painting): Sides {
  const { needsUncond = false, cfgScaleFactor = 1 }: SamplerEntry = SAMPLERS[sampler];
  const isAsked = needsUncond || model.perp !== undefined || (model.settings?.sagScale ?? 0) !== 0;
  const counts = isAsked || usesNegative([1], cfg * cfgScaleFactor);
  return {
    positive,
    negative: negative && counts ? negative.items : [],
    all: [...positive, ...(negative?.items ?? []), ...(model.perp?.empty.items ?? [])],
  };
}

/** One text a side is read as recipes have it; more, or those of a part, are a list. */
function textsOf(at: Place, { positive, negative }: Sides, { model, steps, sampler }: Painting): Record<string, Wire> {
  const { countsDouble }: SamplerEntry = SAMPLERS[sampler];
  const calls = steps === undefined ? 1 : steps * (countsDouble ? 2 : 1);
  const read = (item: TextItem, side: 'positive' | 'negative'): Wire => item.wire({ side, calls });
  const isPlain = [...positive, ...negative].every(({ place, mask }) => place === undefined && mask === undefined);
  const texts = {
    positive: read(positive[0], 'positive'),
    ...(negative.length > 0 && { negative: read(negative[0], 'negative') }),
    ...(model.perp && { empty: read(model.perp.empty.items[0], 'negative') }),
  };
  if (isPlain && positive.length === 1 && negative.length <= 1) return texts;
  let guides: Wire | undefined;
  for (const side of ['positive', 'negative'] as const)
    (side === 'positive' ? positive : negative).forEach((item, k) => {
      const inputs = {
        conditioning: read(item, side),
        ...(item.mask && { mask: item.mask }),
        ...(guides && { guides }),
      };
      const said = { ...item.place, isNegative: side === 'negative' };
      guides = at.wire('add_guide', 'guides', said, inputs, `${side} ${k + 1}`);
    });
  return { ...texts, ...(guides && { guides }) };
}

interface Controlling {
  model: ModelValue;
  latent: Wire;
  /** Place of the picture in its batch. */
  i: number;
  /** What is painted, where that is known. */
  size: LatentItem['size'];
}

/** All must be under the same ones: so the engine has it. */
function controlsOf(
  at: Place,
  { positive, all }: Sides,
  { model: { model, pictures = [] }, latent, i, size }: Controlling,
): { control?: Wire } {
  const nodesOf = ({ controls }: TextItem): string => controls.map(({ node }) => node).join();
  const [first] = positive;
  const isAlike = all.every((item) => {
    const isSame = nodesOf(item) === nodesOf(first);
    return isSame || (first.controlsBoth && !positive.includes(item) && item.controls.length === 0);
  });
  if (!isAlike) throw at.stop('only one of its two sides is under control, or by others than the other: both must be.');
  const hasAreas = all.some(({ place }) => place?.unit !== undefined || place?.isWithin);
  let control = picturesOf(at, pictures, { model, latent, size });
  for (const { node, control: id, hints, weight, start, end, kind } of first.controls) {
    const image = hints[i % hints.length];
    const number = i === 0 ? '' : ` of ${i + 1}`;
    const fitted = at.walk.add(`${node} hint for ${at.id}${number}`, 'fit_to_latent', {}, { model, image, latent });
    const said = { control: id, weight, start, end, range: 'comfyui', ...(kind !== undefined && { kind }) };
    const inputs = { hint: wireOf(fitted, 'image'), ...(control && { control }), ...(hasAreas && { whole: image }) };
    control = wireOf(at.walk.add(`${node} for ${at.id}${number}`, 'apply_control', said, inputs), 'control');
  }
  return control ? { control } : {};
}
