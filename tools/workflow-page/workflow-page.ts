/** A page that is nothing but the engine: tools run workflows in it. */
import { parseCatalog } from '../../src/core/catalog';
import { BUILT_IN_UPSCALER } from '../../src/core/catalog/built-in-upscaler';
import type { Pixels } from '../../src/core/image';
import type { AdapterEntry, ProviderChoice } from '../../src/engine/api';
import { createGesso, type Workflow, type WorkflowResult } from '../../src/index';
import manifest from '../../models-manifest.json';

export interface PaintedImage {
  width: number;
  height: number;
  /** RGBA, base64. */
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
  /** Base64. */
  data: string;
}

/** What a workflow names and does not hold; images are by hash. */
export interface Given {
  images?: Readonly<Record<string, PaintedImage>>;
  adapters?: readonly GivenAdapter[];
}

declare global {
  interface Window {
    /** Models are those of the catalogue that come with the app. */
    runWorkflow(workflow: Workflow, provider: ProviderChoice, given: Given): Promise<PaintedWorkflow>;
  }
}

const { engine } = createGesso();
const { models } = parseCatalog(manifest);

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
      ...{ models, images, upscalers: [BUILT_IN_UPSCALER] },
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
