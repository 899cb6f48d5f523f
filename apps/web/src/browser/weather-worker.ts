// Weather of the reader's own stations, off the page's thread: the forecast first, then the record of a year. Nothing is fetched and nothing sent.
import type { WeatherBacktest, WeatherModel } from '../weather/model.ts';
import { type OwnFile, ownForecast, ownNetwork, ownRecord } from '../weather/own.ts';

export type WeatherReply =
  | { readonly kind: 'forecast'; readonly model: WeatherModel; readonly noted: readonly string[] }
  /** Without a record: the files hold too few years. */
  | { readonly kind: 'record'; readonly backtest: WeatherBacktest | undefined }
  | { readonly kind: 'failed'; readonly why: string };

const tell = (reply: WeatherReply) => self.postMessage(reply);

self.addEventListener('message', ({ data }: MessageEvent<readonly OwnFile[]>) => {
  try {
    const { network, doubts } = ownNetwork(data);
    const { model, stopped } = ownForecast(
      network,
      data.map(f => f.name),
    );
    tell({ kind: 'forecast', model, noted: [...doubts, ...stopped] });
    tell({ kind: 'record', backtest: ownRecord(network) });
  } catch (error) {
    tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  }
});
