/** Adding models of one's own, by file or by address: what was asked for last, and what came of it, told where it was asked. */
import type { FoundModels, ModelChoice, ModelEntry } from '../../../core/catalog';
import { AppError, toAppError } from '../../../core/errors';
import type { LibraryApi } from '../../../engine/library-api';

/** Where it was asked for: the buttons for files, or the field for an address. */
export type AddingPlace = 'files' | 'address';

interface Parts {
  api: Pick<LibraryApi, 'lookUp' | 'add'>;
  /** Entries that are listed already. */
  entries: () => readonly ModelEntry[];
  /** Ids of all that is on this computer: upscalers, VAEs and ControlNets are in no list of models. */
  stored: () => readonly string[];
  /** Is awaited before anything is added. */
  before: () => Promise<void>;
}

/** What came of asking. */
interface Answer {
  found?: FoundModels;
  words?: string;
  ids?: readonly string[];
}

export class Adding {
  readonly #parts: Parts;
  #place = $state<AddingPlace>('files');
  #busy = $state<string>();
  #problem = $state.raw<AppError>();
  #found = $state.raw<FoundModels>();
  #words = $state('');
  #ids = $state.raw<readonly string[]>([]);
  /** Number of what was asked for last: what comes of earlier asking is dropped. */
  #turn = 0;
  /** What was here before is older. Milliseconds since 1970. */
  startedAt = $state(0);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get place(): AddingPlace {
    return this.#place;
  }
  /** What is being done, in a few words. */
  get busy(): string | undefined {
    return this.#busy;
  }
  get problem(): AppError | undefined {
    return this.#problem;
  }
  /** Models to be chosen from, where there is more than one. */
  get found(): FoundModels | undefined {
    return this.#found;
  }
  /** What was done; '' where nothing was. */
  get words(): string {
    return this.#words;
  }
  /** Ids of the models that `words` are about. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Forgets what is told. */
  dismiss(): void {
    this.#problem = undefined;
    this.#found = undefined;
    this.#words = '';
    this.#ids = [];
  }

  /** Asks what an address leads to; the only model there is listed, of several one is chosen. Never rejects. */
  lookUp(address: string): Promise<void> {
    this.#found = undefined;
    return this.#run('address', 'Asking what is there …', async () => {
      const found = await this.#parts.api.lookUp(address);
      const usable = found.choices.flatMap(({ entry }) => entry ?? []);
      if (found.isCatalogue || (usable.length === 1 && found.choices.length === 1)) return await this.#list(usable);
      const [only] = found.choices;
      if (found.choices.length === 1 && only)
        throw new AppError('unsupported-model', `${only.name}: ${only.problem ?? 'it cannot be used'}`);
      const words =
        usable.length === 0 ? `Nothing of ${found.title} can be used.` : `${found.title}: choose what to add.`;
      return { found, words };
    });
  }

  /** Lists one of those that were found. Never rejects. */
  choose({ entry, name }: ModelChoice): Promise<void> {
    return this.#run('address', `Looking at ${name} …`, async () => {
      return entry ? await this.#list([entry]) : {};
    });
  }

  /** @param work resolves to the ids of what is here now. Never rejects */
  importing(work: () => Promise<readonly string[]>): Promise<void> {
    this.#found = undefined;
    return this.#run('files', 'Reading …', async () => ({ ids: await work() }));
  }

  async #list(entries: readonly ModelEntry[]): Promise<Answer> {
    const known = this.#parts.entries();
    const present = entries.flatMap((entry) => known.find((other) => isSame(entry, other)) ?? []);
    const fresh = entries.filter((entry) => !known.some((other) => isSame(entry, other)));
    const taken = [...known.map(({ id }) => id), ...this.#parts.stored()];
    const added = fresh.length === 0 ? [] : await this.#parts.api.add(withFreeIds(plain(fresh), taken));
    const words = [
      ...(added.length === 1
        ? ['Added to the list.']
        : added.length > 1
          ? [`${added.length} models added to the list.`]
          : []),
      ...present.map(({ name }) => `${name} is in the list already.`),
    ];
    return { words: words.join(' '), ids: [...added, ...present].map(({ id }) => id) };
  }

  /** What was asked for last is told; an earlier one is done in silence. */
  async #run(place: AddingPlace, busy: string, work: () => Promise<Answer>): Promise<void> {
    const turn = (this.#turn += 1);
    const isLast = (): boolean => turn === this.#turn;
    const before = this.#found; // one of several may be refused: the others can be chosen
    this.dismiss();
    this.startedAt = Date.now();
    this.#found = before;
    this.#place = place;
    this.#busy = busy;
    try {
      await this.#parts.before();
      const { found, words = '', ids = [] } = await work();
      if (!isLast()) return;
      this.#found = found;
      this.#words = words;
      this.#ids = ids;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (isLast() && error.code !== 'cancelled') this.#problem = error;
    } finally {
      if (isLast()) this.#busy = undefined;
    }
  }
}

/** Entries as they can be sent to the worker. */
const plain = (entries: readonly ModelEntry[]): ModelEntry[] => $state.snapshot([...entries]) as ModelEntry[];

/** The same files, whatever they are called in the list. */
function isSame(a: ModelEntry, b: ModelEntry): boolean {
  const [one, other] = [a.source, b.source];
  if (one.kind === 'hub' && other.kind === 'hub') {
    if (one.repo !== other.repo || one.revision !== other.revision) return false;
    const areFolders = one.files.length > 1 && other.files.length > 1;
    return areFolders ? folderOf(one.files) === folderOf(other.files) : one.files.join() === other.files.join();
  }
  const urls = [one, other].map((source) => ('url' in source ? source.url : undefined));
  return urls[0] !== undefined && urls[0] === urls[1];
}

/** The deepest that holds all of them; '' is the repository's own. A pipeline's parts have a folder each. */
function folderOf(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => file.split('/').slice(0, -1));
  const end = first.findIndex((name, i) => others.some((folder) => folder[i] !== name));
  return first.slice(0, end === -1 ? first.length : end).join('/');
}

/** Another one of the same name keeps its place. */
function withFreeIds(entries: readonly ModelEntry[], ids: readonly string[]): ModelEntry[] {
  const taken = new Set(ids);
  return entries.map((entry) => {
    let id = entry.id;
    for (let count = 2; taken.has(id); count++) id = `${entry.id}-${count}`;
    taken.add(id);
    return { ...entry, id };
  });
}
