import { it } from 'vitest';
import { moveLargeFile } from './large.ts';

it('512 MiB go both ways with flat memory', () => moveLargeFile(512 * 1024 * 1024), 120_000);
