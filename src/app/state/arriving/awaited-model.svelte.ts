/** A recipe that was taken over without its model: once that is here and the form still says the same, it is taken over with it. */
import type { ModelEntry } from '../../../core/catalog';
import { matchModel, type FoundRecipe } from '../../../core/recipes';
import type { Settings } from '../settings/settings.svelte';

type Models = () => readonly (ModelEntry & { hash: string | undefined })[];

/** Which lines somebody ticked, or not. */
type Ticks = readonly (readonly [key: string, isTaken: boolean])[];

interface Waiting {
  found: FoundRecipe;
  ticks: Ticks;
  /** What the form said after it. */
  draft: string;
}

export class AwaitedModel {
  readonly #settings: Settings;
  #waiting = $state.raw<Waiting>();
  /** It has come; undefined before that, and where the form was changed. */
  readonly model: ModelEntry | undefined;

  constructor(settings: Settings, models: Models) {
    this.#settings = settings;
    this.model = $derived.by(() => {
      const waiting = this.#waiting;
      const model = waiting && matchModel(waiting.found.recipe, models());
      if (!model || model.id === settings.model.id || !settings.hasModel(model.id)) return undefined;
      return waiting.draft === this.#draft() ? model : undefined;
    });
  }

  /** Called after a recipe was taken over. @param model  that paints it; undefined where it is not here */
  wait(found: FoundRecipe, ticks: Ticks, model: ModelEntry | undefined): void {
    const isHere = model !== undefined && this.#settings.hasModel(model.id);
    const { model: name, modelHash } = found.recipe;
    const namesOne = name !== undefined || modelHash !== undefined;
    this.#waiting = namesOne && !isHere ? { found, ticks, draft: this.#draft() } : undefined;
  }

  /** Hands over what waits, once. */
  take(): Pick<Waiting, 'found' | 'ticks'> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  readonly #draft = (): string => JSON.stringify([this.#settings.toDraft(), this.#settings.extras]);
}
