// The pages as functions from a model to a document, for whoever serves them. The browser's part is built by build.ts into dist/.
export { type CarbonAnswer, carbonAnswer, designFrom, FIELDS, startValues } from './carbon/design.ts';
export { readEvents, registerTable } from './carbon/register.ts';
export { carbonJson, carbonTable, START_PROVENANCE } from './carbon/table.ts';
export { EXAMPLE_CITE, EXAMPLE_NOTE, exampleClimate } from './climate/example.ts';
export type { Shown } from './climate/picture.ts';
export { planFrom } from './climate/plan.ts';
export { type ClimateTables, climateRun } from './climate/run.ts';
export { idleValues, leversOf, SLIDERS, valuesFrom } from './climate/sliders.ts';
export { climateFile, climateProvenance, climateTable } from './climate/table.ts';
export { type GridAnswer, gridAnswer } from './energy/answer.ts';
export { EXAMPLE_CASE, EXAMPLE_NAME } from './energy/example.ts';
export { overallOf, scoreOf } from './forecast/score.ts';
export { warnedWeeks } from './forecast/warnings.ts';
export type {
  Assets,
  ChargeLine,
  DataKind,
  EntryLine,
  EntryModel,
  Fan,
  FanEvidence,
  FanPoint,
  FiguresSource,
  LedgerLine,
  LogBrief,
  LogModel,
  MemberLine,
  MemberModel,
  Observation,
  Outcome,
  OverallScore,
  PlaceEvidence,
  PlaceForecasts,
  RoundLine,
  Site,
  StatusModel,
  StudyLine,
  StudyModel,
  TodayModel,
} from './models.ts';
export { drawCarbon } from './pages/carbon.ts';
export { type ClimateModel, drawClimate } from './pages/climate.ts';
export { type ComputeModel, drawCompute, SHOWN_JOBS } from './pages/compute.ts';
export { drawEnergy } from './pages/energy.ts';
export { type Around, drawForecast, forecastFrame } from './pages/forecast.ts';
export { drawEntry, drawLog } from './pages/log.ts';
export { drawMember, drawMembers } from './pages/members.ts';
export { drawRegister, EXAMPLE_EVENTS, EXAMPLE_REGISTER } from './pages/register.ts';
export { drawStandalone, type StandaloneParts } from './pages/standalone.ts';
export { drawNotFound, drawStatus } from './pages/status.ts';
export { drawStudies, drawStudy } from './pages/studies.ts';
export { drawToday } from './pages/today.ts';
export { drawVerify } from './pages/verify.ts';
export { drawWeather } from './pages/weather.ts';
export { simulatedWeather } from './weather/example.ts';
export type { WeatherBacktest, WeatherModel } from './weather/model.ts';
export { weatherTable } from './weather/table.ts';
