/** What must outlive the tab: unfinished downloads, and the entries that a person has added. */
import { withCellSteps, type ModelEntry, type RemoteFile } from '../../core/catalog';
import type { Pack } from '../../core/packs';
import { keptShape, type Kept, type KeptShape, type Step } from '../../core/recipe/kept';
import type { KeyValue } from '../storage/key-value';

/** Version 1 wrote a size of 1 where nobody had said one. */
const withoutUnsaidSize: Step = (entry) => {
  const { downloadBytes, ...rest } = entry;
  return downloadBytes === 1 ? rest : entry;
};
const ENTRIES = keptShape(withoutUnsaidSize);
/** How unfinished downloads are kept. */
const JOBS = keptShape((job) => ({ ...job, entry: withoutUnsaidSize(job['entry'] as Kept) }));

export interface LibraryJob {
  entry: ModelEntry;
  /** The commit of a hub repository: a download goes on with the files it began with. */
  revision?: string;
  files: RemoteFile[];
  /** A hosted pack, whose shards are the files. */
  pack?: Pack;
}

export interface Jobs {
  get(id: string): Promise<LibraryJob | undefined>;
  list(): Promise<LibraryJob[]>;
  put(job: LibraryJob): Promise<void>;
  /** Deletes a job with all its chunks. */
  delete(id: string): Promise<void>;
  /** Name under which the chunks of a job's file lie. */
  partName(id: string, index: number): string;
  entries(): Promise<ModelEntry[]>;
  putEntry(entry: ModelEntry): Promise<void>;
  deleteEntry(id: string): Promise<void>;
  /** Removes chunks that belong to no job. */
  sweep(): Promise<void>;
}

export function createJobs(values: KeyValue): Jobs {
  async function all<T>(prefix: string, shape: KeptShape): Promise<T[]> {
    const found = await Promise.all((await values.keys(prefix)).map((key) => values.get<Kept>(key)));
    return found.flatMap((value) => (value === undefined ? [] : [shape.open(value) as T]));
  }
  /** part:<id>/<index>:<chunk> and plan:<id>/<index> */
  const isOf = (id: string) => (key: string) => key.startsWith(`part:${id}/`) || key.startsWith(`plan:${id}/`);
  return {
    async get(id) {
      const kept = await values.get<Kept>(`job:${id}`);
      return kept && (JOBS.open(kept) as unknown as LibraryJob);
    },
    list: () => all<LibraryJob>('job:', JOBS),
    put: (job) => values.change([[`job:${job.entry.id}`, JOBS.stamp(job)]]),
    delete: async (id) => values.change([], [`job:${id}`, ...(await values.keys()).filter(isOf(id))]),
    partName: (id, index) => `${id}/${index}`,
    entries: async () => (await all<ModelEntry>('entry:', ENTRIES)).map(withCellSteps),
    putEntry: (entry) => values.change([[`entry:${entry.id}`, ENTRIES.stamp(entry)]]),
    deleteEntry: (id) => values.change([], [`entry:${id}`]),
    async sweep() {
      const chunks = (await values.keys()).filter((key) => /^(part|plan):/.test(key));
      const ids = new Set((await values.keys('job:')).map((key) => key.slice('job:'.length)));
      const left = chunks.filter((key) => !ids.has(key.replace(/^(part|plan):/, '').replace(/\/\d+(:\d+)?$/, '')));
      if (left.length > 0) await values.change([], left);
    },
  };
}
