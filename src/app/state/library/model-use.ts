/** The form's model: chosen, taken out of the list, and made ready to paint. */
import type { ModelEntry } from '../../../core/catalog';
import { AppError } from '../../../core/errors';
import type { EngineSession } from '../device/engine-session.svelte';
import { roomModel, type Room, type RoomModel } from '../device/room.svelte';
import type { Settings, Snapshot } from '../settings/settings.svelte';
import type { ModelLibrary } from './library.svelte';

interface Parts {
  settings: Settings;
  library: ModelLibrary;
  engine: Pick<EngineSession, 'prepare'>;
  room: Room;
}

export class ModelUse {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws AppError 'missing-file' where it cannot paint here */
  find(id: string): ModelEntry {
    const model = this.#parts.library.usable.find((known) => known.id === id);
    if (!model) throw new AppError('missing-file', `The model "${id}" is not on this computer: get it under Models.`);
    return model;
  }

  /** @param left  see Settings.useModel */
  use(id: string, left?: ModelEntry): void {
    this.#parts.settings.useModel(id, left);
    this.warmUp();
  }

  /** Takes a model out of the list, until it is taken back; the built-in one takes its place where it was in use. */
  remove(id: string): void {
    const { settings, library } = this.#parts;
    const [first] = library.usable;
    const isInUse = settings.model.id === id;
    const before = settings.toSnapshot();
    if (isInUse && first) this.use(first.id);
    library.remove(id, isInUse ? () => this.#comeBack(before) : undefined);
  }

  /** Goes back to a model and its settings; what has been typed by now stays. */
  #comeBack(before: Snapshot): void {
    const { settings } = this.#parts;
    const { prompt, negativePrompt } = settings;
    settings.useSnapshot(before);
    Object.assign(settings, { prompt, negativePrompt });
    this.warmUp();
  }

  /** Loads the model in the background, for a picture of the present settings; what goes wrong is kept in `engine.error`. */
  warmUp(): void {
    const { settings, room, engine } = this.#parts;
    if (this.roomModel(settings.model, settings))
      room.open().catch((error: unknown) => console.info('What fits cannot be estimated.', error));
    const shape = settings.isSound ? settings.toDraft() : undefined;
    engine.prepare(settings.model, shape).catch((error: unknown) => console.info('The model is not ready.', error));
  }

  /** What its memory is estimated by; undefined where nothing can be told of it. */
  roomModel(entry: ModelEntry, { control }: Partial<Pick<Settings, 'control'>>): RoomModel | undefined {
    return roomModel(entry, this.#parts.library.snapshot.models, control);
  }
}
