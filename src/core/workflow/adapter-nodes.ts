/** Tags of a prompt become LoRAs on its model. */
import { stripComments } from '../prompt/comments';
import { findNamed } from '../prompt/find-named';
import { extractNetworks } from '../prompt/networks';
import type { GenerationRequest } from '../recipe/request';
import { node, wire } from './make-node';
import type { Wire, WorkflowNode } from './workflow';

/** A LoRA that is here, and what prompts may call it. */
export interface NamedAdapter {
  id: string;
  names: readonly string[];
}

/**
 * LoRAs that the prompt's tags name, one on top of the other, and the prompt without these tags.
 * @param model  that they change
 * @param ids  what the nodes' ids end in
 */
export function adapterNodes(
  { prompt, dialect }: Pick<GenerationRequest, 'prompt' | 'dialect'>,
  { adapters, model, ids = '' }: { adapters: readonly NamedAdapter[]; model: Wire; ids?: string },
): { prompt: string; nodes: WorkflowNode[] } {
  const none = { prompt, nodes: [] };
  if (dialect === 'comfyui' || adapters.length === 0) return none;
  const found = extractNetworks(stripComments(prompt)).networks.flatMap((tag) => {
    const adapter = tag.kind === 'lora' ? findAdapter(tag.name, adapters) : undefined;
    return adapter ? [{ tag, adapter }] : [];
  });
  if (found.length === 0) return none;
  const without = found.reduce((text, { tag }) => text.replace(tag.raw, ''), stripComments(prompt));
  const nodes = found.map(({ tag, adapter }, i) => {
    const settings = {
      adapter: adapter.id,
      denoiser: tag.unetWeight,
      text: tag.textWeight,
      ...(tag.blocks !== undefined && { blocks: tag.blocks }),
      ...(tag.unread && { unread: `${tag.raw}: ${tag.unread.join(', ')}` }),
    };
    return node(`adapter ${i + 1}${ids}`, 'add_adapter', settings, {
      model: i === 0 ? model : wire(`adapter ${i}${ids}`, 'model'),
    });
  });
  return { prompt: without, nodes };
}

/** As A1111: by the file's name, else by an alias of one alone. */
export const findAdapter = <Adapter extends Pick<NamedAdapter, 'names'>>(
  name: string,
  adapters: readonly Adapter[],
): Adapter | undefined => findNamed(name, adapters, ({ names }) => names);

/** A file of another kind, such as a VAE: the first that has the name, where none has it to the letter in any case. */
export function findFile<File extends Pick<NamedAdapter, 'names'>>(
  name: string,
  files: readonly File[],
): File | undefined {
  const wanted = name.toLowerCase();
  return (
    files.find(({ names }) => names.includes(name)) ??
    files.find(({ names }) => names.some((one) => one.toLowerCase() === wanted))
  );
}
