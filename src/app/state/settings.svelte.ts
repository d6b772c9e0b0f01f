/** What the controls hold: the next request, as typed, right or wrong; `toRequest()` is its only way out. */
import { numberRangeProblem, type AdvancedId } from '../../core/recipe/advanced';
import { MAX_BATCH } from '../../core/recipe/batch';
import type { Catalog, ModelEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import { isNoiseId, type NoiseId } from '../../core/noise';
import type { Change } from '../../core/recipe/infotext';
import { numberProblem, type GenerationRequest, type NumberField } from '../../core/recipe/request';
import { isSamplerId, type SamplerId } from '../../core/samplers';
import { isScheduleId, type ScheduleId } from '../../core/schedules';
import { isLongSeed } from '../../core/recipe/seed-value';
import type { CountReading, ProviderChoice } from '../../engine/api';
import { Advanced, type AdvancedDraft } from './advanced.svelte';
import { drawSeed, RANDOM_SEED, seedProblem } from './seed';

/** What a number control holds: null while it is empty, NaN while something else stands in it. */
export type NumberDraft = number | null;

export const PROVIDERS = {
  auto: { label: 'Automatic' },
  webgpu: { label: 'WebGPU' },
  wasm: { label: 'CPU (wasm)' },
} as const satisfies Record<ProviderChoice, { label: string }>;

export function isProviderChoice(value: unknown): value is ProviderChoice {
  return typeof value === 'string' && Object.hasOwn(PROVIDERS, value);
}

/** A control that can hold something wrong. */
export type FieldId = NumberField | AdvancedId | 'batchCount';

/** In the order of the page: the first wrong one gets the focus. */
const NUMBER_FIELDS = ['width', 'height', 'steps', 'cfgScale', 'seed'] as const satisfies readonly NumberField[];
export const BATCH_COUNT = { label: 'Batch count', min: 1, max: MAX_BATCH, step: 1, integer: true } as const;

const TEXT_FIELDS = ['prompt', 'negativePrompt'] as const;
/** What a request and the controls have in common, but for the model and the advanced settings. */
const FORM_FIELDS = [...TEXT_FIELDS, 'sampler', 'schedule', 'noise', ...NUMBER_FIELDS] as const;

type FormField = (typeof FORM_FIELDS)[number];

function isFormField(field: string): field is FormField {
  return FORM_FIELDS.some((known) => known === field);
}

export interface Snapshot {
  modelId: string;
  extras: Readonly<Record<string, string>>;
  fields: Record<string, unknown>;
  advanced: Record<AdvancedId, AdvancedDraft>;
}

type Models = Pick<Catalog, 'models'>;

export class Settings {
  readonly #catalog: Models;
  #modelId = $state('');

  prompt = $state('');
  negativePrompt = $state('');
  sampler = $state<SamplerId>('euler');
  schedule = $state<ScheduleId>('automatic');
  noise = $state<NoiseId>('nv');
  provider = $state<ProviderChoice>('auto');
  steps = $state<NumberDraft>(20);
  cfgScale = $state<NumberDraft>(7);
  /** Digits where it has more than 53 bits, as recipes from elsewhere can. */
  seed = $state<NumberDraft | string>(RANDOM_SEED);
  width = $state<NumberDraft>(512);
  height = $state<NumberDraft>(512);
  /** Pictures that one press of Generate asks for. */
  batchCount = $state<NumberDraft>(1);

  /** Keys of a recipe from elsewhere that mean nothing here: they are written into the pictures made with it. */
  extras = $state.raw<Readonly<Record<string, string>>>({});

  readonly advanced: Advanced;

  readonly model: ModelEntry = $derived.by(() => this.#findModel(this.#modelId));
  /** One sentence for each field that is wrong, in the order of the page. */
  readonly problems = $derived.by(() => this.#findProblems());

  /** @param catalog its models may change while the page is open */
  constructor(catalog: Models, stored: Record<string, unknown> = {}) {
    this.#catalog = catalog;
    this.advanced = new Advanced(() => ({ sampler: this.sampler, schedule: this.schedule }), stored['advanced']);
    const id = stored['model'];
    this.useModel(this.#findModel(typeof id === 'string' ? id : '').id);
    this.#restore(stored);
  }

  /** Chooses a model and takes the settings it likes. */
  useModel(id: string): void {
    this.#modelId = this.#findModel(id).id;
    this.useDefaults();
  }

  /** Takes over what was kept, once its model is there; what has been typed by then stays. */
  reopen(stored: Record<string, unknown>): void {
    const { model } = stored;
    if (typeof model !== 'string' || this.#findModel(model).id !== model || model === this.#modelId) return;
    this.useModel(model);
    const typed = { prompt: this.prompt, negativePrompt: this.negativePrompt };
    this.#restore({ ...stored, ...typed });
  }

  /** What the model likes; prompts and seed stay. */
  useDefaults(): void {
    Object.assign(this, this.model.defaults);
  }

  /** Chooses a model and leaves everything else as it is. */
  chooseModel(id: string): void {
    if (this.hasModel(id)) this.#modelId = id;
  }

  hasModel(id: string): boolean {
    return this.#catalog.models.some((model) => model.id === id);
  }

  /** Takes over parts of a recipe. */
  useChanges(changes: readonly Change[]): void {
    for (const { field, value } of changes) {
      if (isFormField(field)) Object.assign(this, { [field]: value });
      else this.advanced.set(field, (value ?? null) as AdvancedDraft);
    }
  }

  /** The request as far as it can be told, with -1 for a random seed: to compare with, not to run. */
  toDraft(): GenerationRequest {
    const { defaults } = this.model;
    const isSound = Object.keys(this.advanced.problems).length === 0;
    return {
      model: this.model.id,
      prompt: this.prompt,
      negativePrompt: this.negativePrompt,
      sampler: this.sampler,
      schedule: this.schedule,
      noise: this.noise,
      steps: this.steps ?? defaults.steps,
      cfgScale: this.cfgScale ?? defaults.cfgScale,
      seed: this.seed ?? RANDOM_SEED,
      width: this.width ?? defaults.width,
      height: this.height ?? defaults.height,
      ...(isSound && this.advanced.toRequest()),
    };
  }

  /** Everything a picture was made with; its model only where it is here. */
  useRequest({ model, ...request }: GenerationRequest): void {
    this.chooseModel(model);
    for (const field of FORM_FIELDS) Object.assign(this, { [field]: request[field] });
    this.advanced.useRequest(request);
  }

  /** What all controls hold, as typed, to come back to. */
  toSnapshot(): Snapshot {
    const fields = Object.fromEntries(FORM_FIELDS.map((field) => [field, this[field]]));
    return { modelId: this.model.id, extras: this.extras, fields, advanced: this.advanced.drafts };
  }

  useSnapshot({ modelId, extras, fields, advanced }: Snapshot): void {
    this.#modelId = modelId;
    this.extras = extras;
    Object.assign(this, fields);
    this.advanced.setAll(advanced);
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
    const { prompt, negativePrompt, sampler, schedule, noise, provider, steps, cfgScale, seed, width, height } = this;
    const numbers = { steps, cfgScale, seed, width, height, batchCount: this.batchCount };
    const advanced = this.advanced.toStored();
    return { model: this.model.id, prompt, negativePrompt, sampler, schedule, noise, provider, ...numbers, advanced };
  }

  #findModel(id: string): ModelEntry {
    const { models } = this.#catalog;
    const model = models.find((entry) => entry.id === id) ?? models[0];
    if (!model) throw new AppError('bad-file', 'models-manifest.json: it lists no model');
    return model;
  }

  #findProblems(): Partial<Record<FieldId, string>> {
    const problems: Partial<Record<FieldId, string>> = {};
    for (const field of NUMBER_FIELDS) {
      const problem = this.#problemOf(field, this[field]);
      if (problem) problems[field] = problem;
    }
    const batch = numberRangeProblem(BATCH_COUNT, this.batchCount);
    return { ...problems, ...(batch && { batchCount: batch }), ...this.advanced.problems };
  }

  #problemOf(field: NumberField, value: unknown): string | undefined {
    return field === 'seed' ? seedProblem(value) : numberProblem(field, value, this.model.size);
  }

  /** Takes over what is sound; anything else keeps its default. */
  #restore(stored: Record<string, unknown>): void {
    for (const field of TEXT_FIELDS) {
      const text = stored[field];
      if (typeof text === 'string') this[field] = text;
    }
    for (const field of NUMBER_FIELDS) {
      const value = stored[field];
      if (typeof value === 'number' && this.#problemOf(field, value) === undefined) this[field] = value;
    }
    const { sampler, schedule, noise, provider, batchCount, seed } = stored;
    if (isLongSeed(seed)) this.seed = seed;
    if (typeof batchCount === 'number' && !numberRangeProblem(BATCH_COUNT, batchCount)) this.batchCount = batchCount;
    if (typeof sampler === 'string' && isSamplerId(sampler)) this.sampler = sampler;
    if (typeof schedule === 'string' && isScheduleId(schedule)) this.schedule = schedule;
    if (typeof noise === 'string' && isNoiseId(noise)) this.noise = noise;
    if (isProviderChoice(provider)) this.provider = provider;
  }
}
