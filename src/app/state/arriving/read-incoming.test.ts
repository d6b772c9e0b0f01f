/** What a file that holds no recipe is told to be. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { embedPngText } from '../../../core/image/metadata';
import { node, textToImage, workflow } from '../../../core/comfyui/workflows/testing/graphs';
import { pastedWorkflow, readIncomingFile, readPastedText } from './read-incoming';

const file = (name: string, content: string | Uint8Array<ArrayBuffer>) => new File([content], name);
const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('readIncomingFile', () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ['doc.pdf', '%PDF-1.4\n1 0 obj', /^doc\.pdf is a PDF document/],
    ['doc.pdf', bytes('%PDF-1.4\n\x00\xff'), /^doc\.pdf is a PDF document/],
    ['data.json', '{"a":1}', /^data\.json holds no recipe\. This JSON is of no kind/],
    ['note.txt', 'Dear diary', /^note\.txt holds words and no settings/],
    ['page.html', '<!DOCTYPE html><html></html>', /^page\.html holds no recipe\. This is a web page/],
    ['a.zip', bytes('PK\x03\x04\x00\x00'), /^a\.zip is a ZIP archive/],
    ['film.mp4', bytes('\x00\x00\x00\x18ftypisom\x00\x00'), /^film\.mp4 is a film/],
    ['noise.png', new Uint8Array([0, 1, 2, 3]), /^noise\.png is neither a picture nor a text that can be read\.$/],
  ])('%s %#', async (name, content, sentence) => {
    await expect(readIncomingFile(file(name, content))).rejects.toThrow(sentence);
  });

  it('tells what carries a workflow of ComfyUI, with a recipe in it or none', async () => {
    const none = file('load.json', JSON.stringify(workflow([node(1, 'Note', { widgets_values: ['words'] })])));
    expect(await readIncomingFile(none)).toEqual({ isPicture: false, workflow: none });
    const whole = file('pear.json', JSON.stringify(textToImage()));
    const read = await readIncomingFile(whole);
    expect([read.found?.form, read.workflow]).toEqual(['comfyui', whole]);
    expect(
      (await readIncomingFile(file('a.txt', 'a pear\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64')))
        .workflow,
    ).toBeUndefined();
  });

  it('finds a workflow among words, and in what Python prints', async () => {
    const readme = file('README.md', `Load it:\n\n\`\`\`json\n${JSON.stringify(textToImage(), null, 2)}\n\`\`\`\n`);
    expect((await readIncomingFile(readme)).workflow).toBe(readme);
    const printed = file('prompt.txt', "{'1': {'class_type': 'KSampler', 'inputs': {}}}");
    expect((await readIncomingFile(printed)).workflow).toBe(printed);
  });

  it('tells a picture without a recipe from what is no picture, and why', async () => {
    const cut = file('cut.jpg', bytes('\xff\xd8\xff\xe0\x00\x10JFIF\x00'));
    expect(await readIncomingFile(cut)).toEqual({
      isPicture: true,
      why: expect.stringMatching(/^cut\.jpg could not be read to its end\. The JPEG is cut or damaged.*[^.]\.$/),
    });
  });

  it('says of a picture that an embedding lies in it, or what is wrong with that', async () => {
    const path = new URL('../../../core/adapters/fixtures/embeddings/chunk.png', import.meta.url);
    const picture = new Uint8Array(readFileSync(path));
    const text = 'The embedding “picture” lies in this picture: 1 token for SD 1.5.';
    expect(await readIncomingFile(file('x.png', picture))).toEqual({ isPicture: true, why: text, embedding: text });
    const damaged = new Uint8Array(embedPngText(picture, 'sd-ti-embedding', 'e30='));
    expect((await readIncomingFile(file('x.png', damaged))).embedding).toMatch(
      /^x\.png: the embedding in this picture is damaged.*[^.]\.$/,
    );
  });

  it('has no two points in a row', async () => {
    for (const content of ['{"a":1}', 'Dear diary', '%PDF-1.4'])
      await expect(readIncomingFile(file('x', content))).rejects.toThrow(/[^.]\.$/);
  });
});

describe('readPastedText', () => {
  it('leaves words and JSON of no kind to the caret', () => {
    for (const text of ['Dear diary', '{"a":1}', 'https://example.org/x']) expect(readPastedText(text)).toBeUndefined();
    expect(readPastedText('{"prompt":"a cat","steps":3,"seed":1}')?.recipe.prompt).toBe('a cat');
  });
});

describe('pastedWorkflow', () => {
  it('is a file of what is pasted, or nothing', () => {
    expect(pastedWorkflow(JSON.stringify(textToImage()))).toBeInstanceOf(File);
    expect(pastedWorkflow('a pear, [nodes: 0.5], "class"')).toBeUndefined();
  });

  it.each([
    ['n8n', '{"nodes": [{"id": "a", "type": "n8n-nodes-base.start"}], "connections": {}}'],
    ['a program of its own', '{"nodes": [{"kind": "pear"}]}'],
    ['words', 'Write "nodes": [ and then {"a": 1}, with "class_type": last.'],
  ])('leaves JSON of %s to the caret', (_, text) => {
    expect(pastedWorkflow(text)).toBeUndefined();
  });

  it('takes one in a fence, and one that is cut, of which opening says so', () => {
    const text = JSON.stringify(textToImage());
    expect(pastedWorkflow(`Mine:\n\`\`\`json\n${text}\n\`\`\``)).toBeInstanceOf(File);
    expect(pastedWorkflow(text.slice(0, -40))).toBeInstanceOf(File);
  });
});
