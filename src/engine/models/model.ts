/** A model ready to paint: what is known of it, its components and text encoders, and what changes it for the picture at hand. */
import { AppError, toAppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import type { Tile } from '../../core/image';
import type { LatentSize } from '../../core/networks';
import type { EncoderSizes } from '../../core/networks/network';
import type { ComponentId } from '../../core/networks/components';
import type { EmbeddingOptions } from '../../core/adapters';
import type { AdapterEntry, DeviceReport, ModelReport, PictureShape } from '../api';
import type { Ports } from '../ports';
import type { AdapterUse } from './adapters';
import type { Blend } from './blends';
import { Components } from './components';
import { controlBase, type ControlBase } from './control-base';
import { coderMemory, type Coder } from './coder-memory';
import { ModelChanges } from './model-changes';
import { TextEncoders } from './text-encoders';
import { TileRoom } from './tile-room';
import type { ModelSource } from './model-source';
import type { PlainPrompts } from '../operations/text/plain-prompts';
import { chooseResidency, needsBytes, roomProblem, type Needs } from './residency';
import { usedClipSkip, type ModelTraits } from './traits';
import { usualActivationBytes } from './usual-activations';

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
  readonly device: DeviceReport;
  readonly traits: ModelTraits;
  readonly components: Components;
  readonly texts: TextEncoders;
  readonly changes: ModelChanges;
  readonly rooms: Readonly<Record<Coder, TileRoom>>;
  /** Where prompts are put into the model's own words first. */
  readonly plainPrompts: PlainPrompts | undefined;
  /** Whether whole pictures can be shown on the way; without a GPU each would take longer than a step. */
  readonly previewsWhole: boolean;
  readonly #source: ModelSource;
  readonly #report: Omit<ModelReport, 'residency'>;
  readonly #needs: Needs;
  readonly #isTight: boolean;
  /** Bytes of the units on the last picture. */
  #controlBytes: ControlBytes = { beside: 0, alone: 0 };
  readonly #widened: Set<ComponentId>;
  readonly #canWiden: boolean;
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
    decodePicture,
  }: ModelOptions) {
    this.entry = entry;
    this.device = device;
    this.rooms = rooms;
    this.traits = source.traits;
    this.#source = source;
    this.#isTight = isTight;
    this.#problem = roomProblem(source, device);
    const bytes = needsBytes(source);
    this.#needs = { weightBytes: bytes, activationBytes: usualActivationBytes(entry, source, device) };
    const residency = isTight ? 'in_turn' : chooseResidency(this.#needs, device);
    this.components = new Components({ source, residency, now });
    this.changes = new ModelChanges({ entry, source, device, widened });
    this.texts = new TextEncoders({
      ...{ name: entry.name, traits: source.traits, components: this.components, changes: this.changes },
      takesVectors: source.networks !== undefined,
      ...(decodePicture && { decodePicture }),
    });
    const { reader } = source;
    this.plainPrompts = reader && { reader, name: entry.name, suggestion: entry.suggestions.at(0) };
    this.previewsWhole = source.has(source.traits.parts.preview) && device.provider === 'webgpu';
    this.#widened = widened;
    this.#canWiden = source.canWiden && source.activations === 'float16';
    const { plan, activations, isWidened, packsKernels } = source;
    const form = { ...(isWidened && { isWidened }), ...(packsKernels && { packsKernels }) };
    this.#report = { plan, activations, bytes, ...form };
  }

  /** The model's report, with the LoRAs in use and the models that are mixed in. */
  get report(): ModelReport {
    const { bytes } = this.#report;
    return { residency: this.components.residency, ...this.#report, bytes: bytes + this.changes.addedBytes };
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
        await this.components.get(component, { clipSkip, ...this.changes.shapeOf(component) });
      for (const part of [denoiser, decoder]) await this.components.get(part, this.changes.shapeOf(part));
    } catch (error) {
      if (toAppError(error).code === 'bad-request') return;
      await this.dispose();
      throw error;
    }
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
    const { activations = this.report.activations } = this.changes.shapeOf(this.traits.parts[coder]);
    return this.rooms[coder].plan(size, coderMemory(coder, this.#source, { device, activations }), device);
  }

  /** Whether it can read pictures. */
  get readsPictures(): boolean {
    const { encoder } = this.traits.parts;
    return this.components.has(encoder) || this.changes.otherPart(encoder) !== undefined;
  }

  /** Sizes of its denoiser, which ControlNets must have; absent where nothing can be added to its maps. */
  get encoderSizes(): EncoderSizes | undefined {
    return this.#source.networks?.[this.traits.parts.denoiser]?.sizes.denoiser?.encoder;
  }

  /** Weights of its denoiser, with the LoRAs in use and what is mixed in: a Control-LoRA stands on them. */
  get controlBase(): ControlBase | undefined {
    const [component, { adapters: uses }, { check }] = [this.traits.parts.denoiser, this.changes, this.components];
    const { blend } = this.changes.shapeOf(component);
    return controlBase(this.#source, { component, uses, blend, factors: this.changes.factorsOf(component), check });
  }

  /** LoRAs of what is computed from now on, and room for them. @throws AppError as ModelChanges.useAdapters */
  async use(uses: readonly AdapterUse[], entries: readonly AdapterEntry[]): Promise<void> {
    await this.changes.useAdapters(uses, entries);
    this.#settleResidency();
  }

  /** Models that are mixed into this one from now on, and room for them. @throws AppError as ModelChanges.useBlend */
  async useBlend(blend: Blend | undefined, packs: Ports['packs']): Promise<void> {
    await this.changes.useBlend(blend, packs);
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
      weightBytes: weightBytes + this.changes.addedBytes + beside,
    };
    this.components.residency = this.#isTight ? 'in_turn' : chooseResidency(needs, this.device);
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
