/** How something is; each has a shape of its own, so that colour only repeats it. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'off' | 'leaving';
