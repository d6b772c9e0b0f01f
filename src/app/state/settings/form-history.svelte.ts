/** Undo for what the app changes in the form by itself: a recipe taken over, a style, a suggestion, a model's settings. */
import { assetsOf } from '../start/assets-of';
import type { Settings, Snapshot } from './settings.svelte';

interface Change {
  /** What was done, in words: "Recipe taken over". */
  what: string;
  before: Snapshot;
  after: Snapshot;
}

/** More than anyone goes back; each is as large as its prompts. */
const DEPTH = 50;

export class FormHistory {
  readonly #settings: Settings;
  #past = $state.raw<readonly Change[]>([]);
  #future = $state.raw<readonly Change[]>([]);
  #news = $state<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What `undo` would take back. */
  get last(): Change | undefined {
    return this.#past.at(-1);
  }
  /** What was just done and not dismissed: to be offered for undoing. */
  get news(): string | undefined {
    return this.#news;
  }

  /**
   * Does it, and remembers how the form was.
   *
   * @param aside  what is said with it this once: it is no part of what would be undone
   */
  change(what: string, work: () => void, aside?: string): void {
    const before = this.#settings.toSnapshot();
    work();
    const after = this.#settings.toSnapshot();
    if (isSame(before, after)) return;
    this.#past = [...this.#past, { what, before, after }].slice(-DEPTH);
    this.#future = [];
    this.#news = aside === undefined ? what : `${what}. ${aside}`;
  }

  /** Pictures to start from, and their masks, that undo or redo would bring back. */
  get startPictures(): string[] {
    const snapshots = [...this.#past, ...this.#future].flatMap(({ before, after }) => [before, after]);
    return snapshots.flatMap(assetsOf);
  }

  dismiss(): void {
    this.#news = undefined;
  }

  undo(): void {
    const change = this.last;
    if (!change) return;
    this.#past = this.#past.slice(0, -1);
    // What was typed since is not lost: redo brings it back.
    this.#future = [...this.#future, { ...change, after: this.#settings.toSnapshot() }];
    this.#settings.useSnapshot(change.before);
    this.#news = undefined;
  }

  redo(): void {
    const change = this.#future.at(-1);
    if (!change) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, change];
    this.#settings.useSnapshot(change.after);
  }

  /** A box still holds what the last change put there, of which its own undo knows nothing. */
  undoesText(field: 'prompt' | 'negativePrompt', text: string): boolean {
    return this.last?.after.fields[field] === text && this.last.before.fields[field] !== text;
  }

  /** A box still holds what `undo` put there. */
  redoesText(field: 'prompt' | 'negativePrompt', text: string): boolean {
    const next = this.#future.at(-1);
    return next?.before.fields[field] === text && next.after.fields[field] !== text;
  }
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
