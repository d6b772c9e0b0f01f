/** Units on a picture: their hints encoded before its first step, and in each step what they add to the denoiser's maps. */
import { acts, type CallAt } from '../../../core/control/active-steps';
import { featureScales, isOfPositiveAlone } from '../../../core/control/control-scales';
import { AppError } from '../../../core/errors';
import { needsMask } from '../../../core/hints/preprocessors';
import type { Activations } from '../../../core/graph';
import { cutTile, type Tile } from '../../../core/image';
import {
  featureMaps,
  featureName,
  residualName,
  wholeMaps,
  type ControlForm,
  type EncoderSizes,
  type LatentSize,
} from '../../../core/networks';
import type { NetworkInputs } from '../../../core/networks/network';
import type { Control } from '../../models/control';
import { isRead, readPicture, type Looking, type ReadPicture } from '../../models/picture-reader';
import type { Controls } from '../../models/loaded-controls';
import type { ControlBytes, Model } from '../../models/model';
import type { Beside, KeptTensor, NamedTensor, RawTensor } from '../../ports';
import { fittedTo } from '../fit-to-latent';
import { assertFits, assertModule, kindIndex } from './control-fit';
import { hintPlanes } from './hint-planes';
import { Pictures, type ControlledRow } from './pictures';
import { alike, rowScales, summedRows, ZERO_DIMS } from './unit-rows';
import { regionInputs, regionLevels, regionOf, withinRegion, type Region } from './regions';
import type { ControlUse } from '../implementation';

export interface StepInputs {
  /** The denoiser's, without what an inpainting one sees beside the latent. */
  inputs: Record<string, NamedTensor>;
  rows: readonly ControlledRow[];
  /** Which of the denoiser's maps are smaller in this call: see core/networks, SHRINK. */
  shrink?: NamedTensor | undefined;
  at: CallAt;
  sigmaOf(timestep: number): number;
}

/** What a model call is given besides. */
export interface AddedMaps {
  beside: Beside;
  /** Called after the denoiser has run. */
  dispose(): void;
}

interface Unit {
  use: ControlUse;
  control: Control;
  /** What the steps of a ControlNet are given of its hint. */
  hint?: Record<string, NamedTensor>;
  /** Features that a T2I-Adapter made of its hint. */
  features?: readonly NamedTensor[];
  /** What an IP-Adapter read of its picture. */
  picture?: ReadPicture;
  /** Where it acts; without one everywhere. */
  region?: Region | undefined;
}

export interface PreparedControls {
  /** A unit that differs between what is guided towards and what is not needs rows of their own. */
  tellsRowsApart: boolean;
  maps(step: StepInputs): Promise<AddedMaps>;
  /** Which units act there: a letter each. */
  acting(at: CallAt, sigmaOf: StepInputs['sigmaOf']): string;
}

export interface PreparingControls {
  model: Model;
  size: LatentSize;
  controls: Controls;
  /** Type of the denoiser's activations. */
  activations: Activations;
  pause(): Promise<void>;
  /** Parts of the latent, each of which is asked by itself: hints are cut as it is. */
  tiles?: readonly Tile[] | undefined;
  /** After the first, hints are fitted to each tile as they are, as ComfyUI has it with areas. */
  fitsTiles?: boolean;
}

/**
 * Hints are encoded one after another; what encodes them is gone when this ends. From then on the denoiser is to be loaded in its new shape.
 * @returns for each tile, or for the whole; undefined where nothing is added, and the denoiser has no inputs for it
 * @throws AppError 'bad-request' where a unit is not for the model
 */
export async function prepareControls(
  uses: readonly ControlUse[],
  {
    model,
    size,
    controls,
    activations,
    pause,
    tiles = [{ x: 0, y: 0, ...size }],
    fitsTiles = false,
  }: PreparingControls,
): Promise<PreparedControls[] | undefined> {
  const active = uses.filter(({ weight }) => weight !== 0);
  await controls.retain(active.map(({ id }) => id));
  const found: { use: ControlUse; control: Control }[] = [];
  for (const use of active) {
    const control = await controls.get(use.id);
    assertFits(control, model);
    assertModule(use, control);
    await control.standOn(model.controlBase);
    found.push({ use, control });
  }
  await model.makeRoom(await bytesOf(found, { controls, activations }));
  const all: Unit[][] = tiles.map(() => []);
  for (const { use, control } of found)
    for (const [i, tile] of tiles.entries()) {
      await pause();
      const region = regionOf(use, tile, model.traits.latentFactor);
      const isFitted = fitsTiles && i > 0;
      const made = await encoded(use, control, { model, size, tile, isFitted, activations, controls, region });
      all[i].push({ use, control, region, ...made });
    }
  const form = model.changes.useControl(formOf(all[0], model));
  if (Object.keys(form).length === 0) return undefined;
  const { encoderSizes: encoder } = model;
  const { residuals: count = 0, crossLayers = [], levels = [] } = encoder ?? {};
  const imageWidth = crossLayers.reduce((sum, channels) => sum + channels, 0);
  return all.map(
    (units) => new Prepared(units, { form, count, levels: levels.length, imageWidth, activations, encoder }),
  );
}

