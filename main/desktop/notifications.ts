import { Notification } from 'electron';

export interface Told {
  readonly title: string;
  readonly body: string;
}

/** Tells by the system's notifications, where it has some; a click opens what `onClick` opens. */
export function tell({ title, body }: Told, icon: string, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body, icon });
  showing.add(notification);
  const gone = () => showing.delete(notification);
  notification.once('click', () => {
    gone();
    onClick();
  });
  notification.once('close', gone);
  notification.show();
  if (showing.size > MAX_SHOWING) for (const oldest of [...showing].slice(0, 1)) showing.delete(oldest);
}

/** One that is collected as garbage hears no click. */
const showing = new Set<Notification>();
const MAX_SHOWING = 20;
