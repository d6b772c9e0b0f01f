export * from './pixels';
export * from './join-edges';
export * from './tiles';
