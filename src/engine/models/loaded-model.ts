/** The one model that is loaded, and what is known of how models are held here. */
import type { ModelEntry } from '../../core/catalog';
import type { OpenPack } from '../../core/packs';
import type { ComponentId } from '../../core/networks/components';
import type { AdapterEntry, EventListener, PictureShape } from '../api';
import type { Ports, Runtime } from '../ports';
import type { StageClock } from '../run/stage-clock';
import type { AdapterUse } from './adapters';
import { blends, type Blend } from './blends';
import { Model } from './model';
import type { EdgeTiling } from './model-changes';
import { ModelRoom } from './model-room';
import { openEntry } from './open-entry';
import { openModelSource } from './open-model-source';
import type { PartUse } from './part-use';

/** A model to be made ready. */
export interface Loading {
  entry: ModelEntry;
  /** Revision of its files: see revisionOf. Asked where it is not known. */
  revision?: string;
  /** LoRAs on it, and where they are. */
  adapters?: readonly AdapterUse[];
  entries?: readonly AdapterEntry[];
  /** An autoencoder in place of the model's own. */
  otherVae?: PartUse | undefined;
  otherTexts?: readonly PartUse[] | undefined;
  /** Other models that are mixed into it. */
  blend?: Blend | undefined;
  tiling?: EdgeTiling | undefined;
  /** All models of the run: one that is mixed in may be built in. */
  models?: readonly ModelEntry[];
  onEvent: EventListener;
  /** Shape of the picture it is for, where that is known. */
  shape: PictureShape | undefined;
  clock: StageClock;
  /** Throws where nobody wants the picture any more: asked while LoRAs are worked into weights. */
  check?: () => void;
}

export interface Place {
  runtime: Runtime;
  /** Absolute URL of the folder the app is served from. */
  baseUrl: string;
}

type Parts = Pick<Loading, 'otherVae' | 'otherTexts' | 'blend' | 'tiling' | 'models' | 'onEvent'>;

export class LoadedModel {
  readonly #ports: Ports;
  #model: Model | undefined;
  #revision = '';
  /** Where what is built in was served from when the model was opened. */
  #baseUrl = '';
  /** A model that is not ready yet; a device that is lost meanwhile takes it along. */
  #opening: Model | undefined;
  /** How models are held that did not fit here, by their ids. */
  readonly #rooms = new Map<string, ModelRoom>();
  /** Components of models that half precision was too small for, by the model's id. */
  readonly #widened = new Map<string, Set<ComponentId>>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Undefined where none is ready. */
  get model(): Model | undefined {
    return this.#model;
  }

  /** Which files are behind an entry: another text where the model was imported again under the same id. */
  async revisionOf({ id, source }: Pick<ModelEntry, 'id' | 'source'>): Promise<string> {
    const stored = source.kind === 'bundled' ? undefined : await this.#ports.packs.revision?.(id);
    return JSON.stringify([source, stored]);
  }

  /** Loads it where it is not what is loaded; the memory of the one before is given back first. */
  async get(loading: Loading, place: () => Promise<Place>): Promise<Model> {
    const { entry, clock } = loading;
    const revision = loading.revision ?? (await this.revisionOf(entry));
    if (!this.#model || this.#model.entry.id !== entry.id || this.#revision !== revision) {
      const previous = this.#model;
      this.#model = undefined;
      await previous?.dispose();
      clock.enter('loading');
      this.#model = await this.#open(loading, await place());
      this.#revision = revision;
    }
    clock.follow(this.#model.components);
    this.#model.components.check = loading.check;
    await this.#model.use(loading.adapters ?? [], loading.entries ?? []);
    await this.#useParts(this.#model, loading);
    return this.#model;
  }

  room(id: string): ModelRoom {
    const room = this.#rooms.get(id) ?? new ModelRoom();
    this.#rooms.set(id, room);
    return room;
  }

  /** What did not fit may fit now, or the other way round. */
  forgetRooms(): void {
    this.#rooms.clear();
  }

  /** Sessions of a lost device may refuse to be released; they are gone with it. */
  async close(): Promise<void> {
    const models = [this.#model, this.#opening];
    this.#model = undefined;
    this.#opening = undefined;
    for (const model of models) await model?.dispose().catch(() => undefined);
  }

  async #useParts(
    model: Model,
    { otherVae, otherTexts = [], blend, tiling, models = [], onEvent }: Parts,
  ): Promise<void> {
    model.changes.useTiling(tiling);
    this.room(model.entry.id).isBlended = blend !== undefined && blends(blend, model.traits.parts.denoiser);
    await model.changes.useVae(otherVae, this.#ports.packs);
    await model.changes.useTexts(otherTexts, this.#ports.packs);
    await model.useBlend(blend, { open: (id) => this.#openOther(id, models, onEvent) });
  }

  /** A pack of the library, or one that is built in. @throws AppError as openEntry */
  #openOther(id: string, models: readonly ModelEntry[], onEvent: EventListener): Promise<OpenPack> {
    const entry = models.find((one) => one.id === id);
    if (!entry) return this.#ports.packs.open(id);
    return openEntry(entry, { ports: this.#ports, baseUrl: this.#baseUrl, onEvent });
  }

  async #open(
    { entry, onEvent, shape, clock, check, adapters = [], entries = [], ...parts }: Loading,
    { runtime, baseUrl }: Place,
  ): Promise<Model> {
    this.#baseUrl = baseUrl;
    const onProgress = (file: string, loadedBytes: number): void =>
      onEvent({ type: 'loading', file, loadedBytes, totalBytes: entry.downloadBytes ?? 0 });
    const room = this.room(entry.id);
    const packed = { staysPacked: room.isPacked, packsKernels: room.packsKernels };
    const source = await openModelSource({ entry, ...packed, baseUrl, runtime, ports: this.#ports, onProgress });
    const widened = this.#widened.get(entry.id) ?? new Set();
    this.#widened.set(entry.id, widened);
    const { now, decodePicture } = this.#ports;
    const held = {
      ...{ isTight: room.isInTurn, widened, rooms: { decoder: room.decode, encoder: room.encode } },
      ...(decodePicture && { decodePicture }),
    };
    const model = new Model({ entry, source, device: runtime.device, now, ...held });
    room.couldStayPacked = source.couldStayPacked ?? false;
    room.couldPackKernels = source.couldPackKernels ?? false;
    if (model.report.residency === 'in_turn') room.isInTurn = true;
    clock.follow(model.components);
    model.components.check = check;
    this.#opening = model;
    await model.use(adapters, entries);
    await this.#useParts(model, { ...parts, onEvent });
    await model.warm(shape);
    this.#opening = undefined;
    return model;
  }
}
