/** The model that is chosen is removed in another tab: its place is taken, and that is said. */
import type { ModelEntry } from '../../../core/catalog';
import type { Studio } from '../studio.svelte';

type Parts = Pick<Studio, 'settings' | 'library' | 'useModel' | 'said'>;

export class GoneModel {
  /** What was chosen and here when it was last looked. */
  #seen: ModelEntry | undefined;

  /** To be called whenever the models or the choice change. */
  look(studio: Parts): void {
    const { settings, library } = studio;
    const { model, chosenId } = settings;
    if (model.id === chosenId) {
      this.#seen = model;
      return;
    }
    const gone = this.#seen;
    // While a visit begins, the list of models may not be whole yet.
    if (gone?.id !== chosenId || !library.isReady) return;
    const { prompt, negativePrompt } = settings;
    studio.useModel(model.id, gone);
    Object.assign(settings, { prompt, negativePrompt });
    studio.said = `${gone.name} was removed in another tab: ${model.name} takes its place.`;
  }
}
