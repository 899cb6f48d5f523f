// RFC 6962 inclusion and consistency proofs, good and tampered, in the form of transparency-dev/merkle's test data. Every JSON file
// of the folder is read; a case is known by its fields, and `wantErr` says whether it must be refused.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBase64, verifyConsistency, verifyInclusion } from '@madang/trust';
import { type SuiteResult, Tally } from '../suite.ts';

interface Case {
  readonly desc: string;
  readonly wantErr: boolean;
  readonly file?: string;
  readonly proof: readonly string[] | null;
  readonly root?: string | null;
  readonly leafHash?: string | null;
  readonly leafIdx?: number;
  readonly treeSize?: number;
  readonly size1?: number;
  readonly size2?: number;
  readonly root1?: string | null;
  readonly root2?: string | null;
}

export async function merkleSuite(folder: string): Promise<SuiteResult> {
  const tally = new Tally();
  for (const file of readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()) {
    let cases: Case[];
    try {
      const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case | Case[];
      cases = Array.isArray(content) ? content : [content];
    } catch {
      tally.unreadable.push(file);
      continue;
    }
    for (const [i, item] of cases.entries()) {
      const name = `${file} ${item.file ?? i}: ${item.desc}`;
      if (typeof item.wantErr !== 'boolean') tally.unreadable.push(name);
      else if ('leafIdx' in item) await tally.try(name, () => checkInclusion(item) === !item.wantErr);
      else if ('size1' in item) await tally.try(name, () => checkConsistency(item) === !item.wantErr);
      else tally.unsupported.push(name);
    }
  }
  return tally;
}

const bytes = (text: string | null | undefined) => fromBase64(text ?? '');

function checkInclusion({ leafHash, leafIdx, treeSize, proof, root }: Case): boolean {
  return verifyInclusion(bytes(leafHash), leafIdx!, treeSize!, (proof ?? []).map(bytes), bytes(root));
}

function checkConsistency({ size1, size2, root1, root2, proof }: Case): boolean {
  return verifyConsistency(size1!, size2!, (proof ?? []).map(bytes), bytes(root1), bytes(root2));
}
