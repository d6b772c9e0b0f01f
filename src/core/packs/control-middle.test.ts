import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { weightKey } from '../graph';
import { componentWeights } from './component-weights';
import { recogniseControl } from '../networks/control/control-file';
import { readControlNetConfig } from '../networks/control/controlnet-config';

/** Shapes of the tensors of a ControlNet without attention. */
async function plainShapes(): Promise<Map<string, { shape: readonly number[] }>> {
  const at = new URL('../networks/fixtures/controlnet-plain/weights.safetensors', import.meta.url);
  const bytes = await readFile(fileURLToPath(at));
  const header = bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString();
  const tensors = JSON.parse(header) as Record<string, { shape: number[] }>;
  return new Map(Object.entries(tensors).filter(([key]) => key !== '__metadata__'));
}

/** The tiny one's norms have fewer groups than any published. */
const configOf = (shapes: Awaited<ReturnType<typeof plainShapes>>) => ({
  ...recogniseControl(shapes)?.config,
  ...{ norm_num_groups: 4, attention_head_dim: 2 },
});

const namesOf = (config: unknown): string =>
  componentWeights('control_step', { file: 'x', config }, () => 'float32')
    .map(({ expr }) => weightKey(expr))
    .join();

it('reads from the tensors whether a middle without attention has one resnet or two', async () => {
  const shapes = await plainShapes();
  const single = configOf(shapes);
  expect(readControlNetConfig('x', single).isMidSingle).toBe(true);
  expect(namesOf(single)).not.toContain('mid_block.resnets.1.');

  for (const [key, entry] of [...shapes])
    if (key.startsWith('mid_block.resnets.0.')) shapes.set(key.replace('resnets.0', 'resnets.1'), entry);
  const double = configOf(shapes);
  expect(readControlNetConfig('x', double)).toMatchObject({ isMidSingle: false, isMidBare: false, midDepth: 0 });
  expect(namesOf(double)).toContain('mid_block.resnets.1.');
});
