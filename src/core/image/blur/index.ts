export { blurReach, opencvGaussian, type Sigmas } from './opencv-gaussian';
export { pillowGaussian } from './pillow-gaussian';
