/** Whether a picture will fit on this GPU, by what it has given so far: said before the press, and never in the way. */
import type { ModelEntry } from '../../../core/catalog';
import { familyOf } from '../../../core/families';
import { LEAST_TILE } from '../../../core/image';
import type { Given, PictureMemory } from '../../../core/networks';
import type { FamilyConfigId } from '../../../core/families/configs';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { ControlDraft } from '../../../core/recipe/control/unit';
import type { DeviceReport } from '../../../engine/api';
import type { StoredModel } from '../../../engine/library-api';
import type { Store } from '../kept/storage';

/** A model as far as its memory goes. */
export interface RoomModel {
  id: string;
  /** A published family: what is stored under other configs is not estimated. */
  family: FamilyConfigId;
  plan: string;
  /** Bytes of the ControlNets on the model, which stay beside it while it paints. */
  besideBytes: number;
}

/**
 * Undefined for what is not estimated: the small starter, and graphs made elsewhere.
 * @param stored  what is on this computer
 * @param units  units of control that paint with it
 */
export function roomModel(
  { id, family, plan, source }: ModelEntry,
  stored: readonly Pick<StoredModel, 'id' | 'plan' | 'bytes' | 'control'>[],
  units: readonly Pick<ControlDraft, 'model' | 'isOff'>[] = [],
): RoomModel | undefined {
  const estimatedAs = family && familyOf(family).estimatedAs;
  if (estimatedAs === undefined || source.kind === 'bundled' || source.kind === 'onnx') return undefined;
  const beside = stored.filter(
    (one) => one.control === 'network' && units.some(({ model, isOff }) => model === one.id && !isOff),
  );
  return {
    ...{ id, family: estimatedAs },
    plan: stored.find((one) => one.id === id)?.plan ?? plan ?? 'q8',
    besideBytes: beside.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** What of a request its memory depends on. */
export type Size = Pick<GenerationRequest, 'width' | 'height' | 'cfgScale' | 'sagScale'>;
type Estimate = (width: number, height: number) => PictureMemory;

/** What is kept for each adapter, by its name. */
type Kept = Record<string, { paintedBytes?: number; refusedBytes?: number }>;

export class Room {
  readonly #store: Store | undefined;
  readonly #estimates = new Map<string, Estimate>();
  #core = $state.raw<typeof import('../../../core/packs') & typeof import('../../../core/networks')>();
  #kept = $state.raw<Kept>({});

  constructor(store?: Store) {
    this.#store = store;
    this.#kept = readKept(store?.read() ?? {});
  }

  /** Graphs are built to estimate: fetched when a model asks for it, not with the page. */
  async open(): Promise<void> {
    if (this.#core) return;
    const [packs, models] = await Promise.all([import('../../../core/packs'), import('../../../core/networks')]);
    this.#core = { ...packs, ...models };
  }

  /** A sentence where it will probably not fit. */
  note(model: RoomModel, size: Size, device: DeviceReport | undefined): string | undefined {
    const estimate = this.#estimate(model, size, device);
    if (!this.#core || !estimate || !device) return undefined;
    const { maxBufferBytes, memoryBytes } = device;
    const given: Given = {
      ...this.#kept[device.adapter],
      ...(maxBufferBytes !== undefined && { maxBufferBytes }),
      ...(memoryBytes !== undefined && { memoryBytes }),
    };
    return this.#core.roomNote({ ...size, given, memoryOf: estimate });
  }

  painted(model: RoomModel, size: Size, device: DeviceReport | undefined): void {
    this.#keep(model, size, device, (bytes, { paintedBytes = 0, refusedBytes }) => ({
      paintedBytes: Math.max(paintedBytes, bytes),
      // what was refused once, beside another program, and is given now
      ...(refusedBytes !== undefined && refusedBytes > bytes && { refusedBytes }),
    }));
  }

  refused(model: RoomModel, size: Size, device: DeviceReport | undefined): void {
    this.#keep(model, size, device, (bytes, kept) => ({
      ...kept,
      refusedBytes: Math.min(kept.refusedBytes ?? Infinity, bytes),
    }));
  }

  #keep(
    model: RoomModel,
    size: Size,
    device: DeviceReport | undefined,
    change: (bytes: number, kept: Kept[string]) => Kept[string],
  ): void {
    const bytes = this.#estimate(model, size, device)?.(size.width, size.height).peakInTurnBytes;
    if (bytes === undefined || !device) return;
    this.#kept = { ...this.#kept, [device.adapter]: change(bytes, this.#kept[device.adapter] ?? {}) };
    this.#store?.write(this.#kept);
  }

  #estimate(
    { family, plan, besideBytes }: RoomModel,
    { cfgScale, sagScale = 0 }: Size,
    device: DeviceReport | undefined,
  ): Estimate | undefined {
    if (!this.#core || device?.provider !== 'webgpu' || !this.#core.isDtypePlanId(plan)) return undefined;
    const activations = device.halfPrecision && plan !== 'float32' ? 'float16' : 'float32';
    const tellsAttention = sagScale !== 0;
    const batch = cfgScale > 1 || tellsAttention ? 2 : 1;
    const { memoryBytes, maxBufferBytes } = device;
    const key = [family, plan, activations, batch, tellsAttention, besideBytes, memoryBytes, maxBufferBytes].join();
    const known = this.#estimates.get(key);
    if (known) return known;
    const { createFamilyMemory, lacksRoomForKernels } = this.#core;
    const memoryOf = createFamilyMemory(family, plan, activations, { tellsAttention });
    let tight: typeof memoryOf | undefined;
    const bySize = new Map<string, PictureMemory>();
    const estimate: Estimate = (width, height) => {
      const size = `${width} ${height}`;
      // What would not fit of the decoder is developed in tiles.
      const picture = { width, height, batch, mostDecodedCells: LEAST_TILE, besideBytes };
      let memory = bySize.get(size) ?? memoryOf(picture);
      if (!bySize.has(size) && lacksRoomForKernels(memory.largestWeightsBytes, device)) {
        tight ??= createFamilyMemory(family, plan, activations, { packsKernels: true, tellsAttention });
        memory = tight(picture);
      }
      bySize.set(size, memory);
      return memory;
    };
    this.#estimates.set(key, estimate);
    return estimate;
  }
}

function readKept(stored: Record<string, unknown>): Kept {
  const bytes = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
  const kept: Kept = {};
  for (const [adapter, value] of Object.entries(stored)) {
    if (typeof value !== 'object' || value === null) continue;
    const { paintedBytes, refusedBytes } = value as Record<string, unknown>;
    const [painted, refused] = [bytes(paintedBytes), bytes(refusedBytes)];
    kept[adapter] = {
      ...(painted !== undefined && { paintedBytes: painted }),
      ...(refused !== undefined && { refusedBytes: refused }),
    };
  }
  return kept;
}
