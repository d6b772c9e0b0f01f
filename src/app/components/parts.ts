/** Parts of the page that are fetched when they are first wanted; Later and LateMenu show them. */

export class Part<Shown> {
  readonly #import: () => Promise<{ default: Shown }>;
  #here: Shown | undefined;

  constructor(load: () => Promise<{ default: Shown }>) {
    this.#import = load;
  }

  /** Undefined until it has been fetched. */
  get here(): Shown | undefined {
    return this.#here;
  }

  /** @throws where it cannot be fetched; the next call tries again */
  async load(): Promise<Shown> {
    this.#here ??= (await this.#import()).default;
    return this.#here;
  }
}

export const PARTS = {
  sheets: new Part(() => import('./Sheets.svelte')),
  settingsSheet: new Part(() => import('./SettingsSheet.svelte')),
  easelPicture: new Part(() => import('./EaselPicture.svelte')),
  pictureFacts: new Part(() => import('./PictureFacts.svelte')),
  generateMenu: new Part(() => import('./GenerateMenu.svelte')),
  recentPrompts: new Part(() => import('./RecentPrompts.svelte')),
};

/** Said where one does not come. */
export const PART_MISSING = 'This part of Gesso could not be fetched: check the connection and try again.';
