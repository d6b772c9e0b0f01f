/** A workflow as files: as ComfyUI's editor has it, and as what runs. */
import { toPrompt, writeDocument, writeJson, type ComfyDocument, type Json } from '../../../core/comfyui/workflows';

/** What was not changed is written as it was read. */
export function workflowText(document: ComfyDocument): string {
  return writeJson(writeDocument(document), 2);
}

/** The document in ComfyUI's API form. @throws AppError 'bad-file' where it cannot be unfolded */
export function promptText(document: ComfyDocument): string {
  return writeJson(toPrompt(document) as unknown as Json, 2);
}

/** `castle.json` of `castle.png`; `castle.api.json`. */
export function graphFileName(name: string, kind: 'workflow' | 'prompt'): string {
  const stem = name.replace(/(\.api)?\.[a-z0-9]{1,5}$/i, '');
  return `${stem === '' ? 'workflow' : stem}${kind === 'prompt' ? '.api' : ''}.json`;
}
