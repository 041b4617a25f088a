import type Guacamole from 'guacamole-common-js';
import { expect, it } from 'vitest';
import { FileDesk } from '../../../renderer/viewer/files/file-desk.ts';
import { Transfers } from '../../../renderer/viewer/files/transfers.ts';

/** A file system as guacd offers it, which answers nothing. */
class Filesystem {
  readonly asked: string[] = [];
  readonly sent: string[] = [];
  onundefine: (() => void) | null = null;
  readonly requestInputStream = (path: string) => void this.asked.push(path);
  readonly createOutputStream = (_: string, path: string) => {
    this.sent.push(path);
    return { sendBlob: () => {}, sendEnd: () => {}, onack: null };
  };
}

it('a drive and SFTP are shown one at a time, and files go where one is', () => {
  const desk = new FileDesk({
    client: {} as Guacamole.Client,
    transfers: new Transfers(),
    save: async () => null,
  });
  const drive = new Filesystem();
  const sftp = new Filesystem();
  const offer = (filesystem: Filesystem, name: string) =>
    desk.offerFilesystem(filesystem as unknown as Guacamole.Object, name);
  offer(drive, 'Drive');
  offer(sftp, '/home/alice');
  expect(desk.places.value.map(({ name }) => name)).toEqual(['Drive', '/home/alice']);
  expect(desk.place.value?.name).toBe('Drive');
  desk.open('/Documents');
  expect([drive.asked, sftp.asked]).toEqual([['/Documents'], []]);
  desk.show(desk.places.value[1] ?? null);
  expect(sftp.asked).toEqual(['/']);
  desk.upload([new File(['x'], 'a.txt')]);
  expect([drive.sent, sftp.sent]).toEqual([[], ['/a.txt']]);
  // The machine takes one of them away.
  sftp.onundefine?.();
  expect(desk.place.value?.name).toBe('Drive');
  expect(drive.asked).toEqual(['/Documents', '/']);
  drive.onundefine?.();
  expect(desk.place.value).toBeNull();
});
