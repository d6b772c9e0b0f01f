import { describe, expect, it } from 'vitest';
import { openComfyChunks, openComfyJson, openComfyText, toPrompt, withWidget, controlOf } from '.';
import { input, node, textToImage, TEXT_TO_IMAGE, workflow, type Fields } from '../testing/graphs';
import type { Json } from '../document';

const PROMPT = TEXT_TO_IMAGE as unknown as Json;

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
  ])('refuses %s in one sentence', (_, json) => {
    expect(() => openComfyJson(json)).toThrow('There is no workflow of ComfyUI in this file.');
  });
});

describe('openComfyText', () => {
  it('reads NaN and a byte order mark', () => {
    const { document } = openComfyText('\uFEFF{"1": {"class_type": "X", "inputs": {"a": NaN}}}');
    expect(toPrompt(document)['1'].inputs).toEqual({ a: NaN });
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
