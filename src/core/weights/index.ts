export * from './branch-weights';
export * from './choose-bits';
export * from './evaluate';
export * from './fill';
export * from './merged-weights';
export * from './palette';
export * from './quantise';
export * from './stored-form';
