/** From a file to what is looked at. */
import { openComfyFile } from '../../../core/comfyui/workflows';
import { GraphEditor } from './editor.svelte';

/** @throws AppError 'bad-file' in one sentence where there is no workflow in it */
export async function openGraph(file: Blob, name: string): Promise<GraphEditor> {
  const { document, others } = openComfyFile(new Uint8Array(await file.arrayBuffer()));
  return new GraphEditor(document, name === '' ? 'Workflow' : name, othersNote(others));
}

function othersNote(others: number): string[] {
  if (others === 0) return [];
  return [
    `The file has ${others + 1} workflows: the first is shown, ${others === 1 ? 'the other is' : 'the others are'} left out.`,
  ];
}
