// What a study of several met services needs of this package: the agreed design, a member's rounds, its forecasts; and a made-up network to try it on.
export { dailyCsv, madeUpNetwork } from '../simulate.ts';
export { checkDesign, landmarksOf, ownNetwork, type WeatherDesign } from './design.ts';
export {
  CHECKS,
  checkLength,
  checkNumbers,
  distanceBlock,
  forecastOwn,
  type Member,
  makeMember,
  mostCheckNumber,
  mostDistanceNumber,
  releaseOwn,
} from './member.ts';
