/** The workflow in a picture's file once more, with its seeds drawn anew. */
import { afterRun, openComfyFile } from '../../../core/comfyui/workflows';
import { toAppError } from '../../../core/errors';
import type { Size } from '../../../core/image/raster';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { Picture } from '../pictures/picture';
import type { StartPictures } from '../start/start-pictures.svelte';
import type { AddOptions } from '../line/work';
import { compileGraph, type GraphFiles } from './compile-graph';

interface Parts {
  library: GraphFiles;
  settings: { model: { id: string } };
  enqueue: (request: GenerationRequest, options: Pick<AddOptions, 'graph'>) => boolean;
  say: (words: string) => void;
  startPictures: Pick<StartPictures, 'pixels'>;
  /** Said where the line has no room. */
  full: string;
}

/** What stood in for what was missing stands in again. Says what became of it. */
export async function graphAgain(
  file: Blob,
  { graph }: Pick<Picture, 'graph'>,
  { library, settings, startPictures, enqueue, say, full }: Parts,
): Promise<void> {
  try {
    const sizes = new Map<string, Size>();
    for (const hash of graph?.images ?? []) {
      const pixels = await startPictures.pixels(hash);
      if (pixels) sizes.set(hash, { width: pixels.width, height: pixels.height });
    }
    const { document } = openComfyFile(new Uint8Array(await file.arrayBuffer()));
    const { work, request, problems } = compileGraph(afterRun(document, Math.random, 'randomize'), {
      ...{ library, choices: graph?.choices ?? {}, model: settings.model.id, title: graph?.title ?? 'Workflow' },
      ...{ run: crypto.randomUUID(), random: Math.random, now: new Date() },
      sizeOf: (hash) => sizes.get(hash),
    });
    if (!work) say(problems[0]?.message ?? 'Nothing of this workflow runs.');
    else say(enqueue(request, { graph: work }) ? 'In line: the same workflow with seeds drawn anew' : full);
  } catch (thrown) {
    say(toAppError(thrown).message);
  }
}
