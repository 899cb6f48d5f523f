// What a page weighs on the wire, compressed, which fetch hides.
import { get } from 'node:http';

/** Bytes of the compressed body, and its text. */
export function transfer(url: string): Promise<{ bytes: number; text: string }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, response => {
      let bytes = 0;
      response.on('data', (d: Buffer) => {
        bytes += d.length;
      });
      response.on('end', () => {
        fetch(url)
          .then(r => r.text())
          .then(text => resolve({ bytes, text }), reject);
      });
    }).on('error', reject);
  });
}
