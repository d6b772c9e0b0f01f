export * from './branch-weights';
export * from './evaluate';
export * from './fill';
export * from './quantise';
export * from './stored-form';
