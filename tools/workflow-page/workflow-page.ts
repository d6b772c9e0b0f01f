/** A page that is nothing but the engine: tools run workflows in it. */
import { parseCatalog } from '../../src/core/catalog';
import { BUILT_IN_UPSCALER } from '../../src/core/catalog/built-in-upscaler';
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
    /** Models are those of the catalogue that come with the app. */
    runWorkflow(workflow: Workflow, provider: ProviderChoice): Promise<PaintedWorkflow>;
  }
}

const { engine } = createGesso();
const { models } = parseCatalog(manifest);

window.runWorkflow = async (workflow, provider) => {
  await engine.open({ provider, baseUrl: new URL('/', location.href).href });
  const notices: string[] = [];
  const { images, device, timings } = await engine.run(
    workflow,
    { models, upscalers: [BUILT_IN_UPSCALER] },
    (event) => {
      if (event.type === 'notice') notices.push(event.message);
    },
  );
  return {
    images: images.map(({ width, height, data }) => ({ width, height, data: toBase64(data) })),
    device,
    timings,
    notices,
  };
};

function toBase64(bytes: Uint8ClampedArray): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
