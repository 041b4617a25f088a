/** What the core and the app say of the vault and the keys of secrets, in German; see `de-sentences.ts`. */
export const VAULT_DE: Readonly<Record<string, string>> = {
  'The vault is locked.': 'Der Tresor ist gesperrt.',
  'Unlock it first.': 'Entsperren Sie ihn zuerst.',
  'There is no vault yet.': 'Es gibt noch keinen Tresor.',
  'Make one in the settings, or with `sallyport vault create`.':
    'Legen Sie einen in den Einstellungen an, oder mit `sallyport vault create`.',
  'There is a vault already.': 'Es gibt schon einen Tresor.',
  'That is not the passphrase of the vault.': 'Das ist nicht die Passphrase des Tresors.',
  'Try again; the wait grows with each wrong one.':
    'Versuchen Sie es noch einmal; die Wartezeit wächst mit jeder falschen.',
  'The passphrase was wrong {count} {times}; the next try has to wait for {seconds} s.':
    'Die Passphrase war {count}-mal falsch; der nächste Versuch muss {seconds} s warten.',
  'Wait, then try again.': 'Warten Sie, und versuchen Sie es dann noch einmal.',
  'The passphrase is shorter than {count} characters.': 'Die Passphrase ist kürzer als {count} Zeichen.',
  'The passphrase is longer than {count} characters.': 'Die Passphrase ist länger als {count} Zeichen.',
  'Take several words that do not belong together: length is what counts.':
    'Nehmen Sie mehrere Wörter, die nicht zusammengehören: Auf die Länge kommt es an.',
  'The key file {path} is missing.': 'Die Schlüsseldatei {path} fehlt.',
  'Bring the file back, or the disk that it lies on.':
    'Bringen Sie die Datei zurück, oder den Datenträger, auf dem sie liegt.',
  'Without it nobody can open what the vault holds.': 'Ohne sie kann niemand öffnen, was im Tresor liegt.',
  'The path of the key file is not a whole one.': 'Der Pfad der Schlüsseldatei ist nicht vollständig.',
  'Give it from the root on, such as /media/usb/sallyport.key.':
    'Geben Sie ihn von der Wurzel an, etwa /media/usb/sallyport.key.',
  'There is no such credential in the vault.': 'Solche Zugangsdaten gibt es im Tresor nicht.',
  'It may have been removed; see the list of credentials.':
    'Vielleicht wurden sie entfernt; sehen Sie in die Liste der Zugangsdaten.',
  'The vault was locked while it was being opened.': 'Der Tresor wurde gesperrt, während er geöffnet wurde.',
  'Unlock it again.': 'Entsperren Sie ihn noch einmal.',
  'The recording is sealed, and the vault that opens it is locked.':
    'Die Aufzeichnung ist verschlüsselt, und der Tresor, der sie öffnet, ist gesperrt.',
  'Unlock the vault first.': 'Entsperren Sie zuerst den Tresor.',

  // Credentials that cannot be kept.
  'The credential has no name.': 'Die Zugangsdaten haben keinen Namen.',
  'Give it one by which you know it again.': 'Geben Sie ihnen einen, an dem Sie sie wiedererkennen.',
  'The credential holds nothing.': 'Die Zugangsdaten enthalten nichts.',
  'Give a user name, a password or a private key.':
    'Geben Sie einen Benutzernamen, ein Passwort oder einen privaten Schlüssel an.',
  'The private key has {count} characters, and guacd reads no more than {most}.':
    'Der private Schlüssel hat {count} Zeichen, und guacd liest höchstens {most}.',
  'Make a shorter one for this host: `ssh-keygen -t ed25519`, or RSA of up to 8192 bits.':
    'Erzeugen Sie für diesen Rechner einen kürzeren: `ssh-keygen -t ed25519`, oder RSA mit bis zu 8192 Bit.',
  'The private key is in PuTTY’s format (.ppk), which guacd cannot read.':
    'Der private Schlüssel hat das Format von PuTTY (.ppk), das guacd nicht lesen kann.',
  'Convert it: in PuTTYgen load it and choose Conversions → Export OpenSSH key, or run `puttygen key.ppk -O private-openssh -o key`.':
    'Wandeln Sie ihn um: In PuTTYgen laden und Conversions → Export OpenSSH key wählen, oder `puttygen key.ppk -O private-openssh -o key` ausführen.',
  'That is the public half of a key.': 'Das ist die öffentliche Hälfte eines Schlüssels.',
  'Give the private one: the file without “.pub” at the end of its name.':
    'Geben Sie die private an: die Datei ohne „.pub“ am Ende ihres Namens.',
  'That is a certificate, not a private key.': 'Das ist ein Zertifikat, kein privater Schlüssel.',
  'Give the key that belongs to it.': 'Geben Sie den Schlüssel an, der dazugehört.',
  'The private key is in the format of ssh.com, which guacd cannot read.':
    'Der private Schlüssel hat das Format von ssh.com, das guacd nicht lesen kann.',
  'Convert it with `ssh-keygen -i -f key`.': 'Wandeln Sie ihn mit `ssh-keygen -i -f key` um.',
  'That is no private key.': 'Das ist kein privater Schlüssel.',
  'Give the whole file, from “-----BEGIN … PRIVATE KEY-----” to “-----END … PRIVATE KEY-----”.':
    'Geben Sie die ganze Datei an, von „-----BEGIN … PRIVATE KEY-----“ bis „-----END … PRIVATE KEY-----“.',
  'The private key is encrypted with {cipher}, which guacd cannot open.':
    'Der private Schlüssel ist mit {cipher} verschlüsselt, und das kann guacd nicht öffnen.',
  'Encrypt it another way: `ssh-keygen -p -Z aes256-ctr -f key`.':
    'Verschlüsseln Sie ihn anders: `ssh-keygen -p -Z aes256-ctr -f key`.',
  'The private key lives on a security key, which guacd cannot ask.':
    'Der private Schlüssel liegt auf einem Sicherheitsschlüssel, den guacd nicht fragen kann.',
  'Use a key of its own for this host.': 'Nehmen Sie für diesen Rechner einen eigenen.',
  'Nobody can log in by SSH with a key of the kind {type}.':
    'Mit einem Schlüssel der Art {type} kann sich niemand per SSH anmelden.',
  'Make one: `ssh-keygen -t ed25519`.': 'Erzeugen Sie einen: `ssh-keygen -t ed25519`.',
  'That is not the passphrase of the private key.': 'Das ist nicht die Passphrase des privaten Schlüssels.',
  'Try again, or leave it out and be asked.':
    'Versuchen Sie es noch einmal, oder lassen Sie sie weg und werden gefragt.',
  'The private key is damaged: what stands between its first and its last line cannot be read.':
    'Der private Schlüssel ist beschädigt: Was zwischen der ersten und der letzten Zeile steht, ist nicht lesbar.',
  'Copy the whole file again.': 'Kopieren Sie die ganze Datei noch einmal.',
};
