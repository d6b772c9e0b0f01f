/** Each edit against what ComfyUI's editor writes, and all of them at random: the file stays whole, and the way back is the same to the byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openComfyJson, toPrompt } from '../convert';
import { BYPASSED, MUTED, writeDocument, writeJson, type ComfyDocument, type ComfyGraph, type Json } from '../document';
import { NODES, revealed, widgetSpecs } from '../nodes';
import { nested, output, promptOf, textToImage, widgetInput, workflow, type Fields } from '../testing/graphs';
import {
  addGroup,
  connect,
  copyPart,
  findNodes,
  firstInput,
  freshIds,
  insertPart,
  newInstance,
  newNode,
  nodesIn,
  outputsFor,
  removeGroups,
  removeNodes,
  renameNode,
  toggleCollapsed,
  toggleMode,
  typeOfInput,
  typeOfOutput,
  whyNotConnect,
  withoutLinks,
} from '.';

const open = (json: Json): ComfyDocument => openComfyJson(json).document;
const withRoot = (document: ComfyDocument, root: ComfyGraph): ComfyDocument => ({ ...document, root });
const written = (document: ComfyDocument): Fields => writeDocument(document);
const nodeIn = (json: Fields, id: number): Fields | undefined =>
  (json['nodes'] as Fields[]).find((one) => one['id'] === id);
const TEXT = open(textToImage());
const NESTED = open(nested());
const edit = (change: (root: ComfyGraph) => ComfyGraph, document = TEXT): Fields =>
  written(withRoot(document, change(document.root)));

function added(type: string, document = TEXT): ComfyDocument {
  const made = newNode(type, { id: freshIds(document).node(), pos: [30, 40] });
  if (!made) throw new Error(type);
  return withRoot(document, { ...document.root, nodes: [...document.root.nodes, made] });
}

describe('newNode', () => {
  it('is written as ComfyUI writes one: numbers counted on, defaults by place and by name', () => {
    const json = written(added('KSampler'));
    expect([json['last_node_id'], json['last_link_id']]).toEqual([100, 99]);
    expect(nodeIn(json, 100)).toMatchObject({
      ...{ id: 100, type: 'KSampler', pos: [30, 40], flags: {}, mode: 0 },
      inputs: [
        { name: 'model', type: 'MODEL', link: null },
        { name: 'positive', type: 'CONDITIONING', link: null },
        { name: 'negative', type: 'CONDITIONING', link: null },
        { name: 'latent_image', type: 'LATENT', link: null },
      ],
      outputs: [{ name: 'LATENT', type: 'LATENT', links: [] }],
      properties: { cnr_id: 'comfy-core', 'Node name for S&R': 'KSampler' },
      widgets_values: [0, 'randomize', 20, 8, 'euler', 'simple', 1],
      widgets_values_named: { seed: 0, steps: 20, cfg: 8, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
    });
  });

  it.each(Object.keys(NODES))('%s has a value for each widget, and runs as it is written', (type) => {
    const document = added(type, open(workflow([])));
    const prompt = toPrompt(document);
    const spec = NODES[type];
    const widgets = widgetSpecs(spec).flatMap(([name, widget]) => [[name], ...revealed(name, widget, undefined)]);
    if (spec.isVirtual) expect(prompt).toEqual({});
    else expect(Object.keys(prompt['100'].inputs)).toEqual(widgets.map(([name]) => name));
    expect(toPrompt(open(written(document)))).toEqual(prompt);
  });

  it('names a file where one is known, and is nothing for a class that is not', () => {
    const loader = newNode('CheckpointLoaderSimple', { id: 1, pos: [0, 0], fileOf: (folder) => `${folder}.ckpt` });
    expect(loader?.widgets).toEqual(['checkpoints.ckpt']);
    expect(newNode('Nobody', { id: 1, pos: [0, 0] })).toBeUndefined();
  });
});

describe('connect', () => {
  const encode = added('CLIPTextEncode');
  const join = (root: ComfyGraph, from: [number, number], to: [number, number | string], id = 100) =>
    connect(root, { from: { node: from[0], slot: from[1] }, to: { node: to[0], slot: to[1] }, id });

  it('replaces what was joined to the input', () => {
    const first = join(encode.root, [4, 1], [100, 0]);
    const json = edit(() => join(first, [100, 0], [3, 1], 101), encode);
    expect([json['last_node_id'], json['last_link_id']]).toEqual([100, 101]);
    expect((json['links'] as Json[]).slice(-2)).toEqual([
      [100, 4, 1, 100, 0, 'CLIP'],
      [101, 100, 0, 3, 1, 'CONDITIONING'],
    ]);
    expect(JSON.stringify(json['links'])).not.toContain('[4,6,0,3,1');
    expect(nodeIn(json, 6)?.['outputs']).toEqual([output('CONDITIONING', 'CONDITIONING', [])]);
    expect(nodeIn(json, 4)?.['outputs']).toEqual([
      output('MODEL', 'MODEL', [1]),
      output('CLIP', 'CLIP', [3, 5, 100]),
      output('VAE', 'VAE', [8]),
    ]);
    expect(promptOf(json)['3'].inputs['positive']).toEqual(['100', 0]);
  });

  it('gives a widget its socket', () => {
    const document = added('PrimitiveString');
    const json = edit((root) => join(root, [100, 0], [6, 'text']), document);
    expect(nodeIn(json, 6)?.['inputs']).toEqual([
      { name: 'clip', type: 'CLIP', link: 3 },
      widgetInput('text', 'STRING', 100),
    ]);
    expect(promptOf(json)['6'].inputs['text']).toEqual(['100', 0]);
  });

  it('gives a primitive the kind and value of its widget', () => {
    const document = added('PrimitiveNode');
    const json = edit((root) => join(root, [100, 0], [3, 'steps']), document);
    expect(nodeIn(json, 100)).toMatchObject({
      outputs: [{ name: 'INT', type: 'INT', links: [100], widget: { name: 'steps' } }],
      widgets_values: [20, 'fixed'],
    });
    expect(promptOf(json)['3'].inputs['steps']).toBe(20);
  });

  it('hands types on through reroutes, whichever end is joined first', () => {
    const one = added('Reroute');
    const two = added('Reroute', one);
    const behind = join(two.root, [101, 0], [8, 1], 100);
    expect(typeOfInput(behind, { node: 101, slot: 0 })).toBe('VAE');
    const between = join(behind, [100, 0], [101, 0], 101);
    expect(whyNotConnect(between, { node: 4, slot: 0 }, { node: 100, slot: 0 })).toBe(
      'This gives MODEL, and that takes VAE.',
    );
    const whole = join(between, [4, 2], [100, 0], 102);
    expect(typeOfOutput(whole, { node: 101, slot: 0 })).toBe('VAE');
    const json = edit(() => whole, two);
    expect(nodeIn(json, 101)?.['outputs']).toEqual([{ name: 'VAE', type: 'VAE', links: [100] }]);
    expect(promptOf(json)['8'].inputs['vae']).toEqual(['4', 2]);
  });

  it.each<[[number, number], [number, number | string], string]>([
    [[4, 0], [8, 1], 'This gives MODEL, and that takes VAE.'],
    [[9, 0], [8, 1], 'There is no such socket.'],
    [[4, 0], [3, 9], 'There is no such socket.'],
    [[4, 0], [3, 'nothing'], 'There is no such socket.'],
    [[3, 0], [3, 3], 'This would make a ring: what comes out would go in again.'],
  ])('refuses %j to %j', (from, to, why) => {
    expect(whyNotConnect(TEXT.root, { node: from[0], slot: from[1] }, { node: to[0], slot: to[1] })).toBe(why);
    expect(join(TEXT.root, from, to)).toBe(TEXT.root);
  });

  it('refuses a longer ring', () => {
    const document = added('VAEEncode');
    const root = join(document.root, [8, 0], [100, 0]);
    expect(whyNotConnect(root, { node: 100, slot: 0 }, { node: 3, slot: 3 })).toContain('ring');
  });

  it('lists what an input can come from', () => {
    const document = added('VAEEncode');
    const ends = outputsFor(document.root, { node: 3, slot: 3 });
    expect(ends).toEqual([
      { node: 5, slot: 0 },
      { node: 100, slot: 0 },
    ]);
    expect(outputsFor(document.root, { node: 3, slot: 'steps' })).toEqual([]);
    const [inner] = NESTED.subgraphs;
    expect(outputsFor(inner, { node: 150, slot: 0 })).toEqual([{ node: -10, slot: 0 }]);
    expect(outputsFor(inner, { node: -20, slot: 0 })).toEqual([{ node: 150, slot: 0 }]);
  });

  it('takes a link out', () => {
    const json = edit((root) => withoutLinks(root, [4]));
    expect(nodeIn(json, 3)?.['inputs']).toMatchObject([{ link: 1 }, { link: null }, { link: 6 }, { link: 2 }]);
    expect(promptOf(json)['3'].inputs).not.toHaveProperty('positive');
  });
});

describe('inside subgraphs', () => {
  it('joins nodes to its edges, and counts on', () => {
    expect(freshIds(NESTED).node()).toBe(201);
    const [inner] = NESTED.subgraphs;
    const out = connect(inner, { from: { node: 150, slot: 0 }, to: { node: -20, slot: 0 }, id: 100 });
    const bare = withoutLinks(out, [30]);
    const json = written({ ...NESTED, subgraphs: [bare] });
    const [sub] = (json['definitions'] as Fields)['subgraphs'] as Fields[];
    expect(sub).toMatchObject({
      inputs: [{ id: 'i', name: 'clip', type: 'CLIP', linkIds: [] }],
      outputs: [{ id: 'o', name: 'out', type: 'CONDITIONING', linkIds: [100] }],
      links: [{ id: 100, origin_id: 150, origin_slot: 0, target_id: -20, target_slot: 0, type: 'CONDITIONING' }],
      state: { lastNodeId: 200, lastLinkId: 100 },
    });
  });

  it('makes instances with the sockets of the definition', () => {
    expect(newInstance(NESTED.subgraphs[0], { id: 7, pos: [0, 0] })).toMatchObject({
      ...{ type: 'abc', inputs: [{ name: 'clip', type: 'CLIP', link: null }] },
      outputs: [{ name: 'out', type: 'CONDITIONING', links: [] }],
    });
  });
});

describe('nodes', () => {
  it('are removed with their links', () => {
    const json = edit((root) => removeNodes(root, new Set(['8'])));
    expect((json['nodes'] as Fields[]).map(({ id }) => id)).toEqual([4, 5, 6, 7, 3, 9]);
    expect((json['links'] as Json[][]).map(([id]) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(nodeIn(json, 9)?.['inputs']).toMatchObject([{ link: null }]);
    expect([json['last_node_id'], json['last_link_id']]).toEqual([99, 99]);
  });

  it('are muted, bypassed, collapsed and named', () => {
    const muted = edit((root) => toggleMode(root, new Set(['6', '7']), MUTED));
    expect([6, 7, 8].map((id) => nodeIn(muted, id)?.['mode'])).toEqual([2, 2, 0]);
    const both = toggleMode(toggleMode(TEXT.root, new Set(['6']), BYPASSED), new Set(['6', '7']), BYPASSED);
    expect(both.nodes.map(({ mode }) => mode)).toEqual([0, 0, 4, 4, 0, 0, 0]);
    const back = toggleMode(both, new Set(['6', '7']), BYPASSED);
    expect(written(withRoot(TEXT, back))).toEqual(textToImage());
    expect(
      nodeIn(
        edit((root) => toggleCollapsed(root, new Set(['6']))),
        6,
      )?.['flags'],
    ).toEqual({ collapsed: true });
    expect(
      nodeIn(
        edit((root) => renameNode(root, '6', ' Pear ')),
        6,
      )?.['title'],
    ).toBe('Pear');
    const named = renameNode(renameNode(TEXT.root, '6', 'Pear'), '6', ' ');
    expect(written(withRoot(TEXT, named))).toEqual(textToImage());
  });

  it('are framed, title and all', () => {
    const spread = TEXT.root.nodes.map((one, i) => ({ ...one, pos: [i * 300, i] as const }));
    const root = addGroup({ ...TEXT.root, nodes: spread }, new Set(['5', '6']), 'Words');
    const json = written(withRoot(TEXT, root));
    expect(json['groups']).toEqual([
      { id: 1, title: 'Words', bounding: [290, -69, 530, 141], color: '#3f789e', font_size: 24, flags: {} },
    ]);
    expect(nodesIn(root, root.groups[0]).map(({ id }) => id)).toEqual([5, 6]);
    expect(removeGroups(root, new Set([0])).groups).toEqual([]);
    expect(addGroup(TEXT.root, new Set(), 'x')).toBe(TEXT.root);
  });
});

describe('findNodes', () => {
  const types = (query: Parameters<typeof findNodes>[0]) => findNodes(query).map(({ type }) => type);

  it('finds by title, class, category and first letters, the nearest first', () => {
    expect(types({ words: 'ksampler' }).slice(0, 2)).toEqual(['KSampler', 'KSamplerAdvanced']);
    expect(types({ words: 'Load Checkpoint' })[0]).toBe('CheckpointLoaderSimple');
    expect(types({ words: 'string trim' })).toContain('StringTrim');
    expect(types({ words: 'qqq' })).toEqual([]);
    expect(findNodes({ words: '' }).length).toBeGreaterThan(200);
  });

  it('shows what fits a link', () => {
    const takes = types({ words: '', takes: 'LATENT' });
    expect(takes).toContain('VAEDecode');
    expect(takes).not.toContain('VAEEncode');
    expect(firstInput('KSampler', 'LATENT')).toBe('latent_image');
    expect(types({ words: '', gives: 'VAE' })).toContain('VAELoader');
    expect(types({ words: '', gives: 'VAE' })).not.toContain('SaveImage');
  });
});

/** One step somewhere in the graph, by numbers that are drawn. */
function step(document: ComfyDocument, [kind, a, b, c]: readonly number[]): ComfyDocument {
  const { root } = document;
  const pick = (n: number) => root.nodes[n % Math.max(1, root.nodes.length)];
  const [one, two] = [pick(a), pick(b)];
  const chosen = new Set([one, two].filter((node) => node !== undefined).map(({ id }) => String(id)));
  const types = Object.keys(NODES);
  switch (kind % 7) {
    case 0:
      return added(types[a % types.length], document);
    case 1: {
      if (root.nodes.length === 0) return document;
      const names = Object.keys(NODES[two.type]?.inputs ?? {});
      const slot = c % 2 === 0 || names.length === 0 ? c % Math.max(1, two.inputs.length) : names[c % names.length];
      const from = { node: one.id, slot: c % Math.max(1, one.outputs.length) };
      return withRoot(document, connect(root, { from, to: { node: two.id, slot }, id: freshIds(document).link() }));
    }
    case 2:
      return withRoot(document, removeNodes(root, new Set([...chosen].slice(0, 1))));
    case 3:
      return withRoot(document, toggleMode(root, chosen, c % 2 === 0 ? MUTED : BYPASSED));
    case 4: {
      const copied = copyPart(document, root, { nodes: chosen });
      return withRoot(document, insertPart(document, root, copied, { by: [a, b], newId: () => 'x' }).graph);
    }
    case 5:
      return withRoot(document, addGroup(root, chosen, 'g'));
    default:
      return withRoot(
        document,
        withoutLinks(
          root,
          root.links.filter((_, i) => i % 5 === c % 5).map(({ id }) => id),
        ),
      );
  }
}

