export * from './bench-report';
export * from './component-flops';
export * from './count-flops';
export * from './family-configs';
export * from './random-weights';
export * from './render-report';
export * from './time-budget';
