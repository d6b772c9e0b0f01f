/** Graphs whose model is made of several: which files of the others are opened, and how often. */
import { expect, it } from 'vitest';
import type { ModelEntry } from '../core/catalog';
import { bytesSyncSource, type SyncByteSource } from '../core/formats';
import { workflowOf, type Workflow } from '../core/workflow';
import { node, wire } from '../core/workflow/make-node';
import { FAKE_ENTRY, FAKE_PACK, type Fake } from './testing/fake-ports';
import { FAKE_REQUEST, setUpEngine } from './testing/set-up-engine';

const FIRST: ModelEntry = { ...FAKE_ENTRY, id: 'first', name: 'First', source: { kind: 'imported' } };

/** A library with the first model alone. @returns ids of the packs that are opened, and where what is built in lies */
function withLibrary({ ports }: Fake): string[] {
  const asked: string[] = [];
  const { open: refuse } = ports.packs;
  const { createFiles } = ports;
  const files = createFiles(FAKE_ENTRY, '');
  ports.createFiles = (entry, baseUrl) => {
    if (entry.source.kind === 'bundled') asked.push(entry.source.path);
    return createFiles(entry, baseUrl);
  };
  ports.packs.open = (id) => {
    asked.push(id);
    if (id !== FIRST.id) return refuse(id);
    const shard = async (file: string): Promise<SyncByteSource> => {
      const source = await files.open(file);
      return bytesSyncSource(file, await source.read(0, source.size));
    };
    return Promise.resolve({ pack: { ...FAKE_PACK, id, name: 'First' }, shard });
  };
  return asked;
}

/** Its denoiser is half the second model's; prompts are read by the first. */
function halfOf(second: string): Workflow {
  const { nodes, ...workflow } = workflowOf({ ...FAKE_REQUEST, model: FIRST.id });
  const isOwn = ({ operation }: Workflow['nodes'][number]) => operation === 'sample';
  const [first] = nodes;
  const blend = { model: wire(first.id, 'model'), other: wire('second', 'model') };
  const more = [
    node('second', 'load_model', { model: second }),
    node('both', 'blend_models', { own: '0.5', other: '0.5' }, blend),
  ];
  const rest = nodes
    .slice(1)
    .map((one) => (isOwn(one) ? { ...one, inputs: { ...one.inputs, model: wire('both', 'model') } } : one));
  expect(rest.filter(isOwn)).toHaveLength(1);
  return { ...workflow, nodes: [first, ...more, ...rest] };
}

it('mixes the built-in model into one of the library, and opens it once for two pictures', async () => {
  const { fake, engine, onEvent, events } = setUpEngine();
  const asked = withLibrary(fake);
  const models = [FIRST, FAKE_ENTRY];
  for (let picture = 0; picture < 2; picture++) {
    const workflow = halfOf(FAKE_ENTRY.id);
    const seeded = workflow.nodes.map((one) =>
      one.operation === 'sample' ? { ...one, settings: { ...one.settings, seed: picture } } : one,
    );
    const { images } = await engine.run({ ...workflow, nodes: seeded }, { models }, onEvent);
    expect(images).toHaveLength(1);
  }
  expect(fake.unetCalls.length).toBeGreaterThan(FAKE_REQUEST.steps);
  expect(asked).not.toContain(FAKE_ENTRY.id);
  expect(asked.filter((place) => place === 'fake/')).toHaveLength(1);
  const fetched = events.filter((event) => event.type === 'loading' && event.file === 'unet-0.bin');
  expect(fetched, 'the second’s weights').toHaveLength(1);
});

it('names a second model that is not in the library', async () => {
  const { fake, engine, onEvent } = setUpEngine();
  withLibrary(fake);
  const gone: ModelEntry = { ...FIRST, id: 'gone' };
  await expect(engine.run(halfOf(gone.id), { models: [FIRST, gone] }, onEvent)).rejects.toThrow('gone: no such pack');
});
