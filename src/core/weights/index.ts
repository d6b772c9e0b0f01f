export * from './branch-weights';
export * from './evaluate';
export * from './fill';
export * from './merged-weights';
export * from './quantise';
export * from './stored-form';
