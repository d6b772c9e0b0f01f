import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { embedPngText } from '../../../image/metadata';
import { openComfyChunks, openComfyFile, openComfyJson, openComfyText, toPrompt, withWidget, controlOf } from '.';
import { input, node, textToImage, TEXT_TO_IMAGE, workflow, type Fields } from '../testing/graphs';
import type { Json } from '../document';

const PROMPT = TEXT_TO_IMAGE as unknown as Json;

/** Texts that are not closed, and what each letter of them could begin. */
const OPEN_TEXTS = [
  ['{"', '\\"'],
  ['[[', "\\'"],
  ['{"', '\\\n'],
  ['{\\"', '\\\\\\"'],
  ['{\\"', '\\\\\\a'],
];

/** In so many objects. */
const wrapped = (depth: number): Json => (depth === 0 ? PROMPT : { inner: wrapped(depth - 1) });

describe('openComfyJson', () => {
  it.each<[string, Json, 'ui' | 'api']>([
    ['a workflow', textToImage(), 'ui'],
    ['a prompt', PROMPT, 'api'],
    [
      'the body of a call',
      { prompt: PROMPT, client_id: 'x', extra_data: { extra_pnginfo: { workflow: textToImage() } } },
      'ui',
    ],
    ['a prompt in a wrapper', { prompt: PROMPT }, 'api'],
    ['a workflow in a wrapper', { workflow: textToImage() }, 'ui'],
    ['a list of templates', [{ name: 'a' }, { workflow: textToImage() }], 'ui'],
    ['texts', { workflow: JSON.stringify(textToImage()), prompt: JSON.stringify(TEXT_TO_IMAGE) }, 'ui'],
    [
      'a history',
      { '1': { prompt: [2, 'id', PROMPT, { extra_pnginfo: { workflow: textToImage() } }, ['9']] } }['1'],
      'ui',
    ],
  ])('opens %s', (_, json, format) => {
    const opened = openComfyJson(json);
    expect(opened.format).toBe(format);
    expect(toPrompt(opened.document)).toEqual(TEXT_TO_IMAGE);
  });

  it('opens a prompt with what is damaged beside it, and is_changed of old ones', () => {
    const odd = {
      ...TEXT_TO_IMAGE,
      '20': null,
      '21': { class_type: 5 },
      '9': { ...TEXT_TO_IMAGE['9'], is_changed: ['x'] },
    };
    expect(toPrompt(openComfyJson(odd as unknown as Json).document)).toEqual(TEXT_TO_IMAGE);
  });

  it.each<[string, Json]>([
    ['nothing', null],
    ['a text', 'a pear'],
    ['another JSON', { steps: 20 }],
    ['an empty list', []],
    ['nodes of another program', { nodes: [{ kind: 'x' }] }],
    ['what is deeper than any program keeps it', wrapped(20)],
  ])('refuses %s in one sentence', (_, json) => {
    expect(() => openComfyJson(json)).toThrow('There is no workflow of ComfyUI in this file.');
  });
});

