export * from './pixels';
