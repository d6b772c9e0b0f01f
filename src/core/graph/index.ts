export * from './graph';
export * from './ops';
export * from './print';
export * from './serialise';
export * from './weight-expr';
