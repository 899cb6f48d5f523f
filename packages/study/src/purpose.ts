// Purposes in words. Statements name them by their term of the Data Use Ontology (GA4GH DUO, release 2021-02-23, CC BY 4.0; Lawson et al., Cell Genomics
// 1, 2021), the steward and the public read its label: the permissions that a dataset can carry, and the kinds of research that a request can be for.
const LABELS: Readonly<Record<string, string>> = {
  '0000004': 'no restriction',
  '0000006': 'health or medical or biomedical research',
  '0000007': 'disease specific research',
  '0000011': 'population origins or ancestry research only',
  '0000031': 'method development',
  '0000032': 'population research',
  '0000033': 'ancestry research',
  '0000034': 'age category research',
  '0000035': 'gender category research',
  '0000036': 'research control',
  '0000037': 'biomedical research',
  '0000038': 'genetic research',
  '0000039': 'drug development research',
  '0000040': 'disease category research',
  '0000042': 'general research use',
  '0000043': 'clinical care use',
};

/** A purpose for a reader: `disease specific research (DUO:0000007)`, or as the statement has it where the table above has no such term. */
export function purposeInWords(purpose: string): string {
  const term = /^DUO:(\d{7})$/.exec(purpose)?.[1];
  return term !== undefined && Object.hasOwn(LABELS, term) ? `${LABELS[term]} (${purpose})` : purpose;
}
