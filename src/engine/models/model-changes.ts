/** What changes a model for the picture at hand: LoRAs, parts of other files, what control networks add, embeddings that were used. */
import { AppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import type { ModelShapes } from '../../core/adapters';
import type { Tiling } from '../../core/graph';
import type { ControlForm } from '../../core/networks';
import { roleOf, type ComponentId } from '../../core/networks/components';
import type { AdapterEntry, DeviceReport } from '../api';
import type { NamedTensor, Ports } from '../ports';
import {
  AdapterCache,
  changes,
  factorName,
  placedAdapter,
  strengthIn,
  type AdapterUse,
  type OpenUse,
} from './adapters';
import { adapterBytes } from './adapter-memory';
import { blendBytes } from './blend-memory';
import { blendKey, blends, type Blend, type OpenBlend } from './blends';
import { BlendCache } from './open-blend';
import type { ComponentShape, ModelSource } from './model-source';
import { openOtherText } from './other-text';
import { openOtherVae } from './other-vae';
import { isSameUse, type OtherPart, type PartUse } from './part-use';
import { adapterProblem, blendProblem } from './residency';

/** Which parts of a model let a picture go on at its opposite edges, and how. */
export interface EdgeTiling {
  denoiser?: Tiling;
  autoencoder?: Tiling;
}

export interface ModelChangesOptions {
  entry: ModelEntry;
  source: ModelSource;
  device: DeviceReport;
  /** Components that are loaded in full precision; more may come. */
  widened: ReadonlySet<ComponentId>;
}

export class ModelChanges {
  readonly #options: ModelChangesOptions;
  readonly #shelf = new AdapterCache(() => this.#shapes());
  #adapters: readonly OpenUse[] = [];
  #adapterBytes = 0;
  #otherVae: OtherPart | undefined;
  #otherTexts: readonly OtherPart[] = [];
  readonly #blends = new BlendCache();
  #blend: OpenBlend | undefined;
  #blendBytes = 0;
  #takesVectors = false;
  #tiling: EdgeTiling = {};
  /** What is added to the denoiser's maps, since the first unit was used: units come and go, and load nothing. */
  #control: ControlForm = {};

  constructor(options: ModelChangesOptions) {
    this.#options = options;
  }

  /** The LoRAs in use, in the order in which they were added. */
  get adapters(): readonly OpenUse[] {
    return this.#adapters;
  }

  /** Bytes that LoRAs and models that are mixed in take beside the model's weights. */
  get addedBytes(): number {
    return this.#adapterBytes + this.#blendBytes;
  }

  /**
   * LoRAs of what is computed from now on. Nothing is loaded yet.
   * @throws AppError as openAdapter; 'unsupported-model' where the model takes none; 'bad-request' where they leave no room for it
   */
  async useAdapters(uses: readonly AdapterUse[], entries: readonly AdapterEntry[]): Promise<void> {
    const { source, device } = this.#options;
    const opened = await this.#shelf.open(uses, entries);
    const added = adapterBytes(opened, source);
    const problem = adapterProblem(added, { count: opened.length, source, device });
    if (problem !== undefined) throw new AppError('bad-request', problem);
    this.#adapters = opened;
    this.#adapterBytes = sumOf(added);
  }

  /**
   * The autoencoder that develops and reads pictures from now on: the model's own where none is said. Nothing is loaded yet.
   * @throws AppError as openOtherVae
   */
  async useVae(use: PartUse | undefined, packs: Ports['packs']): Promise<void> {
    if (isSameUse(use, this.#otherVae)) return;
    this.#otherVae = undefined;
    if (!use) return;
    const { entry: model, source, device } = this.#options;
    this.#otherVae = await openOtherVae(use, { model, source, device, packs });
  }

  /**
   * Files whose text encoders read prompts from now on, in place of the model's own of the same kind; a later one's in place of an earlier's.
   * @throws AppError as openOtherText
   */
  async useTexts(uses: readonly PartUse[], packs: Ports['packs']): Promise<void> {
    const before = this.#otherTexts;
    this.#otherTexts = [];
    const { entry: model, source, device } = this.#options;
    const place = { model, source, device, packs };
    const opened: OtherPart[] = [];
    for (const use of uses) opened.push(before.find((one) => isSameUse(one, use)) ?? (await openOtherText(use, place)));
    this.#otherTexts = opened;
  }

  /**
   * Models that are mixed into this one from now on. Nothing is loaded yet.
   * @throws AppError as BlendCache.open; 'bad-request' where there is no room for a part that is no longer packed
   */
  async useBlend(blend: Blend | undefined, packs: Ports['packs']): Promise<void> {
    if ((blend && blendKey(blend)) === this.#blend?.key) return;
    this.#blend = undefined;
    this.#blendBytes = 0;
    if (!blend) return;
    const { entry: model, source, device } = this.#options;
    const opened = await this.#blends.open(blend, { model, source, device, packs });
    const added = blendBytes(opened, source);
    const problem = blendProblem(added, { source, device });
    if (problem !== undefined) throw new AppError('bad-request', problem);
    this.#blendBytes = sumOf(added);
    this.#blend = opened;
  }

  /** What is added to the denoiser's maps, and told of them. @returns what it then has inputs for: those stay; what is told goes where it is false */
  useControl(form: ControlForm): ControlForm {
    const images = Math.max(this.#control.images ?? 0, form.images ?? 0);
    const { tellsAttention = false, shrinks, freeu, hasRegions, ...all } = { ...this.#control, ...form };
    // What reads maps of one size is left out where they become smaller, though it does nothing.
    const sized = { ...(freeu && { freeu }), ...(hasRegions && { hasRegions }) };
    const told = { ...(tellsAttention && { tellsAttention }), ...(shrinks ? { shrinks } : sized) };
    this.#control = { ...all, ...told, ...(images > 0 && { images }) };
    return this.#control;
  }

  /**
   * How pictures of what is computed from now on go on at their edges. Nothing is loaded yet.
   * @throws AppError 'unsupported-model' where the model's graphs are ready-made
   */
  useTiling({ denoiser, autoencoder }: EdgeTiling = {}): void {
    const { source, entry } = this.#options;
    if ((denoiser ?? autoencoder) !== undefined && !source.networks)
      throw new AppError(
        'unsupported-model',
        `${entry.name} is of ready-made graphs, inside of which nothing can be changed: it paints without Tiling.`,
      );
    this.#tiling = { ...(denoiser && { denoiser }), ...(autoencoder && { autoencoder }) };
  }

  /** An embedding is used: from now on text encoders are loaded so that they take vectors. */
  useVectors(): void {
    this.#takesVectors = true;
  }

  /** What a component's session is made for: in full precision where half was not enough. */
  shapeOf(component: ComponentId): ComponentShape {
    const adapters = this.#adapters.flatMap((use, place) => placedAdapter(use, component, place) ?? []);
    const other = this.otherPart(component);
    const tiling = this.#tilingOf(component);
    return {
      ...(other && { other }),
      ...(!other && this.#blend && blends(this.#blend, component) && { blend: this.#blend }),
      ...(this.#options.widened.has(component) && { activations: 'float32' }),
      ...(adapters.length > 0 && { adapters }),
      ...(roleOf(component) === 'denoiser' && isSaid(this.#control) && { control: this.#control }),
      ...(this.#takesVectors && roleOf(component) === 'text' && { takesVectors: true }),
      ...(tiling && { tiling }),
    };
  }

  #tilingOf(component: ComponentId): Tiling | undefined {
    const role = roleOf(component);
    if (role === 'denoiser') return this.#tiling.denoiser;
    return role === 'decoder' || role === 'encoder' ? this.#tiling.autoencoder : undefined;
  }

  /** The file that a component is taken from in place of the model's own. */
  otherPart(component: ComponentId): OtherPart | undefined {
    return [this.#otherVae, ...this.#otherTexts].findLast((part) => part?.networks.has(component));
  }

  /** How much of each LoRA, as the component's session is told with every run. */
  factorsOf(component: ComponentId): Record<string, NamedTensor> {
    const tensors = this.#adapters.flatMap((use, place): [string, NamedTensor][] =>
      changes(use, component)
        ? [[factorName(place), { data: Float32Array.of(strengthIn(use, component)), dims: [1] }]]
        : [],
    );
    return Object.fromEntries(tensors);
  }

  /** Tells what text encoders make of a row from what they made of it under other changes. */
  get textKey(): readonly unknown[] {
    return [
      ...this.#adapters.map(({ id, revision, text, blocks }) => [id, revision, text, blocks ?? null]),
      ...this.#otherTexts.map(({ id, revision }) => [id, revision]),
      this.#blend?.key,
    ];
  }

  /** What is to be said of the LoRAs in use. */
  get notices(): string[] {
    return this.#adapters.flatMap(({ adapter: { unused, notices, file, layers } }) => {
      const name = file.source.name;
      const left = unused.length;
      const lost = `${left} of the LoRA ${name}’s tensors fit nothing in ${this.#options.entry.name} and were left out; ${layers.size} layers are changed by it.`;
      return [...(left > 0 ? [lost] : []), ...notices.map((notice) => `${name}: ${notice}`)];
    });
  }

  #shapes(): ModelShapes {
    const { source, entry } = this.#options;
    if (source.shapes) return source.shapes();
    throw new AppError(
      'unsupported-model',
      `${entry.name} is of ready-made graphs, which take no LoRA. Get the model as a checkpoint.`,
    );
  }
}

const sumOf = (bytes: ReadonlyMap<ComponentId, number>): number => [...bytes.values()].reduce((sum, n) => sum + n, 0);

const isSaid = (form: ControlForm): boolean => Object.keys(form).length > 0;
