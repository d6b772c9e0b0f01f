/** Which models a LoRA or an embedding is for. */
import type { ModelEntry } from '../../../core/catalog';
import type { StoredAdapter } from '../../../engine/library-api';

export type Model = Pick<ModelEntry, 'id' | 'name' | 'family'>;

export function fits({ models, family }: StoredAdapter, model: Pick<Model, 'id' | 'family'>): boolean {
  return models ? models.includes(model.id) : family !== undefined && family === model.family;
}
