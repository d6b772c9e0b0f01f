/** Every picture saved by itself into a folder of the person's, where the browser can write into one (File System Access). */
import { pictureFileName } from './save-file';
import type { Picture } from './picture';
import type { WordStore } from '../words/words.svelte';

/** What is used of FileSystemDirectoryHandle; TypeScript does not know its permissions yet. */
export interface Folder {
  readonly name: string;
  queryPermission?(options: { mode: 'readwrite' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'readwrite' }): Promise<PermissionState>;
  getFileHandle(
    name: string,
    options?: { create?: boolean },
  ): Promise<{ createWritable(): Promise<{ write(data: Blob): Promise<void>; close(): Promise<void> }> }>;
}

export interface FolderPicker {
  showDirectoryPicker(options: { mode: 'readwrite'; id: string }): Promise<Folder>;
}

const KEY = 'folder';
/** Nothing of it is in its old place any more. */
const MOVED = 'isMoved';
/** Pictures that wait for leave: they are in the gallery, too. */
const MOST_MISSED = 200;
const WRITING = { mode: 'readwrite' } as const;
/** Most files of one name, told apart by numbers: the same prompt and seed again. */
const MOST_NUMBERED = 10_000;

export class Autosave {
  readonly #store: WordStore | undefined;
  readonly #host: Partial<FolderPicker>;
  #folder = $state.raw<Folder>();
  #trouble = $state<string>();
  #last: Promise<unknown> = Promise.resolve();
  readonly #missed: { picture: Pick<Picture, 'request'>; file: Blob }[] = [];

  constructor(store: WordStore | undefined, host: Partial<FolderPicker> = globalThis as Partial<FolderPicker>) {
    this.#store = store;
    this.#host = host;
  }

  /** @param openOld  where it was kept once, among the lists of words: looked at once, and emptied */
  async load(openOld?: () => Promise<WordStore | undefined> | undefined): Promise<this> {
    try {
      this.#folder = await this.#store?.get<Folder>(KEY);
      if (this.#store && openOld && (await this.#store.get(MOVED)) !== true) await this.#move(this.#store, openOld);
    } catch (error) {
      console.info('The folder for pictures cannot be read.', error);
    }
    return this;
  }

  async #move(store: WordStore, openOld: () => Promise<WordStore | undefined> | undefined): Promise<void> {
    const old = await openOld();
    if (!old) return;
    const there = await old.get<Folder>(KEY);
    this.#folder ??= there;
    await store.change([
      [KEY, this.#folder],
      [MOVED, true],
    ]);
    if (there !== undefined) await old.change([[KEY, undefined]]);
  }

  /** Says before the next picture what would stop it. */
  async look(): Promise<void> {
    if (this.#folder && !(await this.#isAllowed())) this.#trouble = NOT_ALLOWED;
  }

  get canChoose(): boolean {
    return typeof this.#host.showDirectoryPicker === 'function';
  }
  get folderName(): string | undefined {
    return this.#folder?.name;
  }
  /** Why the last picture is not in it: one sentence. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Has the person choose one; nothing changes where they do not. */
  async choose(): Promise<void> {
    try {
      const folder = await this.#host.showDirectoryPicker?.({ ...WRITING, id: 'gesso-pictures' });
      if (!folder) return;
      [this.#folder, this.#trouble] = [folder, undefined];
      await this.#store?.change([[KEY, folder]]);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.#trouble = said(error);
    }
  }

  /** Browsers ask again at each visit, and only at a press. */
  async allow(): Promise<void> {
    const answer = await this.#folder?.requestPermission?.(WRITING);
    this.#trouble = answer === 'granted' ? undefined : NOT_ALLOWED;
    if (answer !== 'granted') return;
    for (const { picture, file } of this.#missed.splice(0)) await this.save(picture, file);
  }

  async stop(): Promise<void> {
    [this.#folder, this.#trouble] = [undefined, undefined];
    await this.#store?.change([[KEY, undefined]]).catch((error: unknown) => console.info('It is asked again.', error));
  }

  /**
   * A file of its own, never over another: one after the other. Never rejects: what goes wrong is in `trouble`. What the browser does not
   * allow is saved once it does. @returns its name
   */
  save(picture: Pick<Picture, 'request'>, file: Blob): Promise<string | undefined> {
    const saved = this.#last.then(() => this.#save(picture, file));
    this.#last = saved;
    return saved;
  }

  async #save(picture: Pick<Picture, 'request'>, file: Blob): Promise<string | undefined> {
    const { request } = picture;
    if (!this.#folder) return undefined;
    try {
      if (!(await this.#isAllowed())) {
        this.#missed.push({ picture, file });
        this.#missed.splice(0, this.#missed.length - MOST_MISSED);
        throw new Error(NOT_ALLOWED);
      }
      const name = await freeName(this.#folder, pictureFileName(request));
      const writer = await (await this.#folder.getFileHandle(name, { create: true })).createWritable();
      await writer.write(file);
      await writer.close();
      this.#trouble = undefined;
      return name;
    } catch (error) {
      this.#trouble = said(error);
      return undefined;
    }
  }

  async #isAllowed(): Promise<boolean> {
    return ((await this.#folder?.queryPermission?.(WRITING)) ?? 'granted') === 'granted';
  }
}

const NOT_ALLOWED = 'The browser asks again whether pictures may be saved into the folder: allow it under Preferences.';

const said = (error: unknown): string =>
  error instanceof Error && error.message !== '' ? error.message : 'The folder cannot be written into.';

async function freeName(folder: Folder, name: string): Promise<string> {
  const [base, ending] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.'))];
  for (let i = 1; i < MOST_NUMBERED; i++) {
    const candidate = i === 1 ? name : `${base}-${i}${ending}`;
    try {
      await folder.getFileHandle(candidate);
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFoundError') return candidate;
      throw error;
    }
  }
  throw new Error(`The folder has ${MOST_NUMBERED} pictures named ${name}.`);
}
