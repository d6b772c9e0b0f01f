/** How the form is kept between visits, with what else the page remembers. */
import type { Notifier } from '../telling/notifier.svelte';
import { isProviderChoice } from '../device/device-choice';
import { KEPT_FORM, type Settings } from '../settings/settings.svelte';
import type { Store } from './storage';
import { isPictureView, type PictureView } from '../pictures/view';

interface Page {
  readonly settings: Settings;
  readonly notifier: Notifier;
  readonly attention: { isAudible: boolean };
  readonly library: { readonly isReady: boolean };
  view: PictureView;
  warmUp(): void;
}

type Values = Record<string, unknown>;

export class KeptPage {
  readonly #store: Store;
  readonly #page: Page;
  /** Chosen for this visit by the address: it is not kept. */
  readonly #queryProvider: unknown;
  #savedText = '';
  /** What was kept, as it was read. */
  stored: Values = {};

  /** @param stored  what `store` has, of which the settings are made already */
  constructor(store: Store, page: Page, stored: Values, queryProvider: unknown) {
    this.#store = store;
    this.#page = page;
    this.#queryProvider = queryProvider;
    const asRead = this.#take(stored); // also of a store that tells nothing late
    store.onLate?.((values) => this.#takeLate(KEPT_FORM.raise(values)), asRead);
    store.onHeard?.((values) => this.#hear(KEPT_FORM.raise(values)));
  }

  /** Keeps the page, but not before something is changed: a tab that is only opened leaves what another one keeps. */
  save(): void {
    const kept = this.#toKept();
    const text = JSON.stringify(kept);
    if (text === this.#savedText) return;
    this.#savedText = text;
    this.#store.write(kept);
  }

  /** What is kept besides the settings; none of it is a change. Returns it as it is kept. */
  #take(stored: Values): Values {
    const page = this.#page;
    this.stored = stored;
    if (isProviderChoice(this.#queryProvider)) page.settings.provider = this.#queryProvider;
    if (isPictureView(stored['view'])) page.view = stored['view'];
    page.notifier.take(stored['notifies'] === true);
    page.attention.isAudible = stored['sounds'] === true;
    const kept = this.#toKept();
    this.#savedText = JSON.stringify(kept);
    return kept;
  }

  /** Told when nobody waited any longer; a model that is not listed yet, `Studio.start` waits for. */
  #takeLate(stored: Values): void {
    const { settings, library } = this.#page;
    const { model } = settings;
    settings.takeLate(stored);
    this.#take(stored);
    if (library.isReady && settings.model !== model) this.#page.warmUp();
  }

  /** Each tab has a form of its own, and own defaults are those of all: they would go with what this one writes next. */
  #hear({ mine = {} }: Values): void {
    const isKept = JSON.stringify(this.#toKept()) === this.#savedText;
    if (isObject(mine)) this.#page.settings.mine = mine as Settings['mine'];
    if (isKept) this.#savedText = JSON.stringify(this.#toKept());
  }

  #toKept(): Values {
    const { settings, view, notifier, attention } = this.#page;
    const kept: Values = {
      ...settings.toStored(),
      view,
      notifies: notifier.isWanted,
      ...(attention.isAudible && { sounds: true }),
    };
    const isForVisit = kept['provider'] === this.#queryProvider;
    return KEPT_FORM.stamp(isForVisit ? { ...kept, provider: this.stored['provider'] } : kept);
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
