/** Graphs that come with the app: each opens, is right, names what is here, and compiles as far as its nodes are computed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse, isWidget, nodeSpec, readJson, writeJson } from '../../../core/comfyui/workflows';
import { workflowText } from './save-graph';
import { GRAPH_TEMPLATES, openTemplate, templatePictures } from './templates';

it('are all that lie in the folder', () => {
  const files = readdirSync(join(import.meta.dirname, 'templates')).filter((name) => name.endsWith('.json'));
  expect(files.sort()).toEqual(GRAPH_TEMPLATES.map(({ id }) => `${id}.json`).sort());
});

describe.each(GRAPH_TEMPLATES)('$title', (template) => {
  it('opens, is right by ComfyUI’s rules, and runs but for nodes that nothing here computes', async () => {
    const { document } = await openTemplate(template);
    const { problems, unknown, stops, withoutOperation, runs, models } = analyse(document);
    expect([problems, unknown]).toEqual([[], []]);
    expect(runs).toBe(withoutOperation.length === 0);
    expect(stops.map(({ message }) => message).filter((message) => !message.includes('nothing here computes'))).toEqual(
      [],
    );
    const here = ['gesso-starter', 'starter-ink', 'starter-scribble', 'realesr-animevideov3-x4'];
    expect(models.filter(({ name }) => !here.includes(name.replace(/\.\w+$/, '')))).toEqual([]);
  });

  it('says what it is, begins with pictures that are here, and has every value', async () => {
    const editor = await openTemplate(template);
    expect(editor.document.root.nodes[0]?.type).toBe('MarkdownNote');
    const prompt = editor.analysis?.prompt ?? {};
    for (const { class_type, inputs } of Object.values(prompt)) {
      const wanted = Object.entries(nodeSpec(class_type)?.inputs ?? {});
      const said = wanted.filter(([, spec]) => isWidget(spec) || spec.optional !== true).map(([name]) => name);
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(said.filter((name) => name !== 'vae')));
      if (class_type.startsWith('LoadImage')) expect(templatePictures).toContain(inputs['image']);
    }
  });

  it('is saved as it is', async () => {
    const { document } = await openTemplate(template);
    expect(workflowText(document)).toBe(writeJson(document.raw ?? {}, 2));
    expect(readJson(workflowText(document))).toMatchObject({ version: 0.4 });
  });
});
