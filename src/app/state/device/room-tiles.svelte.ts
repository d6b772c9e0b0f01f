/** Where a picture will probably not fit on this GPU, it is painted in tiles, unless the person switches that off. */
import { CELL_PIXELS } from '../../../core/families/family';
import { paintsNothing } from '../../../core/recipe/has-effect';
import { asksForOther, hasHires } from '../../../core/recipe/hires';
import { withDefaults, type GenerationRequest } from '../../../core/recipe/request';
import { largestTile, redraws } from '../../../core/recipe/redraw';
import { mayBeTiled } from '../../../core/tiled-diffusion/tiles';
import type { ModelEntry } from '../../../core/catalog';
import type { DeviceReport } from '../../../engine/api';
import type { Settings } from '../settings/settings.svelte';
import type { Room, RoomModel, Size } from './room.svelte';

/** Tiles that are tried, in cells: the usual ones, then those of 512 pixels. */
const TILES = [
  { tileWidth: 96, tileHeight: 96, tileOverlap: 48 },
  { tileWidth: 64, tileHeight: 64, tileOverlap: 32 },
] as const;

interface Parts {
  room: Room;
  settings: Settings;
  engine: { readonly device: DeviceReport | undefined };
}

/** Undefined where the memory of the model cannot be estimated. */
type ModelOf = (entry: ModelEntry, units: Pick<GenerationRequest, 'control'>) => RoomModel | undefined;

/** The largest that the model sees at once: of a second pass, where it paints that too; of a tile, where it is painted in tiles. */
export function seenAtOnce(request: GenerationRequest): Size {
  const asked = withDefaults(request);
  if (redraws(asked)) return { ...largestTile(asked), cfgScale: asked.cfgScale, sagScale: asked.sagScale };
  const { hiresScale, tiledMethod, tileWidth, tileHeight, cfgScale, sagScale } = asked;
  const isLarger = hasHires(asked) && !asksForOther(asked) && asked.denoisingStrength !== 0;
  const [width, height] = [asked.width, asked.height].map((side) => (isLarger ? Math.trunc(side * hiresScale) : side));
  if (tiledMethod === 'none') return { width, height, cfgScale, sagScale };
  return {
    width: Math.min(width, CELL_PIXELS * tileWidth),
    height: Math.min(height, CELL_PIXELS * tileHeight),
    cfgScale,
  };
}

export class RoomTiles {
  readonly #parts: Parts;
  readonly #modelOf: ModelOf;
  /** The person has switched it off for this visit. */
  isDeclined = $state(false);
  /** A sentence where it will probably not fit as the form has it. */
  readonly note = $derived.by(() => this.#noteOf({}));
  /** Tiles with which it fits. */
  readonly tiles = $derived.by(() => (this.note === undefined ? undefined : this.#fitting()));
  readonly isUsed = $derived.by(() => this.tiles !== undefined && !this.isDeclined);

  constructor(parts: Parts, modelOf: ModelOf) {
    this.#parts = parts;
    this.#modelOf = modelOf;
  }

  /** The form's request, with the tiles where they are needed. */
  apply(request: GenerationRequest): GenerationRequest {
    return this.isUsed ? { ...request, ...this.tiles } : request;
  }

  painted(entry: ModelEntry, request: GenerationRequest, device: DeviceReport): void {
    const model = this.#modelOf(entry, request);
    if (model) this.#parts.room.painted(model, seenAtOnce(request), device);
  }

  refused(entry: ModelEntry, request: GenerationRequest): void {
    const model = this.#modelOf(entry, request);
    if (model) this.#parts.room.refused(model, seenAtOnce(request), this.#parts.engine.device);
  }

  #fitting(): Partial<GenerationRequest> | undefined {
    const draft = this.#parts.settings.toDraft();
    if (draft.tiledMethod !== undefined || !mayBeTiled(draft)) return undefined;
    const all = TILES.map((tile) => ({ tiledMethod: 'multidiffusion' as const, ...tile }));
    return all.find((tiles) => this.#noteOf(tiles) === undefined);
  }

  #noteOf(tiles: Partial<GenerationRequest>): string | undefined {
    const { settings, room, engine } = this.#parts;
    if (Object.keys(settings.problems).length > 0) return undefined;
    const request = settings.toDraft();
    const model = this.#modelOf(settings.model, request);
    if (!model || paintsNothing(withDefaults(request))) return undefined;
    return room.note(model, seenAtOnce({ ...request, ...tiles }), engine.device);
  }
}
