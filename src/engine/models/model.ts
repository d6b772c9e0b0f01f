/** A model ready to paint: what is known of it, its components, and its text encoders with the rows they have kept. */
import { AppError, toAppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import type { Tile } from '../../core/image';
import type { ControlForm, LatentSize } from '../../core/networks';
import type { EncoderSizes } from '../../core/networks/network';
import { roleOf, type ComponentId } from '../../core/networks/components';
import type { BaseWeights } from '../../core/packs';
import type { Dialect } from '../../core/prompt';
import type { Tokenizer } from '../../core/tokenizer';
import type { EmbeddingOptions, ModelShapes } from '../../core/adapters';
import type { AdapterEntry, DeviceReport, ModelReport, PictureShape } from '../api';
import type { NamedTensor, Ports } from '../ports';
import {
  AdapterShelf,
  changes,
  factorName,
  placedAdapter,
  strengthIn,
  type AdapterUse,
  type OpenUse,
} from './adapters';
import { adapterBytes } from './adapter-memory';
import { blendBytes } from './blend-memory';
import { blends, type Blend, type OpenBlend } from './blends';
import { Components } from './components';
import { coderMemory, type Coder } from './coder-memory';
import { TileRoom } from './tile-room';
import { createEncoder, type Encoder } from './encoder';
import { EmbeddingShelf, type EmbeddingNames } from './embeddings';
import { openBlend } from './open-blend';
import { openOtherVae } from './other-vae';
import { openOtherText } from './other-text';
import { isSameUse, type OtherPart, type PartUse } from './part-use';
import type { ComponentShape, ModelSource } from './model-source';
import type { PlainPrompts } from '../operations/text/plain-prompts';
import { adapterProblem, chooseResidency, needsBytes, roomProblem, type Needs } from './residency';
import { usedClipSkip, type ModelTraits, type TextTraits } from './traits';
import { usualActivationBytes } from './usual-activations';
import { vectorInputs } from './vector-inputs';

export interface ModelOptions {
  entry: ModelEntry;
  source: ModelSource;
  device: DeviceReport;
  now(): number;
  /** Nothing stays loaded, whatever the device says of itself. */
  isTight?: boolean;
  /** Components that half precision was too small for already. */
  widened?: Set<ComponentId>;
  /** What is known of developing and reading its pictures here. */
  rooms?: Readonly<Record<Coder, TileRoom>>;
  /** Decodes pictures that embeddings lie in. */
  decodePicture?: EmbeddingOptions['decode'];
}

/** Bytes of the weights of control units: of those that stay beside the denoiser, and the most of those that run alone before it. */
export interface ControlBytes {
  beside: number;
  alone: number;
}

export class Model {
  readonly entry: ModelEntry;
  readonly traits: ModelTraits;
  readonly components: Components;
  readonly #report: Omit<ModelReport, 'residency'>;
  readonly #needs: Needs;
  readonly #isTight: boolean;
  #adapterBytes = 0;
  /** Bytes of the units on the last picture. */
  #controlBytes: ControlBytes = { beside: 0, alone: 0 };
  /** Where prompts are put into the model's own words first. */
  readonly plainPrompts: PlainPrompts | undefined;
  #encoders: { key: string; all: readonly Encoder[] } | undefined;
  #uses: readonly OpenUse[] = [];
  readonly #adapters = new AdapterShelf(() => this.#shapes());
  readonly #embeddings: EmbeddingShelf;
  #otherVae: OtherPart | undefined;
  #otherTexts: readonly OtherPart[] = [];
  #blend: OpenBlend | undefined;
  #blendBytes = 0;
  /** An embedding was used: from then on its text encoders are loaded so that they take vectors. */
  #takesVectors = false;
  /** What is added to the denoiser's maps, since the first unit was used: units come and go, and load nothing. */
  #control: ControlForm = {};
  readonly device: DeviceReport;
  readonly rooms: Readonly<Record<Coder, TileRoom>>;
  readonly #source: ModelSource;
  readonly #widened: Set<ComponentId>;
  readonly #canWiden: boolean;
  /** Whether whole pictures can be shown on the way; without a GPU each would take longer than a step. */
  readonly previewsWhole: boolean;
  /** Why a part of it cannot be loaded here whatever is done. */
  readonly #problem: string | undefined;

  constructor({
    entry,
    source,
    device,
    now,
    isTight = false,
    widened = new Set(),
    rooms = { decoder: new TileRoom(), encoder: new TileRoom() },
    decodePicture: decode,
  }: ModelOptions) {
    const bytes = needsBytes(source);
    const needs = { weightBytes: bytes, activationBytes: usualActivationBytes(entry, source, device) };
    const residency = isTight ? 'in_turn' : chooseResidency(needs, device);
    [this.#needs, this.#isTight] = [needs, isTight];
    this.#problem = roomProblem(source, device);
    this.entry = entry;
    this.device = device;
    this.rooms = rooms;
    this.#source = source;
    this.#widened = widened;
    this.traits = source.traits;
    const { texts } = source.traits;
    const takesVectors = source.networks !== undefined;
    this.#embeddings = new EmbeddingShelf({ name: entry.name, texts, takesVectors, ...(decode && { decode }) });
    const { reader } = source;
    this.plainPrompts = reader && { reader, name: entry.name, suggestion: entry.suggestions.at(0) };
    this.previewsWhole = source.has(source.traits.parts.preview) && device.provider === 'webgpu';
    this.#canWiden = source.canWiden && source.activations === 'float16';
    this.components = new Components({ source, residency, now });
    const { plan, activations, isWidened, packsKernels } = source;
    const form = { ...(isWidened && { isWidened }), ...(packsKernels && { packsKernels }) };
    this.#report = { plan, activations, bytes, ...form };
  }

  /** The model's report, with the LoRAs in use. */
  get report(): ModelReport {
    const { bytes } = this.#report;
    return {
      residency: this.components.residency,
      ...this.#report,
      bytes: bytes + this.#adapterBytes + this.#blendBytes,
    };
  }

  /**
   * Loads what such a picture needs, where it stays. One that it cannot paint is refused when it is asked for, not here.
   * @throws AppError 'out-of-memory' where there is no room for a part of it however it is loaded; nothing stays loaded then
   */
  async warm(shape: PictureShape = {}): Promise<void> {
    if (this.#problem !== undefined) throw new AppError('out-of-memory', this.#problem);
    if (this.report.residency === 'in_turn') return;
    const clipSkip = usedClipSkip(this.traits.clipSkip, shape.clipSkip ?? 1, shape.dialect ?? 'a1111');
    const { denoiser, decoder } = this.traits.parts;
    try {
      for (const { component } of this.traits.texts)
        await this.components.get(component, { clipSkip, ...this.shapeOf(component) });
      for (const part of [denoiser, decoder]) await this.components.get(part, this.shapeOf(part));
    } catch (error) {
      if (toAppError(error).code === 'bad-request') return;
      await this.dispose();
      throw error;
    }
  }

  /** Tokenizer of the first text encoder, in which tokens are counted. */
  get tokenizer(): Tokenizer {
    return this.traits.texts[0].tokenizer;
  }

  /**
   * The text encoders, loaded when the first row is asked of them that they have not kept.
   * @throws AppError 'bad-request' from a row, where it has fewer layers than `clipSkip` wants
   */
  encoders(clipSkip: number, dialect: Dialect): readonly Encoder[] {
    const used = usedClipSkip(this.traits.clipSkip, clipSkip, dialect);
    const key = JSON.stringify([
      used,
      ...this.#uses.map(({ id, revision, text, blocks }) => [id, revision, text, blocks ?? null]),
      ...this.#otherTexts.map(({ id, revision }) => [id, revision]),
      this.#blend?.key,
    ]);
    if (this.#encoders?.key !== key)
      this.#encoders = { key, all: this.traits.texts.map((text) => this.#encoder(text, used)) };
    return this.#encoders.all;
  }

  #encoder({ component, tokenizer, width }: TextTraits, clipSkip: number): Encoder {
    return createEncoder({
      tokenizer,
      width,
      encodeRow: async (ids, vectors = []) => {
        const shape = this.shapeOf(component);
        const session = await this.components.get(component, { clipSkip, ...shape });
        const row = {
          input_ids: { data: Int32Array.from(ids), dims: [1, ids.length] },
          ...(shape.takesVectors && vectorInputs(vectors, { component, width, length: ids.length })),
        };
        const outputs = await session.run({ ...row, ...this.factorsOf(component) });
        const pooled = outputs['text_embeds'] as Float32Array | undefined;
        return { hidden: outputs['last_hidden_state'], ...(pooled ? { pooled } : {}) };
      },
    });
  }

  /** Cells of a picture's latent. @throws AppError 'bad-request' where the model does not paint that size */
  latentSize(width: number, height: number): LatentSize {
    const { latentFactor, sizeStep, onlySize } = this.traits;
    if (onlySize && (width !== onlySize.width || height !== onlySize.height))
      throw new AppError(
        'bad-request',
        `This model’s files paint ${onlySize.width} x ${onlySize.height} only, not ${width} x ${height}.`,
      );
    for (const [label, value] of [
      ['Width', width],
      ['Height', height],
    ] as const)
      if (value % sizeStep !== 0)
        throw new AppError(
          'bad-request',
          `${label} must be a multiple of ${sizeStep} for ${this.entry.name}, not ${value}.`,
        );
    return { width: width / latentFactor, height: height / latentFactor };
  }

  /** Parts in which a picture of this latent is developed or read: one where the whole fits. */
  planTiles(coder: Coder, size: LatentSize): Tile[] {
    if (this.traits.onlySize) return [{ x: 0, y: 0, ...size }];
    const { device } = this;
    const { activations = this.report.activations } = this.shapeOf(this.traits.parts[coder]);
    return this.rooms[coder].plan(size, coderMemory(coder, this.#source, { device, activations }), device);
  }

  /** What a component's session is made for: in full precision where half was not enough. */
  shapeOf(component: ComponentId): ComponentShape {
    const adapters = this.#uses.flatMap((use, place) => placedAdapter(use, component, place) ?? []);
    const other = [this.#otherVae, ...this.#otherTexts].findLast((part) => part?.networks.has(component));
    return {
      ...(other && { other }),
      ...(!other && this.#blend && blends(this.#blend, component) && { blend: this.#blend }),
      ...(this.#widened.has(component) && { activations: 'float32' }),
      ...(adapters.length > 0 && { adapters }),
      ...(roleOf(component) === 'denoiser' && isSaid(this.#control) && { control: this.#control }),
      ...(this.#takesVectors && roleOf(component) === 'text' && { takesVectors: true }),
    };
  }

  /** Sizes of its denoiser, which ControlNets must have; absent where nothing can be added to its maps. */
  get encoderSizes(): EncoderSizes | undefined {
    return this.#source.networks?.[this.traits.parts.denoiser]?.sizes.denoiser?.encoder;
  }

  /** Weights of its denoiser: a Control-LoRA stands on them. */
  get baseWeights(): BaseWeights | undefined {
    const { pack: open } = this.#source;
    return open && { open, component: this.traits.parts.denoiser };
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

  /** How much of each LoRA, as the component's session is told with every run. */
  factorsOf(component: ComponentId): Record<string, NamedTensor> {
    const tensors = this.#uses.flatMap((use, place): [string, NamedTensor][] =>
      changes(use, component)
        ? [[factorName(place), { data: Float32Array.of(strengthIn(use, component)), dims: [1] }]]
        : [],
    );
    return Object.fromEntries(tensors);
  }

  /**
   * LoRAs of what is computed from now on. Nothing is loaded yet.
   * @throws AppError as openAdapter; 'unsupported-model' where the model takes none; 'bad-request' where they leave no room for it
   */
  async use(uses: readonly AdapterUse[], entries: readonly AdapterEntry[]): Promise<void> {
    const opened = await this.#adapters.open(uses, entries);
    const added = adapterBytes(opened, this.#source);
    const problem = adapterProblem(added, { count: opened.length, source: this.#source, device: this.device });
    if (problem !== undefined) throw new AppError('bad-request', problem);
    this.#uses = opened;
    this.#adapterBytes = [...added.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.#settleResidency();
  }

  /** Room for what units take; where all does not fit, what is loaded of it is given back before they are. */
  async makeRoom(bytes: ControlBytes): Promise<void> {
    this.#controlBytes = bytes;
    this.#settleResidency();
    if (bytes.alone > 0 && this.components.residency === 'in_turn') await this.components.releaseLarge();
  }

  /** What runs alone, before the denoiser does, takes the place of activations: what stays beside that can be loaded since the last picture. */
  #settleResidency(): void {
    const { weightBytes, activationBytes } = this.#needs;
    const { beside, alone } = this.#controlBytes;
    const needs = {
      activationBytes: Math.max(activationBytes, alone),
      weightBytes: weightBytes + this.#adapterBytes + this.#blendBytes + beside,
    };
    this.components.residency = this.#isTight ? 'in_turn' : chooseResidency(needs, this.device);
  }

  /**
   * The autoencoder that develops and reads pictures from now on: the model's own where none is said. Nothing is loaded yet.
   * @throws AppError as openOtherVae
   */
  async useVae(use: PartUse | undefined, packs: Ports['packs']): Promise<void> {
    if (isSameUse(use, this.#otherVae)) return;
    this.#otherVae = undefined;
    if (!use) return;
    this.#otherVae = await openOtherVae(use, { model: this.entry, source: this.#source, device: this.device, packs });
  }

  /**
   * Files whose text encoders read prompts from now on, in place of the model's own of the same kind; a later one's in place of an earlier's.
   * @throws AppError as openOtherText
   */
  async useTexts(uses: readonly PartUse[], packs: Ports['packs']): Promise<void> {
    const before = this.#otherTexts;
    this.#otherTexts = [];
    const place = { model: this.entry, source: this.#source, device: this.device, packs };
    const opened: OtherPart[] = [];
    for (const use of uses) opened.push(before.find((one) => isSameUse(one, use)) ?? (await openOtherText(use, place)));
    this.#otherTexts = opened;
  }

  /** Models that are mixed into this one from now on. Nothing is loaded yet. @throws AppError as openBlend */
  async useBlend(blend: Blend | undefined, packs: Ports['packs']): Promise<void> {
    if (JSON.stringify(blend && [blend.own, blend.others]) === this.#blend?.key) return;
    this.#blend = undefined;
    if (blend)
      this.#blend = await openBlend(blend, { model: this.entry, source: this.#source, device: this.device, packs });
    this.#blendBytes = this.#blend ? blendBytes(this.#blend, this.#source) : 0;
    this.#settleResidency();
  }

  /** Whether it can read pictures. */
  get readsPictures(): boolean {
    const { encoder } = this.traits.parts;
    return this.components.has(encoder) || this.#otherVae?.networks.has(encoder) === true;
  }

  /** What prompts may name from now on: these, and those that the LoRAs in use bring along. */
  embeddings(entries: readonly AdapterEntry[]): EmbeddingNames {
    const { names, open } = this.#embeddings.of(entries, this.#uses);
    return {
      names,
      open: async (name) => {
        const found = await open(name);
        if (typeof found !== 'string') this.#takesVectors = true;
        return found;
      },
    };
  }

  /** What is to be said of the LoRAs in use. */
  get adapterNotices(): string[] {
    return this.#uses.flatMap(({ adapter: { unused, notices, file, layers } }) => {
      const name = file.source.name;
      const left = unused.length;
      const lost = `${left} of the LoRA ${name}’s tensors fit nothing in ${this.entry.name} and were left out; ${layers.size} layers are changed by it.`;
      return [...(left > 0 ? [lost] : []), ...notices.map((notice) => `${name}: ${notice}`)];
    });
  }

  #shapes(): ModelShapes {
    const { shapes } = this.#source;
    if (shapes) return shapes();
    throw new AppError(
      'unsupported-model',
      `${this.entry.name} is of ready-made graphs, which take no LoRA. Get the model as a checkpoint.`,
    );
  }

  /** Half precision is what it computes in, and there is another. */
  readonly isHalf = (component: ComponentId): boolean => this.#canWiden && !this.#widened.has(component);

  /** It was widened to full precision. */
  readonly isWide = (component: ComponentId): boolean => this.#widened.has(component);

  /** Lets the component compute in full precision from now on. @returns false where it does already */
  widen(component: ComponentId): boolean {
    if (this.#widened.has(component) || !this.#canWiden) return false;
    this.#widened.add(component);
    return true;
  }

  dispose(): Promise<void> {
    return this.components.dispose();
  }
}

const isSaid = (form: ControlForm): boolean => Object.keys(form).length > 0;
