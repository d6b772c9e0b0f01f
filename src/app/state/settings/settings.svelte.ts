/** What the controls hold: the next request, as typed, right or wrong; `toRequest()` is its only way out. */
import { MAX_BATCH } from '../../../core/recipe/batch';
import type { Catalog, ModelEntry } from '../../../core/catalog';
import { AppError } from '../../../core/errors';
import { unitsOf, type ControlDraft } from '../../../core/recipe/control/unit';
import { isPixelHash } from '../../../core/image/is-pixel-hash';
import { stepsNote, type Choice } from '../../../core/recipe/has-effect';
import type { Change } from '../../../core/recipe/infotext';
import { keptShape } from '../../../core/recipe/kept';
import { fieldProblem, numberRangeProblem } from '../../../core/recipe/problems';
import { paintsOneSize } from '../../../core/recipe/size-limits';
import { redrawProblems, REDRAWN_SIDE } from '../../../core/recipe/redraw';
import {
  ADVANCED_DEFAULTS,
  BASIC_IDS,
  FIELD_DEFAULTS,
  fieldOf,
  type AdvancedId,
  type AdvancedSettings,
  type BasicId,
  type FieldId as SettingId,
  type GenerationRequest,
} from '../../../core/recipe/request';
import type { CountReading, ProviderChoice } from '../../../engine/api';
import { GPU_MEMORY, isProviderChoice, type DeviceChoice } from '../device/device-choice';
import { Advanced, type AdvancedDraft } from './advanced.svelte';
import { Basics, PAGE_IDS, type NumberDraft } from './basics.svelte';
import { drawSeed, RANDOM_SEED, seedProblem } from './seed';
import { isUsualOf, usualOf, withoutUsual } from './usual-enlarger';

export type { NumberDraft };

/** How the form is kept, with the page's own choices beside it. */
export const KEPT_FORM = keptShape();

/** A control that can hold something wrong. */
export type FieldId = SettingId | 'batchCount' | 'initImage' | 'initMask' | 'control';

export const BATCH_COUNT = { label: 'Batch count', min: 1, max: MAX_BATCH, step: 1, integer: true } as const;

const isBasic = (id: SettingId): id is BasicId => fieldOf(id).isBasic === true;

/** A person's own defaults, as `toStored` has them. */
export interface MyDefaults {
  fields: Record<string, unknown>;
  batchCount: unknown;
  advanced: unknown;
}

export interface Snapshot {
  modelId: string;
  extras: Readonly<Record<string, string>>;
  fields: Record<string, unknown>;
  advanced: Record<AdvancedId, AdvancedDraft>;
  initImage: string | undefined;
  initMask: string | undefined;
  control: readonly ControlDraft[];
  batchCount: number | null;
}

type Models = Pick<Catalog, 'models'>;

export class Settings extends Basics {
  readonly #catalog: Models;
  readonly #pictureProblem: (hash: string, what: 'picture' | 'mask') => string | undefined;
  #modelId = $state('');
  /** Where pictures come enlarged by default, that was switched off when the form last left such a model. */
  #isPlain = false;

  provider = $state<ProviderChoice>('auto');
  /** A key of GPU_MEMORY. */
  gpuMemory = $state('auto');
  /** Pictures that one press of Generate asks for. */
  batchCount = $state<NumberDraft>(1);

  /** The picture it starts from, by its hash; undefined: it starts from noise. */
  initImage = $state<string>();
  /** The mask of what is repainted of that picture, by its hash; undefined: all of it. */
  initMask = $state<string>();

  /** Units that control it, those that are off among them. */
  control = $state.raw<readonly ControlDraft[]>([]);
  /** What is wrong with them, by the part of the form that shows them. */
  controlProblem = $state<string>();

  /** Keys of a recipe from elsewhere that mean nothing here: they are written into the pictures made with it. */
  extras = $state.raw<Readonly<Record<string, string>>>({});

  readonly advanced: Advanced;

  /** What the person likes of each model, by its id: in the place of what it comes with. */
  mine = $state.raw<Readonly<Record<string, MyDefaults>>>({});

