/** Runs a network that draws hints on the CPU, its weights from a file. */
import { openAnnotator } from '../../src/core/checkpoints/open-annotator';
import { drawnMaps } from '../../src/core/hints/drawn-maps';
import type { DrawnMap, RunNetwork } from '../../src/core/hints';
import type { Annotator } from '../../src/core/networks/annotators/annotator';
import { ANNOTATORS } from '../../src/core/networks/annotators/recognise';
import { fillGraph } from '../../src/core/weights/testing/fill-graph';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { UsageError } from './arguments';
import { asUsage, openPath } from './open-path';

/** @param path  of weights; undefined where none were given @throws UsageError from the run, a sentence */
export function networkRunner(path: string | undefined): RunNetwork {
  return async ({ network, file, image: first, more = [] }) => {
    const { name, outputs, columns }: Annotator = ANNOTATORS[network];
    if (path === undefined) throw new UsageError(`This preprocessor needs --weights, the file ${file} of ${name}.`);
    const { sources, dispose } = await openPath(path);
    try {
      const opened = await openAnnotator(sources[0]).catch(asUsage);
      if (opened.id !== network) throw new UsageError(`"${path}" is of ${ANNOTATORS[opened.id].name}, not of ${name}.`);
      const ort = (await import('onnxruntime-web')) as unknown as Ort;
      const graph = await fillGraph(opened.build('portable'), opened.tensors);
      const session = await createOrtSession(ort, ['wasm'], graph);
      try {
        const maps: DrawnMap[] = [];
        for (const image of [first, ...more]) {
          const [, , height, width] = image.dims;
          maps.push(...drawnMaps(await session.run({ image }), outputs, { width, height }, columns));
        }
        return maps;
      } finally {
        await session.dispose();
      }
    } finally {
      await dispose();
    }
  };
}
