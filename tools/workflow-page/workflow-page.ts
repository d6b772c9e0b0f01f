/** A page that is nothing but the engine: tools run workflows in it. */
import { parseCatalog } from '../../src/core/catalog';
import { BUILT_IN_UPSCALER } from '../../src/core/catalog/built-in-upscaler';
import type { Pixels } from '../../src/core/image';
import type { ProviderChoice } from '../../src/engine/api';
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

declare global {
  interface Window {
    /** Models are those of the catalogue that come with the app; images are by hash. */
    runWorkflow(
      workflow: Workflow,
      provider: ProviderChoice,
      images: Readonly<Record<string, PaintedImage>>,
    ): Promise<PaintedWorkflow>;
  }
}

const { engine } = createGesso();
const { models } = parseCatalog(manifest);

window.runWorkflow = async (workflow, provider, given) => {
  await engine.open({ provider, baseUrl: new URL('/', location.href).href });
  const notices: string[] = [];
  const images = Object.fromEntries(Object.entries(given).map(([hash, image]) => [hash, fromBase64(image)]));
  const {
    images: made,
    device,
    timings,
  } = await engine.run(workflow, { models, images, upscalers: [BUILT_IN_UPSCALER] }, (event) => {
    if (event.type === 'notice') notices.push(event.message);
  });
  return {
    images: made.map(({ width, height, data }) => ({ width, height, data: toBase64(data) })),
    device,
    timings,
    notices,
  };
};

function fromBase64({ width, height, data }: PaintedImage): Pixels {
  return { width, height, data: Uint8ClampedArray.from(atob(data), (byte) => byte.charCodeAt(0)) };
}

function toBase64(bytes: Uint8ClampedArray): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
