export {
  type PlaceForecast,
  type SharedRidgeFit,
  sharedRidgeForecasts,
  sharedRidgeModel,
  solveShared,
} from './model.ts';
export { eachRow, sharedRidgeEncoding, sharedRidgeRows } from './rows.ts';
export {
  checkSharedRidge,
  PRIVATE_RIDGE,
  rowBounds,
  rowsOfPlaceWeek,
  type SharedRidgeSpec,
  SUMS,
  type SumName,
  sumLength,
} from './spec.ts';
