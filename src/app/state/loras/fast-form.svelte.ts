/** Few steps instead of many: what there is for the model at hand, and setting the form to it. */
import { untrack } from 'svelte';
import type { ModelEntry } from '../../../core/catalog';
import { stemOf } from '../../../core/adapters/embeddings/read-embeddings';
import { fewStepsOf, type FewSteps } from '../../../core/few-steps';
import { appendWords, removeTag, strengthText } from '../../../core/prompt/network-tags';
import { SAMPLERS } from '../../../core/samplers';
import type { StoredAdapter } from '../../../engine/library-api';
import { fits } from './adapter-fits';
import type { FormHistory } from '../settings/form-history.svelte';
import type { ModelLibrary } from '../library/library.svelte';
import { namedLoras } from '../line/picture-inputs';
import type { Settings } from '../settings/settings.svelte';

/** One way to paint in a few steps. */
export interface FastWay {
  id: string;
  name: string;
  settings: FewSteps;
  /** Entry of its LoRA in the catalogue, where that is still to be got. */
  entry?: ModelEntry;
  /** Its LoRA on this computer. The model itself is made for few steps where there is neither. */
  lora?: StoredAdapter;
}

export interface FastParts {
  settings: Settings;
  form: FormHistory;
  library: Pick<ModelLibrary, 'adapters' | 'helpers' | 'items' | 'get'>;
}

/** The settings in words: "4 steps, CFG 1, Euler". */
export function settingsText({ steps, cfgScale, sampler }: FewSteps): string {
  return `${steps === 1 ? '1 step' : `${steps} steps`}, CFG ${cfgScale}, ${SAMPLERS[sampler].label}`;
}

const namesOf = ({ name, aliases, fileName }: StoredAdapter): string[] => [stemOf(fileName), name, ...aliases];

export class FastForm {
  readonly #parts: FastParts;
  /** The way to be set as soon as its LoRA is here. */
  #awaited = $state.raw<FastWay>();
  /** Its transfer has been seen. */
  #isComing = false;

  /** Those that fit the model; none where the form is set to one of them. */
  readonly ways: readonly FastWay[] = $derived.by(() => {
    const all = this.#list();
    return all.some((way) => this.#isSet(way)) ? [] : all;
  });

  constructor(parts: FastParts) {
    this.#parts = parts;
  }

  /** Sets a way at once, or when it has been got: what it weighs and under which licence stands beside it. */
  use(way: FastWay): void {
    if (!way.entry) return this.#set(way);
    this.#awaited = way;
    this.#isComing = false;
    void this.#parts.library.get(way.entry);
  }

  /** What was waited for is set when it is here, where the model is still one that it fits; no longer once it was cancelled. */
  readonly arrive = (): void => {
    if (!this.#awaited) return;
    const { id, entry } = this.#awaited;
    const found = this.#here(entry);
    const isComing = this.#parts.library.helpers.some((one) => one.entry.id === id && one.transfer !== undefined);
    const wasComing = this.#isComing;
    this.#isComing = isComing;
    if (!found) {
      if (wasComing && !isComing) this.#awaited = undefined;
      return;
    }
    const way = { ...this.#awaited, lora: found };
    this.#awaited = undefined;
    untrack(() => fits(found, this.#parts.settings.model) && this.#set(way));
  };

  #list(): FastWay[] {
    const { settings, library } = this.#parts;
    const { model } = settings;
    const stored = library.items.find(({ entry }) => entry.id === model.id)?.stored;
    const own = fewStepsOf('checkpoint', [...(stored ? [stemOf(stored.fileName)] : []), model.name, model.id]);
    if (own) return [{ id: model.id, name: model.name, settings: own }];
    if (settings.advanced.get('dialect') === 'comfyui') return []; // tags are text there
    const here = this.#loras().map(({ lora, settings }) => ({ id: lora.id, name: lora.name, lora, settings }));
    const offered = library.helpers.flatMap(({ entry }) => {
      const found = entry.family === model.family && !this.#here(entry) && fewStepsOf('lora', [entry.promptName ?? '']);
      return entry.role === 'lora' && found ? [{ id: entry.id, name: entry.name, entry, settings: found }] : [];
    });
    return [...here, ...offered];
  }

  #loras(): { lora: StoredAdapter; settings: FewSteps }[] {
    const { settings, library } = this.#parts;
    return library.adapters.flatMap((lora) => {
      const found = lora.kind === 'lora' && fits(lora, settings.model) && fewStepsOf('lora', namesOf(lora));
      return found ? [{ lora, settings: found }] : [];
    });
  }

  #here(entry: ModelEntry | undefined): StoredAdapter | undefined {
    return this.#parts.library.adapters.find(({ fileName }) => stemOf(fileName) === entry?.promptName);
  }

  #isSet({ settings: wanted, lora, entry }: FastWay): boolean {
    if (entry) return false;
    const { settings } = this.#parts;
    const isTagged = !lora || this.#tags().some((tag) => tag.lora?.id === lora.id && tag.tag.unetWeight !== 0);
    return isTagged && wanted.steps === settings.steps && wanted.cfgScale === settings.cfgScale;
  }

  #tags() {
    const { settings, library } = this.#parts;
    return namedLoras({ prompt: settings.prompt }, library.adapters);
  }

  /** Two distilled ones do not go together: the tag of another is taken out. */
  #set({ settings: { label, ...wanted }, lora }: FastWay): void {
    const { settings, form } = this.#parts;
    const others = new Set(this.#loras().map((one) => one.lora.id));
    form.change(`Set to ${label}: ${settingsText({ label, ...wanted })}`, () => {
      if (lora) {
        const old = this.#tags().filter((tag) => tag.lora && others.has(tag.lora.id));
        const prompt = old.reduceRight((text, { tag }) => removeTag(text, tag), settings.prompt);
        settings.prompt = appendWords(prompt, `<lora:${lora.name}:${strengthText(lora.weight ?? 1)}>`);
      }
      Object.assign(settings, wanted);
    });
  }
}
