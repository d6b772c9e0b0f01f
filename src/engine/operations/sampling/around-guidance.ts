/** Guidance with what settings put around it: functions before and after, dynamic thresholding in its place, and what is kept from call to call. */
import {
  patchOf,
  readPatches,
  remembers,
  thresholded,
  thresholdScale,
  type Answers,
  type GuidedAt,
  type PatchUse,
  type ThresholdTerms,
} from '../../../core/guidance';
import type { DiscreteSchedule } from '../../../core/schedules';
import type { SettingsOf } from '../../../core/workflow';

type Settings = Pick<
  SettingsOf<'sample'>,
  | ('patches' | 'mahiro' | 'epsScaling')
  | (
      | 'dynthres'
      | 'dynthresMimicScale'
      | 'dynthresMimicMode'
      | 'dynthresMimicMin'
      | 'dynthresCfgMode'
      | 'dynthresCfgMin'
    )
  | ('dynthresValue' | 'dynthresPercentile' | 'dynthresSeparate' | 'dynthresStart' | 'dynthresMeasure' | 'dynthresPhi')
>;

/** Sums of the calls before, one for each function that keeps one; none before the first call. */
export type Memory = readonly Float32Array[];

/** Where in a picture a call is: from 0, of as many as A1111 counts. */
interface CallIn {
  call: number;
  calls: number;
  sigma: number;
  schedule: Pick<DiscreteSchedule, 'sigmaToT'>;
}

/** Timesteps of the model, by which Forge and ComfyUI count. */
const [LAST_STEP, STEPS_BETWEEN] = [999, 998];

export class AroundGuidance {
  readonly #settings: Settings;
  readonly #uses: readonly PatchUse[];

  /** @throws AppError 'bad-request' for a text that says no patches */
  constructor(settings: Settings) {
    this.#settings = settings;
    const { patches, mahiro, epsScaling } = settings;
    this.#uses = [
      ...readPatches(patches),
      ...(mahiro ? [{ id: 'mahiro', values: [] } as const] : []),
      ...(epsScaling === 1 ? [] : [{ id: 'epsilon_scaling', values: [epsScaling] } as const]),
    ];
  }

  /** Nothing is put around it. */
  get isPlain(): boolean {
    return this.#uses.length === 0 && !this.isThresholded;
  }

  get isThresholded(): boolean {
    return this.#settings.dynthres !== 'none';
  }

  /** The answers of the calls before have a share in the next. */
  get remembers(): boolean {
    return remembers(this.#uses);
  }

  /** What is in place of plain guidance for `at`; undefined where nothing is. */
  instead(answers: Answers, at: GuidedAt, where: CallIn): Float32Array | undefined {
    if (this.isThresholded) return thresholded({ ...answers, ...this.#thresholds(at, where) });
    const use = this.#uses.findLast(({ id }) => patchOf(id).stage === 'instead');
    const patch = use && patchOf(use.id);
    return patch?.stage === 'instead' ? patch.run(answers, at, use?.values ?? []) : undefined;
  }

  /** Both scales of a call, as a word that is another when they are others. */
  scalesAt(scale: number, where: CallIn): string {
    return this.isThresholded ? this.#scales(scale, where).join() : '';
  }

  /** The functions before guidance, in their order. */
  before(answers: Answers, at: GuidedAt, memory: Memory): { answers: Answers; memory: Memory } {
    let changed = answers;
    const kept: Float32Array[] = [];
    for (const { id, values } of this.#uses) {
      const patch = patchOf(id);
      if (patch.stage !== 'before') continue;
      const { sum, ...made } = patch.run(changed, at, values, memory[kept.length]);
      if (sum && patch.remembers?.(values)) kept.push(sum);
      changed = made;
    }
    return { answers: changed, memory: kept };
  }

  /**
   * The functions after guidance, in their order.
   *
   * @param self  what guidance by weaker answers makes of it, in place: of all that are left to do, or of one kind
   */
  async after(
    guided: Float32Array,
    answers: Answers,
    at: GuidedAt,
    self: (guided: Float32Array, kinds: readonly ('pag' | 'sag')[]) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    const placed = this.#uses.map(({ id }) => id);
    let made = await self(
      guided,
      (['pag', 'sag'] as const).filter((kind) => !placed.includes(kind)),
    );
    for (const { id, values } of this.#uses) {
      const patch = patchOf(id);
      if (id === 'pag' || id === 'sag') made = await self(made, [id]);
      else if (patch.stage === 'after') made = patch.run(made, answers, at, values);
    }
    return made;
  }

  #scales(scale: number, where: CallIn): [own: number, mimic: number] {
    const { dynthresValue: value, ...said } = this.#settings;
    const progress = said.dynthres === 'steps' ? ofSteps(where) : ofLevels(where);
    const own = { scale, mode: said.dynthresCfgMode, min: said.dynthresCfgMin };
    const mimic = { scale: said.dynthresMimicScale, mode: said.dynthresMimicMode, min: said.dynthresMimicMin };
    return [thresholdScale({ ...own, value, progress }), thresholdScale({ ...mimic, value, progress })];
  }

  #thresholds({ scale, width, height }: GuidedAt, where: CallIn): Omit<ThresholdTerms, keyof Answers> {
    const said = this.#settings;
    const [own, mimic] = this.#scales(scale, where);
    return {
      ...{ scale: own, mimic, cells: width * height },
      ...{ percentile: said.dynthresPercentile, separate: said.dynthresSeparate, start: said.dynthresStart },
      ...{ measure: said.dynthresMeasure, phi: said.dynthresPhi },
    };
  }
}

/** A single step has 0. */
const ofSteps = ({ call, calls }: CallIn): number => (calls > 1 ? call / (calls - 1) : 0);

/** By the timestep nearest to sigma. */
const ofLevels = ({ sigma, schedule }: CallIn): number =>
  (LAST_STEP - Math.round(schedule.sigmaToT(sigma))) / STEPS_BETWEEN;
