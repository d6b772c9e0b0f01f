export * from './patches';
export * from './pixels';
export * from './tiles';
