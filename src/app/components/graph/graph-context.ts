/** What the boxes of a graph share: the editor, and how much of a box can be read at the present zoom. */
import { getContext, setContext } from 'svelte';
import type { GraphEditor } from '../../state/graph/editor.svelte';

export type Detail = 'fields' | 'words' | 'title';

export interface GraphContext {
  readonly editor: GraphEditor;
  readonly detail: Detail;
}

const KEY = Symbol('graph');

export function giveGraph(context: GraphContext): void {
  setContext(KEY, context);
}

export function useGraph(): GraphContext {
  return getContext<GraphContext>(KEY);
}

/** Below these, fields are too small to be hit, by fingers sooner, and then words to be read. The list has all at any time. */
export function detailAt(zoom: number, isCoarse = window.matchMedia('(pointer: coarse)').matches): Detail {
  if (zoom >= (isCoarse ? 1 : 0.8)) return 'fields';
  return zoom >= 0.3 ? 'words' : 'title';
}