  readonly model: ModelEntry = $derived.by(() => this.#findModel(this.#modelId));
  /** One sentence for each field that is wrong, in the order of the page. */
  readonly problems = $derived.by(() => this.#findProblems());

  /**
   * @param catalog  its models may change while the page is open
   * @param pictureProblem  why it cannot start from that picture, or that mask; asked whenever that may have changed
   */
  constructor(
    catalog: Models,
    stored: Record<string, unknown> = {},
    pictureProblem: (hash: string, what: 'picture' | 'mask') => string | undefined = () => undefined,
  ) {
    super();
    this.#catalog = catalog;
    this.#pictureProblem = pictureProblem;
    const choice = (): Choice => {
      const hasPicture = this.initImage !== undefined;
      const hasOneSize = paintsOneSize(this.model.size);
      const hasMask = this.initMask !== undefined;
      return { sampler: this.sampler, schedule: this.schedule, hasPicture, hasMask, hasOneSize };
    };
    this.advanced = new Advanced(choice, undefined, () => usualOf(this.model));
    const id = stored['model'];
    this.#modelId = this.#findModel(typeof id === 'string' ? id : '').id;
    this.useDefaults();
    this.advanced.restore(stored['advanced']);
    this.#isPlain = stored['isPlain'] === true;
    this.#restore(stored);
  }

  get isSound(): boolean {
    return Object.keys(this.problems).length === 0;
  }
  /** That of a model that may not be here any more. */
  get chosenId(): string {
    return this.#modelId;
  }

  /** Chooses a model and takes the settings it likes. @param left  that which the form was made for, where its place has been taken already */
  useModel(id: string, left: Pick<ModelEntry, 'enlarger'> = this.model): void {
    const isUsual = isUsualOf(left, this.advanced.get('enlarger'));
    this.#leave(left);
    this.#modelId = this.#findModel(id).id;
    if (isUsual && !this.#isPlain) this.advanced.reset('enlarger');
    else if (isUsual) this.advanced.set('enlarger', ADVANCED_DEFAULTS.enlarger);
    this.#useLikes();
  }

  #leave({ enlarger }: Pick<ModelEntry, 'enlarger'>): void {
    if (enlarger !== undefined) this.#isPlain = this.advanced.get('enlarger') === ADVANCED_DEFAULTS.enlarger;
  }

  /** Takes over what was kept, once its model is there; what has been typed by then stays. */
  reopen(stored: Record<string, unknown>): void {
    const { model } = stored;
    if (typeof model !== 'string' || this.#findModel(model).id !== model || model === this.#modelId) return;
    const { drafts } = this.advanced;
    this.useModel(model);
    this.#isPlain = stored['isPlain'] === true;
    if (stored['advanced'] !== undefined) this.advanced.setAll(drafts);
    const { prompt, negativePrompt, initImage, initMask, control } = this;
    this.#restore({ ...stored, prompt, negativePrompt, initImage, initMask, control });
  }

  /** Takes over what the storage told late, and what was typed meanwhile with it. */
  takeLate(stored: Record<string, unknown>): void {
    if (typeof stored['model'] === 'string') this.chooseModel(stored['model']);
    this.#isPlain = stored['isPlain'] === true;
    this.advanced.restore(stored['advanced']);
    this.#restore(stored);
  }

  /** What the person likes of the model, else what it comes with; prompts and seed stay. */
  useDefaults(): void {
    this.advanced.useUsual();
    this.#useLikes();
  }

  #useLikes(): void {
    Object.assign(this, this.model.defaults);
    const mine = this.mine[this.#modelId];
    if (!mine) return;
    this.#restore({ ...mine.fields, batchCount: mine.batchCount });
    this.advanced.useRequest({});
    this.advanced.restore(mine.advanced);
  }

  /** Chooses a model and leaves everything else as it is. */
  chooseModel(id: string): void {
    if (!this.hasModel(id)) return;
    this.#leave(this.model);
    this.#modelId = id;
  }

  hasModel(id: string): boolean {
    return this.#catalog.models.some((model) => model.id === id);
  }

  /** Takes over parts of a recipe. */
  useChanges(changes: readonly Change[]): void {
    for (const { field, value } of changes) {
      if (isBasic(field)) Object.assign(this, { [field]: value });
      else this.advanced.set(field, (value ?? null) as AdvancedDraft);
    }
  }

  /** The request as far as it can be told, with -1 for a random seed: to compare with, not to run. */
  toDraft(): GenerationRequest {
    const isSound = Object.keys(this.advanced.problems).length === 0;
    const control = unitsOf(this.control);
    const basics = Object.fromEntries(BASIC_IDS.map((id) => [id, this[id] ?? this.#usual(id)]));
    return {
      model: this.model.id,
      ...(basics as Pick<GenerationRequest, BasicId>),
      ...(isSound && this.#saidOfAdvanced()),
      ...(this.initImage !== undefined && { initImage: this.initImage }),
      ...(this.initImage !== undefined && this.initMask !== undefined && { initMask: this.initMask }),
      ...(control.length > 0 && { control }),
    };
  }

  #saidOfAdvanced(): Partial<AdvancedSettings> {
    const said = this.advanced.toRequest();
    return said.inpaintArea === 'masked' ? withoutUsual(said, this.model) : said;
  }

  /** What stands for an empty control. */
  #usual(id: BasicId): unknown {
    const likes: Partial<Record<BasicId, unknown>> = this.model.defaults;
    return fieldOf(id).kind === 'seed' ? RANDOM_SEED : (likes[id] ?? FIELD_DEFAULTS[id]);
  }

  /** Everything a picture was made with; its model only where it is here. */
  useRequest({ model, ...request }: GenerationRequest): void {
    this.chooseModel(model);
    for (const id of BASIC_IDS) Object.assign(this, { [id]: request[id] });
    this.advanced.useRequest(request);
    this.initImage = request.initImage;
    this.initMask = request.initMask;
    this.control = request.control ?? [];
  }

  /** A sentence for the steps' control. */
  get stepsNote(): string | undefined {
    return stepsNote(this.toDraft(), this.problems.steps === undefined ? (this.steps ?? undefined) : undefined);
  }

  /** What all controls hold, as typed, to come back to. */
  toSnapshot(): Snapshot {
    const fields = Object.fromEntries(BASIC_IDS.map((id) => [id, this[id]]));
    const { extras, initImage, initMask, control, batchCount } = this;
    const { drafts: advanced } = this.advanced;
    return { modelId: this.model.id, extras, fields, advanced, initImage, initMask, control, batchCount };
  }

  useSnapshot({ modelId, extras, fields, advanced, initImage, initMask, control, batchCount }: Snapshot): void {
    this.#modelId = modelId;
    this.extras = extras;
    Object.assign(this, fields);
    this.advanced.setAll(advanced);
    this.initImage = initImage;
    this.initMask = initMask;
    this.control = control;
    this.batchCount = batchCount;
  }

  swapSize(): void {
    [this.width, this.height] = [this.height, this.width];
  }

  /**
   * A plain request with its seed drawn; of the advanced settings, what differs from the default.
   *
   * @throws AppError 'bad-request' with a sentence for every field that is wrong
   */
  toRequest(draw: () => number = drawSeed): GenerationRequest {
    const wrong = Object.values(this.problems);
    if (wrong.length > 0) throw new AppError('bad-request', wrong.join(' '));
    const draft = this.toDraft();
    return draft.seed === RANDOM_SEED ? { ...draft, seed: draw() } : draft;
  }

  /** How the engine is to read the prompts when it counts their tokens. */
  toReading(isNegative: boolean): CountReading {
    const { dialect, emphasis } = this.advanced.toRequest();
    const steps = this.problems.steps === undefined && this.steps !== null ? this.steps : undefined;
    return { dialect, emphasis, isNegative, steps };
  }

  /** What is kept between visits. */
  toStored(): Record<string, unknown> {
    const basics = Object.fromEntries(BASIC_IDS.map((id) => [id, this[id]]));
    const { provider, gpuMemory, batchCount, initImage, initMask, control } = this;
    const rest = { provider, gpuMemory, batchCount, ...(initImage && { initImage }), ...(initMask && { initMask }) };
    const mine = Object.keys(this.mine).length > 0 && { mine: this.mine };
    const plain = this.#isPlain && { isPlain: true };
    return { model: this.model.id, ...basics, ...rest, control, advanced: this.advanced.toStored(), ...mine, ...plain };
  }

  /** The choice of a device as the engine is told it. */
  get device(): DeviceChoice {
    const memoryBytes = this.provider === 'wasm' ? undefined : GPU_MEMORY[this.gpuMemory]?.bytes;
    return { provider: this.provider, ...(memoryBytes !== undefined && { memoryBytes }) };
  }

  #findModel(id: string): ModelEntry {
    const { models } = this.#catalog;
    const model = models.find((entry) => entry.id === id) ?? models[0];
    if (!model) throw new AppError('bad-file', 'models-manifest.json: it lists no model');
    return model;
  }

  #findProblems(): Partial<Record<FieldId, string>> {
    const problems: Partial<Record<FieldId, string>> = {};
    for (const id of PAGE_IDS) {
      const problem = this.#problemOf(id, this[id]);
      if (problem) problems[id] = problem;
    }
    const batch = numberRangeProblem(BATCH_COUNT, this.batchCount);
    const picture = this.initImage === undefined ? undefined : this.#pictureProblem(this.initImage, 'picture');
    const masked = this.initImage === undefined ? undefined : this.initMask;
    const mask = masked === undefined ? undefined : this.#pictureProblem(masked, 'mask');
    return {
      ...(picture && { initImage: picture }),
      ...(mask && { initMask: mask }),
      ...(this.control.length > 0 && this.controlProblem && { control: this.controlProblem }),
      ...problems,
      ...(batch && { batchCount: batch }),
      ...this.advanced.problems,
      ...this.#redrawProblems(),
    };
  }

  get #isRedrawn(): boolean {
    return this.initImage !== undefined && this.advanced.get('redraw') !== 'none';
  }

  #redrawProblems(): Partial<Record<string, string>> {
    if (!this.#isRedrawn || Object.keys(this.advanced.problems).length > 0) return {};
    return redrawProblems(this.toDraft(), this.model.size);
  }

  #problemOf(id: BasicId, value: unknown): string | undefined {
    const size = this.#isRedrawn ? REDRAWN_SIDE : this.model.size;
    return fieldOf(id).kind === 'seed' ? seedProblem(value) : fieldProblem(id, value, size);
  }

  /** Takes over what is sound; anything else keeps its default. */
  #restore(stored: Record<string, unknown>): void {
    for (const id of BASIC_IDS) {
      const value = stored[id];
      if (value !== undefined && this.#problemOf(id, value) === undefined) Object.assign(this, { [id]: value });
    }
    const { provider, batchCount, gpuMemory, initImage, initMask, control, mine } = stored;
    if (typeof mine === 'object' && mine !== null) this.mine = mine as typeof this.mine; // what is in it is judged when it is used
    if (Array.isArray(control)) this.control = control.filter(isUnit);
    if (isPixelHash(initImage)) this.initImage = initImage;
    if (isPixelHash(initMask)) this.initMask = initMask;
    if (typeof gpuMemory === 'string' && Object.hasOwn(GPU_MEMORY, gpuMemory)) this.gpuMemory = gpuMemory;
    if (typeof batchCount === 'number' && !numberRangeProblem(BATCH_COUNT, batchCount)) this.batchCount = batchCount;
    if (isProviderChoice(provider)) this.provider = provider;
  }
}

/** What is in it is judged where it is shown. */
const isUnit = (value: unknown): value is ControlDraft =>
  typeof value === 'object' && value !== null && 'model' in value && typeof value.model === 'string';
