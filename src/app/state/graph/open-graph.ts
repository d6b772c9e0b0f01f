/** From a file to what is looked at. */
import { openComfyFile } from '../../../core/comfyui/workflows';
import { GraphEditor } from './editor.svelte';

/** @throws AppError 'bad-file' in one sentence where there is no workflow in it */
export async function openGraph(file: Blob, name: string): Promise<GraphEditor> {
  const { document } = openComfyFile(new Uint8Array(await file.arrayBuffer()));
  return new GraphEditor(document, name === '' ? 'Workflow' : name);
}
