/** Whether a pack holds all that its components' graphs read: told by pack.json alone, before anything is fetched or loaded. */
import { AppError } from '../errors';
import { componentWeights } from './component-weights';
import { listedWeights } from './open-weights';
import type { Pack, PackComponent } from './pack';
import type { ComponentId } from '../networks/components';
import { assertOnBase, standsOnBase } from './weights-on-base';

/**
 * For both targets and both ways of loading packed matrices. Ready-made graphs name their own weights: they are not looked at.
 * @throws AppError 'bad-file' or 'unsupported-model' in one sentence
 */
export function assertPack({ name, components }: Pick<Pack, 'name' | 'components'>): void {
  for (const [id, component] of Object.entries(components) as [ComponentId, PackComponent][])
    if (!component.onnx) assertComponent(`${name}: ${id}`, id, component);
}

function assertComponent(where: string, id: ComponentId, component: PackComponent): void {
  if (standsOnBase(id, component)) return assertOnBase(where, id, component);
  const held = listedWeights(where, id, component);
  const config = { file: `${where}/config.json`, config: component.config };
  for (const storedForm of [held.storedForm, undefined])
    held.assertHolds({ weights: componentWeights(id, config, storedForm) });
}

/** @returns the sentence of `assertPack`, where it has one */
export function packProblem(pack: Pick<Pack, 'name' | 'components'>): string | undefined {
  try {
    assertPack(pack);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
