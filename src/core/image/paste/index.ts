export { alphaComposite, compositeBox } from './alpha-composite';
export { flatten, holesOf, shareOfHoles, WHITE } from './flatten';
export { layColour, type Colour, type Stroke } from './lay-colour';
export { orient, type Orientation } from './orient';
export { pasteBack, type PasteBackOptions } from './paste-back';
export { fromPlanes, toPlanes } from './planes';
