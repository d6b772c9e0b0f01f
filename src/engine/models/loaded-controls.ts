/** The ControlNets and adapters that are loaded: those of the picture at hand. */
import type { ControlEntry } from '../../core/catalog';
import { towerText } from '../../core/control/vision-towers';
import { AppError } from '../../core/errors';
import { VISION_SIDE } from '../../core/hints/image-prompt';
import type { EventListener } from '../api';
import type { Ports, Runtime } from '../ports';
import type { StageClock } from '../run/stage-clock';
import { Control } from './control';
import type { Place } from './loaded-model';
import { openEntry } from './open-entry';

/** Those of a workflow, to its operations. */
export interface Controls {
  /** Another text where its files are others. @throws AppError 'missing-file' where it did not come with the run */
  revisionOf(id: string): Promise<string>;
  /** Another text where what looks at pictures is of other files. */
  towersRevision(): Promise<string>;
  /** Name of a network, as people know it. @throws AppError as revisionOf */
  nameOf(id: string): string;
  /** @throws AppError as `Control`, 'missing-file', 'offline' */
  get(id: string): Promise<Control>;
  /** A vision tower that came with the run and is for such an adapter. @throws AppError 'missing-file' naming the adapter and what it needs */
  towerFor(adapter: Control): Promise<Control>;
  /** What came with the run to draw hints with such a file. @throws AppError 'missing-file' */
  annotatorFor(file: string): Promise<Control>;
  /** Whether one came with the run. */
  hasAnnotator(file: string): boolean;
  /** What is loaded of all but these is given back; the towers of those that read pictures stay. */
  retain(ids: readonly string[]): Promise<void>;
  /** What their steps take is given back, until they are asked again. */
  release(): Promise<void>;
}

export interface ControlUse {
  onEvent: EventListener;
  clock: StageClock;
  revisionOf(entry: ControlEntry): Promise<string>;
  /** The runtime that is open now. */
  runtime(): Promise<Runtime>;
  /** Room is made for one that is to be loaded. */
  place(): Promise<Place>;
}

/** What was opened on a device that is gone is of no use. */
interface LoadedControl {
  control: Control;
  revision: string;
  runtime: Runtime;
}

export class LoadedControls {
  readonly #ports: Pick<Ports, 'createFiles' | 'packs'>;
  readonly #held = new Map<string, LoadedControl>();

  constructor(ports: Pick<Ports, 'createFiles' | 'packs'>) {
    this.#ports = ports;
  }

  of(entries: readonly ControlEntry[], use: ControlUse): Controls {
    const entryOf = (id: string): ControlEntry => {
      const entry = entries.find((one) => one.id === id) ?? entries.find(({ name }) => name === id);
      if (entry) return entry;
      throw new AppError('missing-file', `The ControlNet "${id}" is not here: add its file, or switch its unit off.`);
    };
    const drawerOf = (file: string): ControlEntry => {
      const found = entries.find(({ draws }) => draws === file);
      if (found) return found;
      throw new AppError('missing-file', `${file}, which draws this hint, is not here: add the file under Models.`);
    };
    return {
      revisionOf: async (id) => use.revisionOf(entryOf(id)),
      towersRevision: async () => {
        const towers = entries.filter(({ isTower }) => isTower);
        return (await Promise.all(towers.map(async (one) => `${one.id} ${await use.revisionOf(one)}`))).join();
      },
      nameOf: (id) => entryOf(id).name,
      get: (id) => this.#get(entryOf(id), use),
      towerFor: (adapter) => this.#tower(adapter, entries, use),
      hasAnnotator: (file) => entries.some(({ draws }) => draws === file),
      annotatorFor: async (file) => this.#get(drawerOf(file), use),
      retain: (ids) => this.#retain(ids.map((id) => entryOf(id).id)),
      release: () => this.release(),
    };
  }

  /** What their steps take is given back. */
  async release(): Promise<void> {
    for (const { control } of this.#held.values()) await control.dispose();
  }

  /** Sessions of a lost device may refuse to be released; they are gone with it. */
  async close(): Promise<void> {
    const all = [...this.#held.values()];
    this.#held.clear();
    for (const { control } of all) await control.dispose().catch(() => undefined);
  }

  /** What an adapter that stays looks at pictures with stays too: what was read with it is known by it. */
  async #retain(ids: readonly string[]): Promise<void> {
    const staying = ids.flatMap((id) => this.#held.get(id)?.control ?? []);
    for (const [id, { control }] of [...this.#held]) {
      if (ids.includes(id) || staying.some((adapter) => looksFor(control, adapter))) continue;
      this.#held.delete(id);
      await control.dispose();
    }
  }

  async #get(entry: ControlEntry, use: ControlUse): Promise<Control> {
    const revision = await use.revisionOf(entry);
    const held = this.#held.get(entry.id);
    if (held?.revision === revision && held.runtime === (await use.runtime())) return held.control;
    this.#held.delete(entry.id);
    await held?.control.dispose().catch(() => undefined); // of a lost device
    const { runtime, baseUrl } = await use.place();
    const control = await use.clock.during('loading', async () => {
      const open = await openEntry(entry, { ports: this.#ports, baseUrl, onEvent: use.onEvent });
      return new Control({ entry, open, runtime });
    });
    this.#held.set(entry.id, { control, revision, runtime });
    return control;
  }

  async #tower(adapter: Control, entries: readonly ControlEntry[], use: ControlUse): Promise<Control> {
    const { imagePrompt: wanted, entry } = adapter;
    if (!wanted) throw new RangeError(`${entry.name} reads no pictures`);
    for (const one of entries) {
      const tower = one.isTower ? await this.#get(one, use) : undefined;
      if (tower && looksFor(tower, adapter)) return tower;
    }
    throw new AppError(
      'missing-file',
      `${entry.name} looks at pictures with ${towerText(wanted)}, which is not here: add its file under Models.`,
    );
  }
}

/** Whether a tower says of a picture what an adapter reads. */
function looksFor({ vision }: Control, { imagePrompt: wanted }: Control): boolean {
  const width = wanted?.readsParts ? vision?.width : vision?.projectionWidth;
  return wanted !== undefined && width === wanted.imageWidth && vision?.side === VISION_SIDE;
}
