import { it } from 'vitest';
import { moveLargeFile } from '../integration/files/large.ts';

it('4 GiB go both ways with flat memory', () => moveLargeFile(4 * 1024 ** 3), 600_000);
