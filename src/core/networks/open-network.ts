/** A component's network out of its config, by the component's name. */
import type { BuiltGraph, GraphForm, Target } from '../graph';
import { AppError } from '../errors';
import { COMPONENTS, isComponentId, type ComponentId } from './components';
import type { OpenNetwork } from './network';
import { NETWORKS } from './table';

export interface ConfigFile {
  /** How errors call the config. */
  file: string;
  /** The hub's config.json. */
  config: unknown;
}

/** A model's, as far as it has them. */
export type OpenNetworks = Partial<Record<ComponentId, OpenNetwork>>;

/** @throws AppError 'bad-file' or 'unsupported-model' where the config is not of a model that Gesso runs */
export function openNetwork(id: ComponentId, { file, config }: ConfigFile): OpenNetwork {
  if (isComponentId(id)) return NETWORKS[COMPONENTS[id].network].open(file, config);
  throw new AppError('unsupported-model', `${file}: Gesso has no component "${String(id)}"`);
}

/** The graph with all that any way of loading it reads. @throws AppError as `openNetwork` */
export function buildComponentGraph(id: ComponentId, config: ConfigFile, form: Target | GraphForm): BuiltGraph {
  return openNetwork(id, config).build(form);
}
