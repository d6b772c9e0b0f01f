export { floatToHalf, halfToFloat } from './half';
export * from './incomplete-beta';
export * from './join-floats';
export * from './linspace';
export * from './round-half-even';
export * from './sha256';
export * from './standard-deviation';
export * from './transposed';
