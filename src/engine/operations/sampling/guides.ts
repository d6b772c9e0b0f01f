/** Several texts on each side, each where, when and as much as it says: the answers of a model call become one. */
import {
  addCounterparts,
  areaOf,
  regionWeights,
  within,
  WeighedAnswers,
  type Area,
  type Region,
} from '../../../core/guidance';
import { acts } from '../../../core/control/active-steps';
import { cutTile } from '../../../core/image';
import { latentMask } from '../../../core/image/masks';
import type { LatentSize } from '../../../core/networks';
import type { GuideUse } from '../implementation';
import { contextOf } from '../text/plain-conditioning';
import type { Context } from '../text/encode';
import type { UnetRow, UnetRunner } from './unet-runner';

/** A text in its place, which lies within the latent. Counterparts have another's text in the same place. */
export interface PlacedGuide extends Region {
  context: Context;
  /** How much its answer weighs: [height, width] of its area. */
  weights: Float32Array;
  /** Shares of the steps between which it counts. */
  start: number;
  end: number;
}

export interface PlacedGuides {
  positive: readonly PlacedGuide[];
  negative: readonly PlacedGuide[];
}

/** @throws AppError 'bad-request' where an area lies outside of the latent */
export function placeGuides(uses: readonly GuideUse[], latent: LatentSize & { factor: number }): PlacedGuides {
  const place = ({ prompt, mask, ...use }: GuideUse): Omit<PlacedGuide, 'weights'> => {
    const cells = mask && latentMask(mask, latent, 'comfyui');
    const { strength, maskStrength, start, end } = use;
    const area = areaOf(use, latent, cells);
    return { context: contextOf(prompt), area, mask: cells, strength, maskStrength, start, end };
  };
  const side = (isNegative: boolean) => uses.filter((use) => use.isNegative === isNegative).map(place);
  const [positive, negative] = [side(false), side(true)];
  addCounterparts([positive, negative], (placed, { context }) => ({ ...placed, context }));
  const weighed = (guide: (typeof positive)[number]): PlacedGuide => {
    const area = guide.area && within(guide.area, latent);
    return { ...guide, area, weights: regionWeights(guide, area, latent) };
  };
  return { positive: positive.map(weighed), negative: negative.map(weighed) };
}

/** Parts of the latent that some of them are for, each once. */
export function areasOf({ positive, negative }: PlacedGuides): Area[] {
  const found = [...positive, ...negative].flatMap(({ area }) => (area ? [[areaKey(area), area] as const] : []));
  return [...new Map(found).values()];
}

export const areaKey = ({ x, y, width, height }: Area): string => [x, y, width, height].join();

export interface GuidedCall {
  latent: LatentSize;
  /** Runner for the whole latent, or for a part of it. */
  runnerFor(area: Area | undefined): UnetRunner;
  /** Predictions of x0 for each row. */
  predict(x: Float32Array, rows: readonly UnetRow[], runner: UnetRunner): Promise<Float32Array[]>;
  sigmaOf(timestep: number): number;
}

/** Which of them count there: a letter each. */
export const countingAt = (
  { positive, negative }: PlacedGuides,
  sigma: number,
  sigmaOf: GuidedCall['sigmaOf'],
): string => [...positive, ...negative].map((guide) => (counts(guide, sigma, sigmaOf) ? 'y' : 'n')).join('');

const counts = (guide: PlacedGuide, sigma: number, sigmaOf: GuidedCall['sigmaOf']): boolean =>
  acts('comfyui', guide, { sigma, reported: 0, steps: 1 }, sigmaOf);

/** @returns for each side the mean of its answers; zeros where none counts at this sigma */
export async function guidedAnswers(
  x: Float32Array,
  sigma: number,
  { positive, negative }: PlacedGuides,
  call: GuidedCall,
): Promise<{ positive: Float32Array; negative: Float32Array }> {
  const { latent } = call;
  const channels = x.length / (latent.width * latent.height);
  const sums = { positive: new WeighedAnswers(latent, channels), negative: new WeighedAnswers(latent, channels) };
  const asked = [
    ...positive.map((guide) => ({ guide, isPositive: true })),
    ...negative.map((guide) => ({ guide, isPositive: false })),
  ].filter(({ guide }) => counts(guide, sigma, (t) => call.sigmaOf(t)));
  for (const group of byArea(asked)) {
    const [
      {
        guide: { area },
      },
    ] = group;
    const part = area ? cutTile(x, latent, area) : x;
    const rows = group.map(({ guide: { context }, isPositive }) => ({ context, isPositive }));
    const answers = await call.predict(part, rows, call.runnerFor(area));
    group.forEach(({ guide, isPositive }, i) =>
      sums[isPositive ? 'positive' : 'negative'].add(answers[i], guide.weights, area),
    );
  }
  return { positive: sums.positive.mean(), negative: sums.negative.mean() };
}

interface Asked {
  guide: PlacedGuide;
  isPositive: boolean;
}

/** Those of the same area go through the model together. */
function byArea(asked: readonly Asked[]): Asked[][] {
  const groups = new Map<string, Asked[]>();
  for (const one of asked) {
    const key = JSON.stringify(one.guide.area ?? null);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}
