// A hub in this process on a folder of its own, with four founding members whose keys the test holds.
import { hubClient } from '@madang/api';
import {
  type BlobStore,
  cosignCheckpoint,
  encodePublicKey,
  formatSignatureLine,
  fromUtf8,
  generateHybridKey,
  generateNoteKeys,
  type HybridKey,
  type Json,
  mergeSignatures,
  type NoteKeys,
  parseCheckpoint,
  parseNote,
  signStatement,
  softwareSigner,
  utf8,
} from '@madang/trust';
import { tempFolder } from '../../../../scripts/temp-folder.ts';
import { hubApp } from '../http/app.ts';
import { type Hub, openHub } from '../hub.ts';

const ORIGIN = 'test/hub';
const ORGS = [
  ['alpha', 'organisation', 'CH'],
  ['beta', 'organisation', 'FR'],
  ['gamma', 'bank', 'US'],
  ['delta', 'bank', 'PH'],
] as const;

export class Fixture {
  readonly folder = tempFolder('madang-hub-');
  readonly logNotes = generateNoteKeys(ORIGIN, 'log');
  readonly logKey = generateHybridKey();
  readonly roots = new Map<string, HybridKey>(ORGS.map(([org]) => [org, generateHybridKey()]));
  readonly nodes = new Map<string, HybridKey>(ORGS.map(([org]) => [org, generateHybridKey()]));
  readonly witnesses: ReadonlyMap<string, NoteKeys> = new Map(
    ORGS.map(([org]) => [org, generateNoteKeys(`${org}/replay-witness`, 'witness')]),
  );
  readonly logged: string[] = [];
  clock = 1_800_000_000;
  /** How far the clock was set, and did not run. */
  set = 0;
  hub!: Hub;

  async open(
    o: {
      databaseUrl?: string | undefined;
      rebuild?: boolean;
      trustDisk?: boolean;
      store?: (store: BlobStore) => BlobStore;
    } = {},
  ): Promise<Hub> {
    this.hub = await openHub({
      folder: this.folder,
      origin: ORIGIN,
      operator: 'hub',
      logNotes: this.logNotes,
      timeSigner: softwareSigner(this.logKey),
      ...(o.databaseUrl ? { databaseUrl: o.databaseUrl } : {}),
      rebuild: o.rebuild ?? false,
      trustDisk: o.trustDisk ?? false,
      ...(o.store ? { wrapStore: o.store } : {}),
      now: () => this.clock,
      uptime: () => this.clock - this.set,
      log: line => this.logged.push(line),
    });
    return this.hub;
  }

  /** A client over the app itself, without a socket. */
  client(org?: string) {
    const app = hubApp(this.hub);
    const send = ((url: string, init?: RequestInit) => app.request(url, init)) as typeof fetch;
    const key = org === undefined ? undefined : this.nodes.get(org);
    return hubClient(
      'http://hub.test',
      send,
      org && key ? { org, signer: softwareSigner(key), nowSeconds: () => this.clock } : undefined,
    );
  }

  founding(): Promise<Uint8Array> {
    const body = {
      origin: ORIGIN,
      rules: 1,
      operator: 'hub',
      logKey: encodePublicKey(this.logKey.publicKey),
      logNotes: { ...this.logNotes.vkeys },
      time: this.clock,
      founders: ORGS.map(([org, seat, home]) => ({
        org,
        name: `The ${org}`,
        seat,
        home,
        roles: [],
        root: encodePublicKey(this.roots.get(org)!.publicKey),
        witness: { ...this.witnesses.get(org)!.vkeys },
      })),
    };
    const signers = ORGS.map(([org]) => softwareSigner(this.roots.get(org)!));
    return signStatement(
      { kind: 'root.found', org: 'alpha', body: body as unknown as { [key: string]: Json } },
      signers,
    );
  }

  /** A statement by a member's root key, on what the log shows now. */
  statement(org: string, kind: string, body: { [key: string]: Json }): Promise<Uint8Array> {
    const { size, root } = this.hub.log.published!;
    const seen = { size, root: Buffer.from(root).toString('hex') };
    return signStatement({ kind, org, body, seen, until: this.clock + 3600 }, [softwareSigner(this.roots.get(org)!)]);
  }

  certifyNode(org: string): Promise<Uint8Array> {
    const key = encodePublicKey(this.nodes.get(org)!.publicKey) as unknown as Json;
    return this.statement(org, 'member.key', { keys: [{ use: 'node', key, until: this.clock + 86_400 }] });
  }

  /** Cosigns the newest checkpoint as these witnesses. */
  async cosign(orgs: readonly string[], at: Uint8Array = this.hub.log.checkpoint()): Promise<void> {
    const { size } = parseCheckpoint(parseNote(at).text);
    for (const org of orgs) await this.hub.cosign(org, size, this.lines(org, at).join('\n'));
  }

  /** A witness's two lines for a checkpoint. */
  lines(org: string, at: Uint8Array): string[] {
    const checkpoint = parseCheckpoint(parseNote(at).text);
    return cosignCheckpoint(checkpoint, this.witnesses.get(org)!, this.clock).map(formatSignatureLine);
  }

  async founded(o: Parameters<Fixture['open']>[0] = {}): Promise<void> {
    await this.open(o);
    await this.client().submit(await this.founding());
    await this.client().submit(await this.certifyNode('alpha'));
    await this.client().submit(await this.certifyNode('beta'));
  }

  /** A checkpoint as a witness that stands there states it now. */
  restated(org: string, checkpoint: Uint8Array): Uint8Array {
    const lines = cosignCheckpoint(parseCheckpoint(parseNote(checkpoint).text), this.witnesses.get(org)!, this.clock);
    return mergeSignatures(checkpoint, lines);
  }

  text(bytes: Uint8Array): string {
    return fromUtf8(bytes);
  }

  bytes(text: string): Uint8Array {
    return utf8(text);
  }
}
