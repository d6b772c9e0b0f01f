/** The one upscaler that is loaded, and what is known of how upscalers are held here. */
import type { UpscalerEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { EventListener } from '../api';
import type { Ports } from '../ports';
import type { StageClock } from '../run/stage-clock';
import type { Place } from './loaded-model';
import { openEntry } from './open-entry';
import { PATCH_SIDES, Upscaler, type UpscalerRoom } from './upscaler';

/** Those of a workflow, to its operations. */
export interface Upscalers {
  /** Another text where its files are others. Ids are of entries, or their names. @throws AppError 'missing-file' where it is none of this run */
  revisionOf(id: string): Promise<string>;
  /** Ready; another's memory is given back first. @throws AppError as `Upscaler`, 'missing-file', 'offline' */
  get(id: string): Promise<Upscaler>;
}

export interface UpscalerUse {
  onEvent: EventListener;
  clock: StageClock;
  revisionOf(entry: UpscalerEntry): Promise<string>;
  /** Asked before it runs: where memory is short, what is large is given back then. */
  place(): Promise<Place>;
}

export class LoadedUpscaler {
  readonly #ports: Pick<Ports, 'createFiles' | 'packs'>;
  #held: { upscaler: Upscaler; revision: string } | undefined;
  readonly #rooms = new Map<string, UpscalerRoom>();

  constructor(ports: Pick<Ports, 'createFiles' | 'packs'>) {
    this.#ports = ports;
  }

  of(entries: readonly UpscalerEntry[], use: UpscalerUse): Upscalers {
    const entryOf = (id: string): UpscalerEntry => {
      const entry = entries.find((one) => one.id === id) ?? entries.find(({ name }) => name === id);
      if (entry) return entry;
      throw new AppError(
        'missing-file',
        `The upscaler "${id}" is not here: drop its file on the page, or choose another.`,
      );
    };
    return {
      revisionOf: async (id) => use.revisionOf(entryOf(id)),
      get: async (id) => this.#get(entryOf(id), use),
    };
  }

  /** Sessions of a lost device may refuse to be released; they are gone with it. */
  async close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    await held?.upscaler.dispose().catch(() => undefined);
  }

  async #get(entry: UpscalerEntry, use: UpscalerUse): Promise<Upscaler> {
    const place = await use.place();
    const revision = await use.revisionOf(entry);
    const held = this.#held;
    if (held?.upscaler.entry.id === entry.id && held.revision === revision) return held.upscaler;
    await this.close();
    const upscaler = await use.clock.during('loading', () => this.#open(entry, place, use.onEvent));
    this.#held = { upscaler, revision };
    return upscaler;
  }

  async #open(entry: UpscalerEntry, { runtime, baseUrl }: Place, onEvent: EventListener): Promise<Upscaler> {
    const upscaler = new Upscaler({
      entry,
      open: await openEntry(entry, { ports: this.#ports, baseUrl, onEvent }),
      runtime,
      room: this.#room(entry.id),
    });
    await upscaler.load();
    return upscaler;
  }

  #room(id: string): UpscalerRoom {
    const room = this.#rooms.get(id) ?? { side: PATCH_SIDES[0], isWide: false };
    this.#rooms.set(id, room);
    return room;
  }
}