describe('openComfyJson of what servers keep', () => {
  it.each<[string, Json]>([
    ['a call of RunPod’s worker', { input: { workflow: PROMPT, images: [{ name: 'a.png', image: 'data:' }] } }],
    ['the same as a prompt', { input: { prompt: PROMPT } }],
    ['a call of Vast’s worker', { input: { request_id: 'x', workflow_json: PROMPT } }],
    ['a call of Replicate, as a text', { input: { workflow_json: JSON.stringify(PROMPT), randomise_seeds: true } }],
    ['a deployment', { deployment_id: 'x', workflow_api: PROMPT, inputs: {} }],
    ['a run with changes', { workflow_api_json: PROMPT, overrides: { '6': { inputs: { text: 'x' } } } }],
    ['the history', { 'a-b-c': { prompt: [2, 'id', PROMPT, { client_id: 'x' }, ['9']], outputs: {}, status: {} } }],
    ['the queue', { queue_running: [], queue_pending: [[5, 'id', PROMPT, {}, ['9']]] }],
    ['a task', { task: { metadata: { id: 't' }, content: PROMPT } }],
  ])('opens %s', (_, json) => {
    const opened = openComfyJson(json);
    expect(toPrompt(opened.document)).toEqual(TEXT_TO_IMAGE);
    expect(opened.others).toBe(0);
  });

  it('opens the first of several, and says how many there are besides', () => {
    const named = openComfyJson({ one: PROMPT, two: { '1': { class_type: 'X', inputs: {} } } });
    expect([toPrompt(named.document), named.others]).toEqual([TEXT_TO_IMAGE, 1]);
    expect(openComfyJson([{ workflow: textToImage() }, textToImage(), { prompt: PROMPT }]).others).toBe(1);
  });

  const [other, own]: Json[] = [
    { '1': { class_type: 'Other', inputs: {} } },
    { '1': { class_type: 'Own', inputs: {} } },
  ];
  const run = (prompt: Json, workflow?: Json): Json => ({
    prompt: [2, 'id', prompt, { extra_pnginfo: { ...(workflow !== undefined && { workflow }) } }, ['9']],
    outputs: {},
  });
  it.each<[string, Json, Json | undefined]>([
    ['a history', { a: run(other), b: run(own, textToImage()) }, own],
    [
      'a queue',
      {
        queue_pending: [other, own].map((prompt) => [
          1,
          'id',
          prompt,
          prompt === own ? { extra_pnginfo: { workflow: textToImage() } } : {},
        ]),
      },
      own,
    ],
    ['a list', [{ prompt: other }, { prompt: own, workflow: textToImage() }], own],
    ['a list whose workflow has none', [{ workflow: textToImage() }, { prompt: other }], undefined],
    ['calls by name', { a: { prompt: other }, b: { workflow: JSON.stringify(textToImage()) } }, undefined],
    ['names of one call', { input: { workflow_ui: textToImage(), workflow_api_json: own } }, own],
  ])('takes the workflow and the prompt out of one entry of %s', (_, json, prompt) => {
    const opened = openComfyJson(json);
    expect([opened.format, opened.prompt]).toEqual(['ui', prompt]);
    expect(openComfyText(JSON.stringify(json)).prompt).toEqual(prompt);
  });

  it.each(['edges', 'connections'])('opens nodes of ComfyUI beside %s, without a list of links', (key) => {
    const { nodes } = textToImage() as { nodes: Json[] };
    const { document } = openComfyJson({ nodes, [key]: [] });
    expect(document.root.nodes).toHaveLength(nodes.length);
    expect(() => openComfyJson({ nodes: [...nodes, { id: 'a', type: 'x', data: {} }], [key]: [] })).toThrow(
      'another program',
    );
  });

  it.each<[string, Json]>([
    ['nothing', { nodes: [], edges: [] }],
    ['n8n', { name: 'x', nodes: [{ id: 'a', type: 'n8n-nodes-base.start' }], connections: {} }],
    ['InvokeAI', { name: 'x', nodes: [{ id: 'a', type: 'invocation', data: {} }], edges: [] }],
    ['chaiNNer', { version: '0.24', content: { nodes: [{ id: 'a', type: 'regularNode' }], edges: [] } }],
  ])('says of a graph of %s that it is another program’s', (_, json) => {
    expect(() => openComfyJson(json)).toThrow('This is a graph of another program');
  });
});

describe('openComfyText of what people hand on', () => {
  const [ui, api] = [JSON.stringify(textToImage(), null, 1), JSON.stringify(TEXT_TO_IMAGE, null, 1)];
  const python = api.replace(/"/g, "'");
  it.each<[string, string]>([
    ['a fence of Markdown', `# A pear\n\nLoad [this](x):\n\n\`\`\`json\n${ui}\n\`\`\`\n\nDon't forget {the model}.`],
    ['a program', `const prompt = ${api};\nexport default prompt;`],
    ['Python', `prompt_text = """\n${api}\n"""\nprompt = json.loads(prompt_text)\nprompt["6"]["inputs"]["text"] = "x"`],
    ['Python’s print of it', python],
    ['a command', `curl http://127.0.0.1:8188/prompt -d '{"prompt": ${api}}'`],
    ['a command with strokes', `curl x -d "${JSON.stringify({ prompt: TEXT_TO_IMAGE }).replace(/"/g, '\\"')}"`],
    [
      'comments',
      `// mine\n${api.replace('"steps"', '/* more\nis slower */ "steps"').replace('"cfg": 8,', '"cfg": 8, // don\'t')}`,
    ],
    ['commas at the end', api.replace(/\n \}\n\}$/, ',\n },\n}')],
    ['a line each', `${JSON.stringify({ prompt: TEXT_TO_IMAGE })}\n${JSON.stringify({ prompt: TEXT_TO_IMAGE })}\n`],
  ])('opens %s', (_, text) => {
    expect(toPrompt(openComfyText(text).document)).toEqual(TEXT_TO_IMAGE);
  });

  it('keeps all digits of a seed among comments', () => {
    const text = '{"1": {"class_type": "X", "inputs": {"seed": 18446744073709551615,}}} // end';
    expect(toPrompt(openComfyText(text).document)['1'].inputs).toEqual({ seed: 18446744073709551615n });
  });

  it('opens no part of a prompt that is cut', () => {
    expect(() => openComfyText(api.slice(0, -40))).toThrow('This JSON ends too early: the file is cut.');
  });

  it('says of words that nothing is in them', () => {
    expect(() => openComfyText('A pear with {red|green} nodes.')).toThrow('There is no workflow of ComfyUI');
  });

  it('takes time in proportion to the length of what is none', () => {
    for (const piece of ['{"', "{'", '[{', '/*', '{\\"', '"nodes', 'class_type a', '{/*', '[[['])
      expect(() => openComfyText(piece.repeat(40_000))).toThrow();
    for (const [start, piece] of OPEN_TEXTS)
      expect(() => openComfyText(`nodes ${start}${piece.repeat(100_000)}`), `${start} ${piece}`).toThrow();
  });
});

