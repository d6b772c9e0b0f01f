/** "Paint again" on a picture that came out of a workflow. */
import { describe, expect, it, vi } from 'vitest';
import { openComfyChunks } from '../../../core/comfyui/workflows';
import { textToImage } from '../../../core/comfyui/workflows/testing/graphs';
import type { GenerationRequest } from '../../../core/recipe/request';
import { CATALOG } from '../../testing/catalog';
import type { AddOptions } from '../line/work';
import { keyOf, type GraphFiles } from './compile-graph';
import { graphAgain } from './graph-again';

const [model] = CATALOG.models;
const library: GraphFiles = {
  ...{ usable: [model], snapshot: { models: [] }, adapters: [], controls: [], upscalers: [], vaes: [], texts: [] },
};

async function again(text: string, choices: Record<string, string>, isTaken = true) {
  const enqueue = vi.fn((request: GenerationRequest, { graph }: Pick<AddOptions, 'graph'>) => {
    return request.model === model.id && graph !== undefined && isTaken;
  });
  const said: string[] = [];
  const graph = { title: 'pear.json', run: 'before', images: [], choices, node: '9' };
  const startPictures = { pixels: () => Promise.resolve(undefined) };
  const parts = {
    library,
    startPictures,
    settings: { model },
    enqueue,
    say: (words: string) => void said.push(words),
    full: 'Full.',
  };
  await graphAgain(new Blob([text]), { graph }, parts);
  return { said, added: enqueue.mock.calls[0] };
}

describe('graphAgain', () => {
  const text = JSON.stringify(textToImage({ sampler: { widgets_values: [77, 'fixed', 20, 8, 'euler', 'normal', 1] } }));
  const choices = { [keyOf('checkpoints', 'orchard.safetensors')]: model.id };

  it('puts the same workflow in line with another seed, in its chunks too, and with what stood in', async () => {
    const { said, added } = await again(text, choices);
    expect(said).toEqual(['In line: the same workflow with seeds drawn anew']);
    const [request, { graph }] = added ?? [];
    expect(request?.prompt).toBe('a pear');
    expect(request?.seed).not.toBe(77);
    expect(graph).toMatchObject({ title: 'pear.json', choices });
    expect(graph?.run).not.toBe('before');
    const { prompt } = openComfyChunks({ prompt: graph?.texts['prompt'] ?? '' });
    expect(prompt?.['3']?.inputs['seed']).toBe(request?.seed);
  });

  it('says what is in the way', async () => {
    expect((await again(text, {})).said).toEqual([
      '"Load Checkpoint" (node 4): orchard.safetensors (checkpoints) is not here.',
    ]);
    expect((await again(text, choices, false)).said).toEqual(['Full.']);
    expect((await again('{}', choices)).said).toEqual(['There is no workflow of ComfyUI in this file.']);
  });
});