/** One network with two hints is loaded once; what was read already is not loaded for it. */
async function bytesOf(
  found: readonly { use: ControlUse; control: Control }[],
  { controls, activations }: Pick<PreparingControls, 'controls' | 'activations'>,
): Promise<ControlBytes> {
  const beside = new Map<Control, number>();
  let alone = 0;
  for (const { use, control } of found) {
    const own = control.bytes(activations);
    beside.set(control, own.beside);
    const tower = control.imagePrompt && (await controls.towerFor(control));
    if (tower && isRead(control, tower, lookingOf(use, activations))) continue;
    alone = Math.max(alone, own.alone, tower?.bytes(activations).alone ?? 0);
  }
  return { beside: [...beside.values()].reduce((sum, bytes) => sum + bytes, 0), alone };
}

const lookingOf = ({ pixels, more = [], join = 'concat' }: ControlUse, activations: Activations): Looking => ({
  pictures: [pixels, ...more],
  join,
  activations,
});

/** What the denoiser must have inputs for. */
function formOf(units: readonly Unit[], { traits: { latentFactor } }: Model): ControlForm {
  const adapters = units.flatMap(({ control }) => control.features ?? []);
  const divisors = adapters.map(({ factors }) => factors.map((factor) => factor / latentFactor));
  const pictures = units.filter(({ picture }) => picture).length;
  if (divisors.some((one) => one.join() !== divisors[0].join()))
    throw new AppError('bad-request', 'T2I-Adapters of different kinds cannot be used together: switch one off.');
  return {
    ...(units.some(({ hint }) => hint) && { residuals: 'native' }),
    ...(divisors.length > 0 && { features: divisors[0] }),
    ...(pictures > 0 && { images: pictures }),
    ...(units.some(({ picture, region }) => picture && region) && { hasRegions: true }),
  };
}

type Encoding = Pick<PreparingControls, 'model' | 'size' | 'activations' | 'controls'> & {
  tile: Tile;
  isFitted: boolean;
  region: Region | undefined;
};

async function encoded(use: ControlUse, control: Control, encoding: Encoding) {
  const { model, activations, controls, region } = encoding;
  if (control.imagePrompt) {
    const tower = await controls.towerFor(control);
    return { picture: await readPicture(control, tower, lookingOf(use, activations)) };
  }
  const { latentFactor } = model.traits;
  const hint = hintOf(use, control, encoding);
  if (control.features) {
    const features = await control.makeFeatures(hint, latentFactor, activations);
    return { features: features.map((feature) => withinRegion(feature, region)) };
  }
  const kind = kindIndex(use, control);
  const inputs: NetworkInputs =
    kind === undefined ? { hint } : { hint, kind: { data: Int32Array.of(kind), dims: [1] } };
  return { hint: await control.encodeHint(inputs, activations) };
}

/** The hint in the pixels that the model wants, cut to the tile. */
function hintOf(use: ControlUse, control: Control, { model, size, tile, isFitted }: Encoding): NamedTensor {
  const { latentFactor, sizeStep } = model.traits;
  const inPixels = ({ height, width }: LatentSize) => ({ height: height * latentFactor, width: width * latentFactor });
  const masked = maskedLevel(use, control);
  if (isFitted) {
    const to = inPixels(tile);
    return hintPlanes(fittedTo(use.whole ?? use.pixels, to), to, sizeStep, masked);
  }
  return cutHint(hintPlanes(use.pixels, inPixels(size), sizeStep, masked), tile, latentFactor);
}

/** @param tile  in cells @param factor  pixels of one */
function cutHint({ data, dims: [, , height, width] }: NamedTensor, tile: Tile, factor: number): NamedTensor {
  const [x, y] = [tile.x * factor, tile.y * factor];
  const part = { height: tile.height * factor, width: tile.width * factor };
  const cut = cutTile(data as Float32Array, { height, width }, { x, y, ...part });
  return { data: cut, dims: [1, 3, part.height, part.width] };
}

/** What a network sees where to repaint; undefined where its hint has no mask. @see reference: diffusers make_inpaint_condition; xinsir's Union, where it is black */
function maskedLevel({ module }: ControlUse, { control }: Control): number | undefined {
  if (!needsMask(module)) return undefined;
  return (control?.kinds ?? 0) > 0 ? 0 : -1;
}

interface PreparedFor {
  /** Form of the denoiser: it may have inputs for what these units do not add. */
  form: ControlForm;
  /** How many residuals it takes. */
  count: number;
  /** Sizes of the denoiser's maps. */
  levels: number;
  encoder: EncoderSizes | undefined;
  /** Channels of all of its cross-attentions. */
  imageWidth: number;
  activations: Activations;
}

class Prepared implements PreparedControls {
  readonly #units: readonly Unit[];
  readonly #for: PreparedFor;
  readonly #pictures: Pictures;
  /** Those that have a picture. */
  readonly #reading: readonly Unit[];
  readonly tellsRowsApart: boolean;

