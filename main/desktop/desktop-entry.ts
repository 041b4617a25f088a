/** An autostart file as the desktop entry specification has it; `command` is program and arguments. */
export function desktopEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Sallyport',
    'Comment=An authentik RAC outpost in the tray',
    'Comment[de]=Ein RAC-Outpost von authentik im Infobereich',
    `Exec=${command.map(quoted).join(' ')}`,
    'Icon=sallyport',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Quoted for `Exec`: twice escaped, as the specification asks for, and with `%` doubled. */
function quoted(argument: string): string {
  const percent = argument.replace(/%/g, '%%');
  if (/^[A-Za-z0-9_./:=@%+-]+$/.test(percent)) return percent;
  return `"${percent.replace(/([\\"`$])/g, '\\$1').replace(/\\/g, '\\\\')}"`;
}
