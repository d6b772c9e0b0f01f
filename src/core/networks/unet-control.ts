/**
 * What ControlNets and T2I-Adapters add to a U-Net's maps, as inputs of its graph. A ControlNet's residuals join the maps that are kept, just
 * before the way up takes them, and the middle; an adapter's features join the running map before it is kept.
 * @see diffusers unet_2d_condition.py, down_block_additional_residuals, down_intrablock_additional_residuals
 */
import { AppError } from '../errors';
import { addTo, fromNchw, type GraphBuilder, type Value } from '../graph';
import type { UnetConfig } from './unet-config';
import type { ControlForm } from './control-form';
import type { DownTaps } from './unet-encoder';

export interface Controlled {
  taps: DownTaps;
  skip(place: number, x: Value): Value;
  middle(x: Value): Value;
}

export const residualName = (place: number): string => `residual_${place}`;
/** Name of a ControlNet's input: see controlnet.ts. */
export const regionName = (level: number): string => `region_${level}`;
export const featureName = (place: number): string => `feature_${place}`;

/** The maps that are kept, and the middle. */
export const countResiduals = ({ levels, layersPerBlock }: Pick<UnetConfig, 'levels' | 'layersPerBlock'>): number =>
  levels.length * (layersPerBlock + 1) + 1;

interface Leveled {
  levels: readonly unknown[];
}

/** Whether features of these divisors of the latent's sides are for such a U-Net. */
export const takesFeatures = (unet: Leveled, divisors: readonly number[]): boolean =>
  placesOf(unet, divisors) !== undefined;

/** Where features join a U-Net: a level's last map, its halved map, or the middle. */
type Place = { level: number; isHalved: boolean } | 'middle';

/**
 * By their sizes: a level's feature is as large as its last map, or, where it has no attention, as the map that it goes on with halved.
 * @returns undefined where they are of another U-Net
 */
function placesOf({ levels }: Leveled, features: readonly number[]): Place[] | undefined {
  const places = features.map((divisor, level): Place | undefined => {
    if (level === levels.length) return divisor === 2 ** (level - 1) ? 'middle' : undefined;
    if (level > levels.length) return undefined;
    if (divisor === 2 ** level) return { level, isHalved: false };
    return divisor === 2 ** (level + 1) && level < levels.length - 1 ? { level, isHalved: true } : undefined;
  });
  return places.every((place) => place !== undefined) ? places : undefined;
}

/** Number of the map that each feature joins, among those in the order in which they are made; the middle is the last. @param divisors  as takesFeatures */
export function featureMaps(unet: Leveled & Pick<UnetConfig, 'layersPerBlock'>, divisors: readonly number[]): number[] {
  const perLevel = unet.layersPerBlock + 1;
  return (placesOf(unet, divisors) ?? []).map((place) => {
    if (place === 'middle') return unet.levels.length * perLevel;
    return place.isHalved ? (place.level + 1) * perLevel : place.level * perLevel + unet.layersPerBlock;
  });
}

/** Declares the inputs. @throws AppError 'bad-request' where features are not of such a U-Net */
export function controlled(
  g: GraphBuilder,
  config: UnetConfig,
  { residuals, features }: Omit<ControlForm, 'images' | 'hasRegions'>,
): Controlled {
  const count = residuals ? countResiduals(config) : 0;
  const added = Array.from({ length: count }, (_, k) => summand(g, residualName(k), residuals === 'native'));
  const places = features && placesOf(config, features);
  if (features && !places)
    throw new AppError('bad-request', 'This T2I-Adapter is for another kind of U-Net: its features have other sizes.');
  const joined = (places ?? []).map((place, i) => ({ place, feature: summand(g, featureName(i), false) }));
  const joinAt = (x: Value, isHere: (place: Place) => boolean): Value =>
    joined.filter(({ place }) => isHere(place)).reduce((sum, { feature }) => addTo(g, sum, feature), x);
  const at =
    (isHalved: boolean) =>
    (level: number, x: Value): Value =>
      joinAt(x, (place) => place !== 'middle' && place.level === level && place.isHalved === isHalved);
  return {
    taps: { afterLayers: at(false), afterHalving: at(true) },
    skip: (place, x) => (count > 0 ? addTo(g, x, added[place]) : x),
    middle: (x) => {
      const featured = joinAt(x, (place) => place === 'middle');
      return count > 0 ? addTo(g, featured, added[count - 1]) : featured;
    },
  };
}

/** An input of any size that can be spread over the map: where nothing is added it is one zero. */
function summand(g: GraphBuilder, name: string, isNative: boolean): Value {
  const dims = ['a', 'b', 'c', 'd'].map((axis) => `${name}_${axis}`);
  return isNative ? g.nativeInput(name, dims) : fromNchw(g, g.input(name, 'float32', dims));
}
