/** What stands in line: a request for one picture, or for many that are made one after another. */
import { batchRequest, MAX_BATCH } from '../../../core/recipe/batch';
import { cellCount, gridCells, MOST_CELLS, type Cell, type Grid } from '../../../core/recipe/grids/grid';
import { keptShape } from '../../../core/recipe/kept';
import type { PromptPair } from '../../../core/prompt/styles';
import { requestProblems } from '../../../core/recipe/problems';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { Beside } from '../gallery/gallery-store';
import type { GraphWork } from '../graph/graph-work';
import type { Store } from '../kept/storage';

export interface Job {
  id: number;
  request: GenerationRequest;
  /** Keys of a foreign recipe, to be written into its pictures. */
  extras?: Readonly<Record<string, string>>;
  /** What runs in place of the request, which says as much of it as a recipe can. */
  graph?: GraphWork;
  /** The pictures are the cells of an X/Y/Z grid. */
  grid?: Grid;
  /** Ids of a grid's pictures so far, null where one was skipped. */
  made?: readonly (number | null)[];
  /** Texts drawn for each picture, in the place of the request's. */
  prompts?: readonly PromptPair[];
  /** Pictures in all. */
  count: number;
  /** Pictures made. */
  done: number;
  /** Its one picture was shown already and not kept yet: it may be in the gallery after all. */
  isShown?: true;
  /** Waits until the person says so: after a reload, a cancel, a failure. */
  isHeld: boolean;
}

/** How the line is kept: its jobs under "jobs". */
export const KEPT_LINE = keptShape();

/** What is kept between visits. */
export type StoredJob = Omit<Job, 'id' | 'isHeld'>;

export function toStoredJob(job: Job): StoredJob {
  const stored: Partial<Job> = { ...job };
  delete stored.id;
  delete stored.isHeld;
  return stored as StoredJob;
}

export function remaining({ count, done }: StoredJob): number {
  return count - done;
}

export function totalRemaining(jobs: readonly StoredJob[]): number {
  return jobs.reduce((sum, job) => sum + remaining(job), 0);
}

/** The request of its next picture. */
export function nextRequest({ request, grid, prompts, done }: StoredJob): GenerationRequest {
  const next = (grid && cellsOf(request, grid)[done]?.request) ?? batchRequest(request, done);
  const drawn = prompts?.[done];
  return drawn ? { ...next, prompt: drawn.prompt, negativePrompt: drawn.negativePrompt } : next;
}

/** Hundreds of requests are made once for a grid, not for each of its pictures. */
const known = new WeakMap<Grid, Cell[]>();

/** The job with one more picture done with; null where there is none. */
export function counted(job: Job, id: number | null): Job {
  return { ...job, done: job.done + 1, ...(job.grid && { made: [...(job.made ?? []), id] }) };
}

/** A grid's cells in the order they are made. */
export function cellsOf(request: GenerationRequest, grid: Grid): Cell[] {
  const cells = known.get(grid) ?? gridCells(request, grid);
  known.set(grid, cells);
  return cells;
}

/** Takes only what can be run: storage is not to be trusted. */
export function readStoredJobs(value: unknown): StoredJob[] {
  return Array.isArray(value) ? value.filter(isStoredJob) : [];
}

function isStoredJob(value: unknown): value is StoredJob {
  if (typeof value !== 'object' || value === null) return false;
  const { request, count, done } = value as Record<string, unknown>;
  if (typeof request !== 'object' || request === null) return false;
  const isCount = (number: unknown): number is number => Number.isInteger(number) && Number(number) >= 0;
  if (!isCount(count) || !isCount(done) || count > MOST_CELLS || done >= count) return false;
  const { extras = {}, graph, grid, made = [], prompts } = value as StoredJob;
  if (graph !== undefined && !isGraph(graph)) return false;
  if (prompts !== undefined && !(Array.isArray(prompts) && prompts.length >= count && prompts.every(isTexts)))
    return false;
  if (!isTexts(extras) || !Array.isArray((request as GenerationRequest).control ?? [])) return false;
  if (grid ? !isGrid(grid, count) || !Array.isArray(made) : count > MAX_BATCH) return false;
  return Object.keys(requestProblems(request as GenerationRequest)).length === 0;
}

/** The engine reads its workflow again. */
function isGraph({ title, workflow, outputs, texts, images, choices }: Partial<GraphWork>): boolean {
  return (
    [title, ...(outputs ?? [0]), ...(images ?? [0])].every((text) => typeof text === 'string') &&
    Array.isArray(workflow?.nodes) &&
    isTexts(texts) &&
    isTexts(choices)
  );
}

function isTexts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

function isGrid({ axes }: { axes?: unknown }, count: number): boolean {
  if (!Array.isArray(axes) || axes.length === 0 || axes.length > 3) return false;
  const isAxis = (axis: unknown): boolean =>
    typeof axis === 'object' && axis !== null && 'values' in axis && Array.isArray(axis.values);
  return axes.every(isAxis) && cellCount({ axes } as Grid) === count;
}

/** The line goes with the picture: neither is kept without the other. */
export function lineEntry(store: Store, lineAfter: (id: number) => StoredJob[]): Beside | undefined {
  const entry = store.entry?.bind(store);
  return entry && ((id) => entry(KEPT_LINE.stamp({ jobs: lineAfter(id) })));
}

/** @param left  pictures of its request that wait */
export function cancelledText(left: number): string {
  return left === 0 ? 'Cancelled.' : `Cancelled. ${left === 1 ? '1 picture' : `${left} pictures`} of it left, held.`;
}
