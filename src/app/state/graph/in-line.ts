/** All that the line and the gallery need for workflows, fetched together with the first that comes to its turn. */
export { deliverGraph } from './deliver-graph';
export { graphAgain } from './graph-again';
export { graphInputs } from './graph-inputs';
export { runGraph } from './run-graph';
