/** Whether a picture's file carries a workflow of ComfyUI: a quick look for the words, in what stands before and behind the pixels. */

const LOOKED_AT = 2 ** 20;

/** Pictures have their texts at one of the ends. Never rejects. */
export async function mayCarryWorkflow(file: Blob): Promise<boolean> {
  const ends = file.size <= 2 * LOOKED_AT ? [file] : [file.slice(0, LOOKED_AT), file.slice(-LOOKED_AT)];
  for (const end of ends) {
    const text = new TextDecoder('latin1').decode(await bytesOf(end));
    if (/"class_type"|"last_node_id"|"nodes"\s*:\s*\[/.test(text)) return true;
  }
  return false;
}

async function bytesOf(file: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    console.info('A file could not be looked into.', error);
    return new Uint8Array();
  }
}
