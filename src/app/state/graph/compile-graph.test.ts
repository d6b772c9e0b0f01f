/** From a document and a library to what stands in line. */
import { describe, expect, it } from 'vitest';
import { afterRun, openComfyChunks, openComfyJson, type Json } from '../../../core/comfyui/workflows';
import { input, node, output, textToImage } from '../../../core/comfyui/workflows/testing/graphs';
import { workflowOf } from '../../../core/workflow';
import { CATALOG } from '../../testing/catalog';
import { readStoredJobs } from '../line/job';
import { compileGraph, keyOf, type Beside } from './compile-graph';

const [model] = CATALOG.models;
const library: Beside['library'] = {
  ...{ usable: [model], snapshot: { models: [] }, adapters: [], controls: [], upscalers: [], vaes: [], texts: [] },
};
const ORCHARD = keyOf('checkpoints', 'orchard.safetensors');
const beside = (choices: Record<string, string>): Beside => ({
  ...{ library, choices, model: model.id, title: 'pear.json', run: 'r1', random: () => 0.5, now: new Date(0) },
});
const compile = (json: Json, choices: Record<string, string> = { [ORCHARD]: model.id }) =>
  compileGraph(openComfyJson(json).document, beside(choices));

describe('compileGraph', () => {
  it('says which file is missing, at its node, and makes nothing', () => {
    const { work, problems } = compile(textToImage(), {});
    expect(work).toBeUndefined();
    expect(problems).toEqual([
      { node: '4', message: '"Load Checkpoint" (node 4): orchard.safetensors (checkpoints) is not here.' },
    ]);
  });

  it('makes of the graph of text to image the work of its recipe, with what stands in said', () => {
    const { work, request, notices } = compile(textToImage());
    expect(work).toMatchObject({ title: 'pear.json', run: 'r1', outputs: ['9'], isRecipe: true, images: [] });
    expect(work?.choices).toEqual({ [ORCHARD]: model.id });
    expect(notices).toContain(
      `orchard.safetensors: ${model.name} stands in for it${model.source.kind === 'bundled' ? ', which is built in' : ''}.`,
    );
    expect(request).toMatchObject({ prompt: 'a pear', negativePrompt: 'mist', seed: 77, steps: 20, model: model.id });
    const operations = (nodes: readonly { operation: string }[] = []) => nodes.map(({ operation }) => operation).sort();
    expect(operations(work?.workflow.nodes)).toEqual(operations(workflowOf(request).nodes));
    const { prompt, workflow } = work?.texts ?? {};
    const again = openComfyChunks({ ...(prompt && { prompt }), ...(workflow && { workflow }) });
    expect(again.prompt?.['3']?.inputs['seed']).toBe(77);
  });

  it('is no recipe where it is more: the request says what it can', () => {
    const twice = compile(
      textToImage({
        nodes: [
          node(20, 'VAEDecode', {
            inputs: [input('samples', 'LATENT', 20), input('vae', 'VAE', 21)],
            outputs: [output('IMAGE', 'IMAGE', [22])],
          }),
          node(21, 'ImageScaleBy', {
            inputs: [input('image', 'IMAGE', 22)],
            outputs: [output('IMAGE', 'IMAGE', [23])],
            widgets_values: ['bilinear', 2],
          }),
          node(22, 'PreviewImage', { inputs: [input('images', 'IMAGE', 23)] }),
        ],
        links: [
          [20, 3, 0, 20, 0, 'LATENT'],
          [21, 4, 2, 20, 1, 'VAE'],
          [22, 20, 0, 21, 0, 'IMAGE'],
          [23, 21, 0, 22, 0, 'IMAGE'],
        ],
      }),
    );
    expect(twice.work).toMatchObject({ isRecipe: false, outputs: ['9', '22'] });
    expect(twice.request.prompt).toBe('a pear');
  });

  it('starts from pictures by their hashes, and runs the outputs that can', () => {
    const nodes = [
      node(30, 'LoadImage', { outputs: [output('IMAGE', 'IMAGE', [30])], widgets_values: ['a.png', 'image'] }),
      node(31, 'SaveImage', { inputs: [input('images', 'IMAGE', 30)], widgets_values: ['copy'] }),
    ];
    const json = textToImage({ nodes, links: [[30, 30, 0, 31, 0, 'IMAGE']] });
    const without = compile(json);
    expect(without.work?.outputs).toEqual(['9']);
    expect(without.problems).toEqual([{ node: '30', message: '"Load Image" (node 30): a.png (input) is not here.' }]);
    const given = compile(json, { [ORCHARD]: model.id, [keyOf('input', 'a.png')]: 'f00d' });
    expect(given.work).toMatchObject({ outputs: ['9', '31'], images: ['f00d'], isRecipe: false });
    expect(given.problems).toEqual([]);
  });

  it('gives what is kept between visits, and nothing damaged is taken up again', () => {
    const { work, request } = compile(textToImage());
    const job = { request, graph: work, count: 1, done: 0 };
    const kept = JSON.parse(JSON.stringify(job)) as typeof job;
    expect(readStoredJobs([kept])).toEqual([kept]);
    for (const damage of [{ title: 1 }, { outputs: [2] }, { texts: null }, { workflow: {} }, { images: undefined }])
      expect(readStoredJobs([{ ...kept, graph: { ...kept.graph, ...damage } }]), JSON.stringify(damage)).toEqual([]);
  });

  it('draws seeds for another go', () => {
    const { document } = openComfyJson(textToImage());
    const drawn = compileGraph(
      afterRun(document, () => 0.5, 'randomize'),
      beside({ [ORCHARD]: model.id }),
    );
    expect(drawn.request.seed).toBe(2 ** 49);
  });
});
