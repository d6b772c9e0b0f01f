export * from './pixels';
export * from './tiles';
