/** Between the form and graphs: its next picture as a graph, and a graph's recipe back in it. */
import { promptOfRequest } from '../../../core/comfyui/from-request';
import { toWorkflow, type ComfyDocument } from '../../../core/comfyui/workflows';
import { toAppError } from '../../../core/errors';
import { refinerPartOf, secondPartOf } from '../../../core/workflow/second-part';
import type { Incoming } from '../arriving/incoming.svelte';
import { findCheckpoint } from '../library/find-checkpoint';
import type { Studio } from '../studio.svelte';
import { GraphEditor } from './editor.svelte';
import { promptText } from './save-graph';

const emptyDocument = (): ComfyDocument => ({
  root: { nodes: [], links: [], groups: [] },
  subgraphs: [],
  extra: {},
});

export const emptyGraph = (): GraphEditor => new GraphEditor(emptyDocument(), 'New graph');

/** @throws AppError 'bad-request' where the form holds something wrong */
export function formGraph({
  settings,
  library,
  roomTiles,
}: Pick<Studio, 'settings' | 'library' | 'roomTiles'>): GraphEditor {
  const request = roomTiles.apply(settings.toRequest());
  const { hiresCheckpoint = 'same', refinerCheckpoint = 'none' } = request;
  const second = hiresCheckpoint === 'same' ? undefined : findCheckpoint(hiresCheckpoint, library);
  const refiner = refinerCheckpoint === 'none' ? undefined : findCheckpoint(refinerCheckpoint, library);
  const { prompt, notes } = promptOfRequest(request, {
    model: settings.model.name,
    control: (id) => library.controls.find((one) => one.id === id)?.name ?? id,
    ...(second && { second: { ...secondPartOf(settings.model, second), isFirst: second.id === settings.model.id } }),
    ...(refiner && { refiner: { isOtherFamily: refinerPartOf(refiner, settings.model).isOtherFamily.first } }),
  });
  return new GraphEditor(
    toWorkflow(prompt),
    'Graph of the form',
    notes.map(({ message }) => message),
  );
}

/** What becomes of `what` in the page. Never rejects: what goes wrong is said. */
export async function openGraphOf(studio: Studio, what: 'form' | 'nothing'): Promise<void> {
  try {
    const incoming = await studio.inbox.openReader();
    incoming.graph = what === 'form' ? formGraph(studio) : emptyGraph();
  } catch (thrown) {
    studio.said = toAppError(thrown).message;
  }
}

/** The graph closes, and its recipe waits to be taken over, with what it does not say. */
export function useInForm(editor: GraphEditor, incoming: Incoming, say: (words: string) => void): void {
  let text: string;
  try {
    text = promptText(editor.document);
  } catch (thrown) {
    return say(toAppError(thrown).message);
  }
  if (incoming.openText(text)) incoming.graph = undefined;
  else say('No recipe is in this graph: the form needs a sampler with its texts.');
}
