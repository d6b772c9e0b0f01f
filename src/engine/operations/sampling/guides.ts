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
  /** Perp-Neg's text that says nothing. */
  empty?: readonly PlacedGuide[];
}

/** A text that counts everywhere and always. */
const EVERYWHERE = { mask: undefined, area: undefined, strength: 1, maskStrength: 1, start: 0, end: 1 };

/** @param empty  `isApart`: it is asked for the whole alone, whatever areas others have @throws AppError 'bad-request' where an area lies outside of the latent */
export function placeGuides(
  uses: readonly GuideUse[],
  latent: LatentSize & { factor: number },
  empty?: { context: Context; isApart: boolean },
): PlacedGuides {
  const place = ({ prompt, mask, ...use }: GuideUse): Omit<PlacedGuide, 'weights'> => {
    const cells = mask && latentMask(mask, latent, 'comfyui');
    const { strength, maskStrength, start, end } = use;
    const area = areaOf(use, latent, cells);
    return { context: contextOf(prompt), area, mask: cells, strength, maskStrength, start, end };
  };
  const side = (isNegative: boolean) => uses.filter((use) => use.isNegative === isNegative).map(place);
  const [positive, negative] = [side(false), side(true)];
  const blank: typeof positive = empty ? [{ ...EVERYWHERE, context: empty.context }] : [];
  const lists = empty && !empty.isApart ? [positive, blank, negative] : [positive, negative];
  addCounterparts(lists, (placed, { context }) => ({ ...placed, context }));
  const weighed = (guide: (typeof positive)[number]): PlacedGuide => {
    const area = guide.area && within(guide.area, latent);
    return { ...guide, area, weights: regionWeights(guide, area, latent) };
  };
  return {
    positive: positive.map(weighed),
    negative: negative.map(weighed),
    ...(empty && { empty: blank.map(weighed) }),
  };
}

/** Parts of the latent that some of them are for, each once. */
export function areasOf({ positive, negative, empty = [] }: PlacedGuides): Area[] {
  const found = [...positive, ...negative, ...empty].flatMap(({ area }) =>
    area ? [[areaKey(area), area] as const] : [],
  );
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
  { positive, negative, empty = [] }: PlacedGuides,
  sigma: number,
  sigmaOf: GuidedCall['sigmaOf'],
): string => [...positive, ...negative, ...empty].map((guide) => (counts(guide, sigma, sigmaOf) ? 'y' : 'n')).join('');

const counts = (guide: PlacedGuide, sigma: number, sigmaOf: GuidedCall['sigmaOf']): boolean =>
  acts('comfyui', guide, { sigma, reported: 0, steps: 1 }, sigmaOf);

/** For each side the mean of its answers; zeros where none counts. */
interface Answers {
  positive: Float32Array;
  negative: Float32Array;
  empty: Float32Array;
}

type Side = keyof Answers;

/** @param onAttention  is told what the denoiser saw for the last text of the negative side that counts: ComfyUI takes that one's */
export async function guidedAnswers(
  x: Float32Array,
  sigma: number,
  { positive, negative, empty = [] }: PlacedGuides,
  call: GuidedCall & { onAttention?: UnetRow['onAttention'] },
): Promise<Answers> {
  const { latent, onAttention } = call;
  const channels = x.length / (latent.width * latent.height);
  const sums = new Map<Side, WeighedAnswers>(
    (['positive', 'negative', 'empty'] as const).map((side) => [side, new WeighedAnswers(latent, channels)]),
  );
  const of = (side: Side, guides: readonly PlacedGuide[]): Asked[] => guides.map((guide) => ({ guide, side }));
  const asked = [...of('positive', positive), ...of('negative', negative), ...of('empty', empty)].filter(({ guide }) =>
    counts(guide, sigma, (t) => call.sigmaOf(t)),
  );
  const last = asked.findLast(({ side }) => side === 'negative');
  for (const group of byArea(asked)) {
    const { area } = group[0].guide;
    const part = area ? cutTile(x, latent, area) : x;
    const rows = group.map((one): UnetRow => ({
      context: one.guide.context,
      isPositive: one.side === 'positive',
      isEmpty: one.side === 'empty',
      ...(one === last && onAttention && { onAttention }),
    }));
    const answers = await call.predict(part, rows, call.runnerFor(area));
    group.forEach(({ guide, side }, i) => sums.get(side)?.add(answers[i], guide.weights, area));
  }
  const meanOf = (side: Side): Float32Array => sums.get(side)?.mean() ?? new Float32Array(x.length);
  return { positive: meanOf('positive'), negative: meanOf('negative'), empty: meanOf('empty') };
}

interface Asked {
  guide: PlacedGuide;
  side: Side;
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
