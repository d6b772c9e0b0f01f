/** A workflow that has come to its turn: run by the engine, and where it fails, with the node in the sentence. */
import { nodeOf, openComfyChunks, titleOf, type ApiPrompt } from '../../../core/comfyui/workflows';
import { AppError, toAppError } from '../../../core/errors';
import type { EventListener, WorkflowInputs } from '../../../engine/api';
import type { PageEngine } from '../../../clients/engine-client';
import type { Painted, Work } from '../line/work';
import type { GraphWork } from './graph-work';

/** @throws AppError that names the node, but for a cancel */
export async function runGraph(
  engine: Pick<PageEngine, 'run'>,
  { request, model, graph }: Work & { graph: GraphWork },
  inputs: Partial<WorkflowInputs>,
  onEvent: EventListener,
): Promise<Painted> {
  let running: string | undefined;
  try {
    const made = await engine.run?.(
      graph.workflow,
      { ...inputs, models: withDefault(inputs.models, model) },
      (event) => {
        if (event.type === 'node') running = event.state === 'running' ? event.node : undefined;
        onEvent(event);
      },
    );
    const [pixels, ...others] = made?.images ?? [];
    if (!made || !pixels) throw new AppError('internal', 'This engine runs no workflows.');
    return { pixels, others, request, device: made.device, timings: made.timings };
  } catch (thrown) {
    const error = toAppError(thrown);
    const place = running === undefined || error.code === 'cancelled' ? undefined : placeOf(running, promptOf(graph));
    if (place === undefined) throw error;
    throw new AppError(error.code, `${place}: ${error.message}`, { cause: error });
  }
}

/** What ran, out of the chunk that its pictures carry. */
export const promptOf = ({ texts }: Pick<GraphWork, 'texts'>): ApiPrompt =>
  openComfyChunks({ prompt: texts['prompt'] ?? '' }).prompt ?? {};

/** A node in words: "KSampler" (node 3). */
function placeOf(operation: string, prompt: ApiPrompt): string | undefined {
  const id = nodeOf(operation, prompt);
  return id === undefined ? undefined : `${titleOf(prompt[id])} (node ${id})`;
}

/** The engine wants one, also where nothing is painted. */
const withDefault = (models: WorkflowInputs['models'] = [], model: Work['model']): WorkflowInputs['models'] =>
  models.length > 0 ? models : [model];