  constructor(units: readonly Unit[], whom: PreparedFor) {
    this.#units = units;
    this.#for = whom;
    this.tellsRowsApart = units.some(
      ({ use, control, picture }) =>
        picture !== undefined || isOfPositiveAlone(use.mode) || control.control?.pools === true,
    );
    this.#reading = units.filter(({ picture }) => picture);
    const { levels } = whom;
    const read = units.flatMap(({ picture, region, use: { weight } }) =>
      picture ? [{ read: picture, weight, ...(region && { levels: regionLevels(region, levels) }) }] : [],
    );
    this.#pictures = new Pictures(read, { width: whom.imageWidth, levels: whom.form.hasRegions ? levels : 0 });
  }

  acting(at: CallAt, sigmaOf: StepInputs['sigmaOf']): string {
    return this.#units.map(({ use }) => (acts(use.range, use, at, sigmaOf) ? 'y' : 'n')).join('');
  }

  async maps(step: StepInputs): Promise<AddedMaps> {
    const on = this.#units.filter(({ use }) => acts(use.range, use, step.at, (t) => step.sigmaOf(t)));
    const { residuals, dispose } = this.#for.form.residuals ? await this.#residuals(on, step) : NO_RESIDUALS;
    const pictures = this.#pictures.inputs(this.#for.form.images ?? 0, step.rows, (i) => on.includes(this.#reading[i]));
    return { beside: { ...residuals, ...this.#features(on, step), ...pictures }, dispose };
  }

  /** Residuals of all ControlNets, asked one after another and added up. */
  async #residuals(on: readonly Unit[], step: StepInputs) {
    const { inputs, rows } = step;
    const { count, levels, activations } = this.#for;
    const names = Array.from({ length: count }, (_, k) => residualName(k));
    const addsUp = this.#units.filter(({ hint }) => hint).length > 1;
    let sum: Record<string, KeptTensor> | undefined;
    for (const unit of on) {
      if (!unit.hint) continue;
      const scales = rowScales(unit, rows);
      if (!scales) continue;
      const previous: Record<string, KeptTensor | RawTensor> = addsUp
        ? Object.fromEntries(names.map((name, k) => [`previous_${k}`, sum?.[name] ?? this.#zero()]))
        : {};
      const hasRegion = this.#units.some(({ control, region }) => control === unit.control && region);
      const given = {
        ...alike(inputs, scales.taken),
        ...unit.hint,
        ...(hasRegion && regionInputs(unit.region, levels)),
        control_scale: scales.tensor,
      };
      const next = await unit.control.step(given, previous, { activations, addsUp, hasRegion });
      disposeAll(sum);
      sum = next;
    }
    const made = sum;
    const isWhole = this.#wholeMaps(step)?.map(({ kept }) => kept);
    const residuals: Beside = Object.fromEntries(
      names.map((name, k) => [name, isWhole?.[k] === false ? this.#zero() : (made?.[name] ?? this.#zero())]),
    );
    return { residuals, dispose: () => disposeAll(made) };
  }

  /** Which maps can be added to in a call that makes some of them smaller. */
  #wholeMaps({ shrink, inputs }: StepInputs): ReturnType<typeof wholeMaps> | undefined {
    const { encoder } = this.#for;
    const [, , height, width] = inputs['sample'].dims;
    return shrink && encoder ? wholeMaps(shrink.data, encoder, { height, width }) : undefined;
  }

  /** A zero in the type of the denoiser's maps. */
  #zero(): RawTensor {
    const data = this.#for.activations === 'float16' ? new Uint16Array(1) : new Float32Array(1);
    return { data, dims: ZERO_DIMS };
  }

  /** The sum of all adapters', each times what it is worth. */
  #features(on: readonly Unit[], step: StepInputs): Record<string, RawTensor> {
    const { rows } = step;
    const { form, encoder } = this.#for;
    const count = form.features?.length ?? 0;
    const whole = this.#wholeMaps(step);
    const joins = whole && encoder ? featureMaps(encoder, form.features ?? []) : [];
    const found = on.flatMap(({ features, use }) => (features ? [{ features, use }] : []));
    return Object.fromEntries(
      Array.from({ length: count }, (_, i): [string, RawTensor] => {
        const parts = found.map(({ features, use }) => {
          const scale = featureScales(count, use)[i];
          return rows.map(({ isPositive }) => ({
            map: features[i],
            scale: isPositive || !isOfPositiveAlone(use.mode) ? scale : 0,
          }));
        });
        const isWhole = whole?.[joins[i]]?.running ?? true;
        return [featureName(i), summedRows(isWhole ? parts : [], rows.length)];
      }),
    );
  }
}

const NO_RESIDUALS = { residuals: {}, dispose: () => undefined };

const disposeAll = (tensors: Record<string, KeptTensor> | undefined): void =>
  Object.values(tensors ?? {}).forEach((tensor) => void tensor.dispose());
