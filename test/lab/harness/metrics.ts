import { get } from 'node:http';
import type { Lab } from './lab.ts';

/** What the outpost serves to Prometheus at this moment. */
export async function scrape(lab: Lab): Promise<string> {
  const { metrics } = await lab.status();
  if (metrics.kind !== 'listening') throw new Error(`Metrics are ${metrics.kind}.`);
  const { address } = metrics;
  return new Promise((resolve, reject) => {
    get(`http://${address}/metrics`, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

/** The value of a series, such as `sallyport_sessions{protocol="ssh"}`; undefined where there is none. */
export function sample(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