describe('any edits', () => {
  const numbers = fc.array(fc.tuple(...Array.from({ length: 4 }, () => fc.nat(997))), { maxLength: 25 });

  it('leave the file whole, and what was before as it was to the byte', () => {
    fc.assert(
      fc.property(numbers, (draws) => {
        const before = writeJson(written(TEXT));
        const past = [TEXT];
        const texts = [before];
        for (const draw of draws) {
          const next = step(past.at(-1) ?? TEXT, draw);
          past.push(next);
          texts.push(writeJson(written(next)));
          assertWhole(next);
        }
        past.forEach((document, i) => expect(writeJson(written(document))).toBe(texts[i]));
        const last = past.at(-1) ?? TEXT;
        const opened = open(written(last));
        expect(toPrompt(opened)).toEqual(toPrompt(last));
      }),
      { numRuns: 60 },
    );
  });
});

/** Each link is known at both of its ends and nowhere else, no number is there twice, and nothing runs in a ring. */
function assertWhole({ root: { nodes, links } }: ComfyDocument): void {
  expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
  const atInputs = nodes.flatMap((one) => one.inputs.flatMap(({ link }, slot) => link === null ? [] : [`${link} ${one.id} ${slot}`])); // prettier-ignore
  const atOutputs = nodes.flatMap((one) => one.outputs.flatMap((end, slot) => end.links.map((link) => `${link} ${one.id} ${slot}`))); // prettier-ignore
  expect(atInputs.sort()).toEqual(links.map(({ id, to, toSlot }) => `${id} ${to} ${toSlot}`).sort());
  expect(atOutputs.sort()).toEqual(links.map(({ id, from, fromSlot }) => `${id} ${from} ${fromSlot}`).sort());
}