describe('openComfyText', () => {
  it('reads NaN and a byte order mark', () => {
    const { document } = openComfyText('\uFEFF{"1": {"class_type": "X", "inputs": {"a": NaN}}}');
    expect(toPrompt(document)['1'].inputs).toEqual({ a: NaN });
  });
});

describe('openComfyFile', () => {
  it('finds both in one comment, as films of VideoHelperSuite and pictures of other savers have them', () => {
    const both = { prompt: JSON.stringify(TEXT_TO_IMAGE), workflow: textToImage() };
    const png = PNG.sync.write(new PNG({ width: 1, height: 1 }));
    const { format, document } = openComfyFile(embedPngText(png, 'comment', JSON.stringify(both)));
    expect([format, toPrompt(document)]).toEqual(['ui', TEXT_TO_IMAGE]);
  });
});

describe('openComfyChunks', () => {
  const [ui, api] = [JSON.stringify(textToImage()), JSON.stringify(TEXT_TO_IMAGE)];

  it('shows the workflow and has what ran beside it', () => {
    expect(openComfyChunks({ workflow: ui, prompt: api })).toMatchObject({ format: 'ui', prompt: TEXT_TO_IMAGE });
  });

  it('falls back to what can be read', () => {
    expect(openComfyChunks({ workflow: ui.slice(0, 200), prompt: api }).format).toBe('api');
    expect(() => openComfyChunks({ workflow: ui.slice(0, 200) })).toThrow('This JSON ends too early: the file is cut.');
    expect(() => openComfyChunks({})).toThrow('There is no workflow of ComfyUI in this file.');
  });
});

describe('withWidget', () => {
  const open = (fields: Fields) =>
    openComfyJson(workflow([node(1, String(fields['type'] ?? 'KSampler'), fields)])).document.root.nodes[0];

  it('changes a value in all its places', () => {
    const named = { seed: 1, steps: 2 };
    const changed = withWidget(open({ widgets_values: [1, 'fixed', 2], widgets_values_named: named }), 'steps', 30);
    expect([changed.widgets, changed.named]).toEqual([[1, 'fixed', 30], { seed: 1, steps: 30 }]);
  });

  it('fills a short list with defaults up to it', () => {
    expect(withWidget(open({ widgets_values: [1] }), 'scheduler', 'karras').widgets).toEqual([
      1,
      'fixed',
      20,
      8,
      'euler',
      'karras',
    ]);
  });

  it('sets the mode of a number', () => {
    const changed = withWidget(open({ widgets_values: [1, 'fixed', 2] }), 'control_after_generate', 'randomize');
    expect([controlOf(changed), changed.widgets]).toEqual(['randomize', [1, 'randomize', 2]]);
  });

  it('keeps what cannot be named, and adds the name', () => {
    const changed = withWidget(
      open({ type: 'Mine', widgets_values: [1, 2], inputs: [input('a', 'INT', null)] }),
      'a',
      3,
    );
    expect([changed.widgets, changed.named]).toEqual([[1, 2], { a: 3 }]);
  });
});
