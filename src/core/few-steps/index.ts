export { fewStepsOf } from './few-steps';
export { DISTILLED, type FewSteps } from './table';
