// What the first page is drawn from.
import type { FiguresSource, OverallScore, PlaceForecasts, WarnedWeek } from './forecast.ts';
import type { EntryLine } from './log.ts';
import type { MemberLine } from './member.ts';
import type { StudyModel } from './study.ts';

export interface TodayModel {
  /** Regions that the reader's browser asks pages for, e.g. `FR`; their forecast comes first. */
  readonly regions: readonly string[];
  readonly targets: readonly { readonly target: string; readonly places: readonly PlaceForecasts[] }[];
  /** Days of all published forecasts, oldest first, and the one that the page shows. */
  readonly days: readonly string[];
  readonly day: string;
  /** Score of all forecasts shown for the first target, where this hub has public figures. */
  readonly score?: OverallScore;
  /** The early warnings of the same forecasts. */
  readonly warned?: readonly WarnedWeek[];
  readonly figures?: FiguresSource;
  readonly study?: StudyModel;
  readonly members: readonly MemberLine[];
  readonly recent: readonly EntryLine[];
  /** Forecast files that the log names and this hub does not have or cannot read. */
  readonly unreadable: number;
}
