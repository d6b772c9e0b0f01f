export * from './graph';
export * from './image-ops';
export * from './ops';
export * from './print';
export * from './serialise';
export * from './weight-expr';
