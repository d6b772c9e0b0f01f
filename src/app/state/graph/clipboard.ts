/** Copying, cutting and pasting nodes: over the system's clipboard in ComfyUI's form, and where that is not allowed, within the page. */
import { readClip, writeClip, type Copied } from '../../../core/comfyui/workflows';
import { toAppError } from '../../../core/errors';
import type { GraphEditor } from './editor.svelte';
import { copyChosen, insert, removeChosen } from './edits';
import { isTyped } from './typed';

type Say = (words: string) => void;

/** What was copied last in this page. */
let kept: Copied | undefined;

/** Answers the browser's event, which keeps what is typed or marked as text. */
export function onCopy(event: ClipboardEvent, editor: GraphEditor, { cuts = false } = {}): void {
  if (isTyped(event.target) || (window.getSelection()?.toString() ?? '') !== '') return;
  const copied = copyChosen(editor);
  if (!copied || !event.clipboardData) return;
  kept = copied;
  const { html, text } = writeClip(copied);
  event.clipboardData.setData('text/html', html);
  event.clipboardData.setData('text/plain', text);
  event.preventDefault();
  if (cuts) removeChosen(editor);
}

/** Nodes, a workflow or a prompt; anything else goes on to the page. */
export function onPaste(event: ClipboardEvent, editor: GraphEditor, say: Say): void {
  if (isTyped(event.target) || !event.clipboardData) return;
  const data = event.clipboardData;
  const copied = readClip({ html: data.getData('text/html'), text: data.getData('text/plain') });
  if (!copied) return;
  event.preventDefault();
  event.stopPropagation();
  put(editor, copied, say);
}

/** Copies what is chosen, from a menu. */
export async function copy(editor: GraphEditor): Promise<void> {
  const copied = copyChosen(editor);
  if (!copied) return;
  kept = copied;
  const { html, text } = writeClip(copied);
  const parts = { 'text/html': html, 'text/plain': text };
  const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })] as const);
  try {
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  } catch (error) {
    console.info('The clipboard could not be used: what was copied is kept in the page.', error);
  }
}

export async function cut(editor: GraphEditor): Promise<void> {
  const copying = copy(editor);
  removeChosen(editor);
  await copying;
}

/** Pastes from a menu: what lies on the clipboard, or else what was copied here. */
export async function paste(editor: GraphEditor, say: Say): Promise<void> {
  const copied = (await readSystem()) ?? kept;
  if (copied) put(editor, copied, say);
  else say('There are no nodes on the clipboard.');
}

/** ComfyUI puts its nodes into the HTML alone. */
async function readSystem(): Promise<Copied | undefined> {
  try {
    const items = await navigator.clipboard.read();
    const part = async (type: string): Promise<string | undefined> =>
      (await items.find(({ types }) => types.includes(type))?.getType(type))?.text();
    const [html, text] = [await part('text/html'), await part('text/plain')];
    return readClip({ ...(html !== undefined && { html }), ...(text !== undefined && { text }) });
  } catch (error) {
    console.info('The clipboard could not be read.', error);
    return undefined;
  }
}

function put(editor: GraphEditor, copied: Copied, say: Say): void {
  try {
    insert(editor, copied, editor.inSight?.());
  } catch (thrown) {
    say(toAppError(thrown).message);
  }
}
