/** For runs of workflows that nothing controls. */
import type { Controls } from '../models/loaded-controls';

const none = (): Promise<never> => Promise.reject(new RangeError('this run has no ControlNets'));

export const NO_CONTROLS: Controls = {
  revisionOf: none,
  towersRevision: () => Promise.resolve(''),
  nameOf: (id) => id,
  get: none,
  towerFor: none,
  annotatorFor: none,
  hasAnnotator: () => false,
  retain: () => Promise.resolve(),
  release: () => Promise.resolve(),
};
