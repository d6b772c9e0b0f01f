/** A page that is nothing but engine and library: tools run workflows in it. */
import { drawerEntries } from '../../src/app/state/control/control-inputs';
import { HUB, parseCatalog, type ControlEntry, type ModelEntry } from '../../src/core/catalog';
import { entryWithoutCatalog } from '../../src/core/catalog/family-defaults';
import { BUILT_IN_CONTROL } from '../../src/core/catalog/built-in-control';
import { BUILT_IN_UPSCALER } from '../../src/core/catalog/built-in-upscaler';
import type { Pixels } from '../../src/core/image';
import type { AdapterEntry, ProviderChoice } from '../../src/engine/api';
import type { StoredModel } from '../../src/engine/library-api';
import { createGesso, type Workflow, type WorkflowResult } from '../../src/index';
import manifest from '../../models-manifest.json';

export interface PaintedImage {
  width: number;
  height: number;
  /** RGBA in base64. */
  data: string;
}

export interface PaintedWorkflow extends Pick<WorkflowResult, 'device' | 'timings'> {
  images: PaintedImage[];
  notices: string[];
}

/** A LoRA or an embedding. */
export interface GivenAdapter {
  kind: 'lora' | 'embedding';
  id: string;
  names: string[];
  revision: string;
  /** The file's bytes in base64. */
  data: string;
}

/** What a workflow names and does not hold; images are by hash. */
export interface Given {
  images?: Readonly<Record<string, PaintedImage>>;
  adapters?: readonly GivenAdapter[];
}

export interface AddedModel extends ModelEntry {
  /** What it is, where it steers pictures or helps what does. */
  control?: StoredModel['control'];
}

declare global {
  interface Window {
    /**
     * Puts a model, or a ControlNet, into the library of this page.
     * @param files  their addresses here, by their paths within its folder
     * @returns its entry, undefined where it is none but only added to one
     */
    addModel(files: Readonly<Record<string, string>>): Promise<AddedModel | undefined>;
    /** Models are those that come with the app, and what was added; images are by hash. */
    runWorkflow(workflow: Workflow, provider: ProviderChoice, given: Given): Promise<PaintedWorkflow>;
  }
}

const { engine, library } = createGesso();
const { models } = parseCatalog(manifest);
const added: ModelEntry[] = [];
/** Those that steer pictures, or help what does. */
const controls: StoredModel[] = [];

async function read(address: string): Promise<Blob> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${decodeURI(address)} cannot be read (${response.status}).`);
  return response.blob();
}

window.addModel = async (files) => {
  const picked = await Promise.all(
    Object.entries(files).map(async ([path, address]) => ({ path, file: await read(address) })),
  );
  const [id] = await library.importFiles(picked);
  const { entries, models: stored } = await library.open({ hub: HUB }, () => undefined);
  const control = stored.find((one) => one.id === id && one.control);
  const pack = stored.find((one) => one.id === id);
  const entry = control ? controlEntry(control) : (entries.find((one) => one.id === id) ?? (pack && packEntry(pack)));
  if (entry) added.push(entry);
  if (control) controls.push(control);
  return entry && { ...entry, ...(control && { control: control.control }) };
};

/** Entry for a pack that no entry is kept of: it came as a folder. */
const packEntry = ({ id, name, family, bytes }: StoredModel): ModelEntry =>
  entryWithoutCatalog(id, name, family, { source: { kind: 'imported' }, downloadBytes: bytes });

/** It paints nothing by itself: the library lists no entry of it. */
const controlEntry = ({ id, name, family, bytes }: StoredModel): ModelEntry => ({
  ...entryWithoutCatalog(id, name, family, { source: { kind: 'imported' }, downloadBytes: bytes }),
  role: 'control',
});

window.runWorkflow = async (workflow, provider, { images: given = {}, adapters = [] }) => {
  await engine.open({ provider, baseUrl: new URL('/', location.href).href });
  const notices: string[] = [];
  const images = Object.fromEntries(Object.entries(given).map(([hash, image]) => [hash, fromBase64(image)]));
  const {
    images: made,
    device,
    timings,
  } = await engine.run(
    workflow,
    {
      models: [...models, ...added.filter(({ role }) => role === undefined)],
      images,
      upscalers: [BUILT_IN_UPSCALER],
      controls: [BUILT_IN_CONTROL, ...controlEntries(workflow)],
      adapters: adapters.filter(({ kind }) => kind === 'lora').map(toEntry),
      embeddings: adapters.filter(({ kind }) => kind === 'embedding').map(toEntry),
    },
    (event) => {
      if (event.type === 'notice') notices.push(event.message);
    },
  );
  return {
    images: made.map(({ width, height, data }) => ({ width, height, data: toBase64(data) })),
    device,
    timings,
    notices,
  };
};

/** Entries of control networks, with what draws the hints of the workflow. */
const controlEntries = ({ nodes }: Workflow): ControlEntry[] => [
  ...added
    .filter(({ role }) => role === 'control')
    .map((entry): ControlEntry => {
      const isTower = controls.some(({ id, control }) => id === entry.id && control === 'tower');
      return isTower ? { ...entry, isTower } : entry;
    }),
  ...drawerEntries(
    nodes.flatMap(({ settings: { module } }) => (typeof module === 'string' ? { module } : [])),
    controls,
  ),
];

const toEntry = ({ id, names, revision, data }: GivenAdapter): AdapterEntry => ({
  ...{ id, names, revision },
  file: new Blob([Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0))]),
});

function fromBase64({ width, height, data }: PaintedImage): Pixels {
  return { width, height, data: Uint8ClampedArray.from(atob(data), (byte) => byte.charCodeAt(0)) };
}

function toBase64(bytes: Uint8ClampedArray): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
