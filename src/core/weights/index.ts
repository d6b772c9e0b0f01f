export { Checkpoint } from '../checkpoints';
export * from './evaluate';
export * from './fill';
