/** A request on its way through the line: what is painted of it, and what becomes of that. */
import type { ModelEntry } from '../../../core/catalog';
import type { Grid } from '../../../core/recipe/grids/grid';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { GeneratedPicture, Pixels, WorkflowInputs } from '../../../engine/api';
import type { GraphWork } from '../graph/graph-work';
import type { Job, StoredJob } from './job';

export interface Work {
  request: GenerationRequest;
  model: ModelEntry;
  /** Keys of a foreign recipe, to be written into the picture. */
  extras?: Readonly<Record<string, string>>;
  /** Runs in place of the request. */
  graph?: GraphWork;
}

/** What was painted, with the pictures of a workflow besides the first, in its order. */
export type Painted = GeneratedPicture & { others?: readonly Pixels[] };

/** Models come with it where a workflow names them. */
export type LateInputs = (request: GenerationRequest, graph?: GraphWork) => Promise<Partial<WorkflowInputs>>;

/**
 * What is done with a finished picture; the next begins after it. `notices` say what was left out of it; `lineAfter` is what
 * waits once the picture has its id, to be kept in the same moment. The next may begin before the storage has answered:
 * `settle` is called when it has, whatever it says. @returns its id, below 0 where it is not kept
 */
export type Deliver = (
  picture: Painted,
  work: Work,
  notices: readonly string[],
  lineAfter: (id: number) => StoredJob[],
  settle: () => void,
) => Promise<number>;

export interface AddOptions {
  /** Texts drawn for each picture. */
  prompts?: Job['prompts'];
  count?: number;
  extras?: Readonly<Record<string, string>>;
  /** Runs in place of the request. */
  graph?: GraphWork;
  /** Makes the pictures of its cells, instead of a batch. */
  grid?: Grid;
}

/** What goes with a request wherever it goes. */
export const besideRequest = ({ extras, graph }: Partial<Work>): Pick<Work, 'extras' | 'graph'> => ({
  ...(extras && { extras }),
  ...(graph && { graph }),
});
